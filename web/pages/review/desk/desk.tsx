import { useSignalEffect } from '@preact/signals';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { useResource } from '../../../api/resource.ts';
import { nowMs } from '../../../app/clock.ts';
import { go } from '../../../app/router.tsx';
import { useWorking } from '../../../app/working.ts';
import { Button } from '../../../ui/button.tsx';
import { told, toldFault } from '../../../ui/toast.tsx';
import { askCalendar, askHolds, askMarks, askTimeline, closeViewing, usOf } from '../api.ts';
import { cameraName, type Names, purposeName } from '../names.ts';
import { begunOf } from '../purpose/begun.ts';
import { PurposeSheet } from '../purpose/sheet.tsx';
import type { Grant } from '../shapes.ts';
import { heldOf } from '../timeline/holds.ts';
import { LaneTable } from '../timeline/lane-table.tsx';
import { gapAt, type Lanes, lanesOf, movementFrom, nextFootage } from '../timeline/lanes.ts';
import { gapText, type Marks, Timeline } from '../timeline/timeline.tsx';
import { useLanes } from '../timeline/use-lanes.ts';
import type { View } from '../timeline/view.ts';
import { comesBack, toldOf } from '../told.ts';
import { words } from '../words.ts';
import { BookmarkSheet } from './bookmark-sheet.tsx';
import { Bookmarks } from './bookmarks.tsx';
import { Controls } from './controls.tsx';
import styles from './desk.module.css';
import { GoTo } from './go-to.tsx';
import { Help } from './help.tsx';
import { useIdle } from './idle.ts';
import { incidentRanges } from './incident-ranges.ts';
import { IncidentSheet } from './incident-sheet.tsx';
import type { Command } from './keys.ts';
import { createPlaying } from './playing.ts';
import { Tile } from './tile.tsx';
import { useKeys } from './use-keys.ts';
import { ViewingBar } from './viewing-bar.tsx';
import { createWatched } from './watched.ts';

interface DeskProps {
  readonly viewing: string;
  readonly grant: Grant;
  readonly names: Names;
  /** It is over, or may be: somebody has to ask. */
  readonly onEnded: () => void;
}

const BEGUN_US = 1_000_000;
const HOLDS_MS = 30_000;
const MONTH_US = 31 * 86_400_000_000;

/** Where recordings are looked at: pictures side by side on one clock, and the line of time below. */
export function Desk({ viewing, grant, names, onEnded }: DeskProps) {
  const said = words().desk;
  const range: View = useMemo(
    () => ({ fromUs: usOf(grant.from ?? ''), toUs: usOf(grant.to ?? '') }),
    [grant],
  );
  const shownLanes = useRef<Lanes>(undefined);
  const playing = useMemo(
    () =>
      createPlaying({
        viewing,
        range,
        nextFootage: (atUs) => shownLanes.current && nextFootage(shownLanes.current, atUs),
      }),
    [],
  );
  useEffect(() => () => playing.close(), [playing]);
  const watched = useMemo(() => createWatched(range), []);
  useSignalEffect(() => watched.see(playing.atUs.value));
  const cameras = useMemo(
    () => grant.cameras.map((id) => ({ id, name: cameraName(names, id) })),
    [grant, names],
  );
  const bounds: View = useMemo(() => ({ fromUs: range.toUs - MONTH_US, toUs: nowMs() * 1000 }), [range]);
  const [view, setView] = useState<View>(range);
  const lanes = useLanes(grant.cameras, view);
  shownLanes.current = lanes;
  const begins = lanes && nextFootage(lanes, range.fromUs);
  useEffect(() => {
    // A little into it: the streams of a camera do not begin at the same instant.
    if (begins !== undefined && begins > range.fromUs) playing.begin(begins + BEGUN_US);
  }, [begins === undefined]);
  const calendar = useResource(askCalendar);
  const [alone, setAlone] = useState<string>();
  const [marks, setMarks] = useState<Pick<Marks, 'inUs' | 'outUs'>>({ inUs: undefined, outUs: undefined });
  const [sheet, setSheet] = useState<'help' | 'go-to' | 'more' | 'bookmark' | 'incident'>();
  const marked = useResource((signal) => askMarks(viewing, signal), { of: [viewing] });
  const known = marked.state === 'ready' ? marked.value : undefined;
  const bookmarks = useMemo(
    () => (known ?? []).map(({ at, ...mark }) => ({ ...mark, atUs: usOf(at) })),
    [known],
  );
  const allMarks: Marks = useMemo(() => ({ ...marks, bookmarks }), [marks, bookmarks]);
  const holds = useResource(askHolds, { everyMs: HOLDS_MS });
  const listed = holds.state === 'ready' ? holds.value : undefined;
  const held = useMemo(() => heldOf(listed ?? []), [listed]);
  const [hasTable, setTable] = useState(false);
  const idle = useIdle();
  const desk = useRef<HTMLDivElement>(null);
  const ending = useWorking();
  const isOver = useRef(false);

  useEffect(() => {
    if (idle.isBlank) playing.pause();
  }, [idle.isBlank, playing]);
  useEffect(
    () => () => {
      // Whoever goes elsewhere has stopped looking; a page that is only loaded anew comes back to it.
      if (!isOver.current)
        closeViewing(viewing, 'no_finding').then(
          () => told(said.left),
          () => undefined,
        );
    },
    [],
  );

  const end = () =>
    ending.run(async () => {
      playing.pause();
      await closeViewing(viewing, 'no_finding');
      isOver.current = true;
      comesBack();
      told(said.ended);
      go('/review');
    });
  const ended = () => {
    isOver.current = true;
    playing.pause();
    onEnded();
  };
  const toMovement = async (by: 1 | -1) => {
    const asked = { cameras: grant.cameras, ...range, bucketSeconds: movementBucket(range) };
    try {
      const found = movementFrom(
        lanesOf(await askTimeline(asked, AbortSignal.timeout(10_000))),
        playing.atUs.peek(),
        by,
      );
      if (found === undefined) told(by === 1 ? said.noNext : said.noPrevious);
      else playing.seek(found);
    } catch {
      toldFault(said.movementUnknown);
    }
  };
  const run = (command: Command) => {
    switch (command.do) {
      case 'toggle':
        return playing.toggle();
      case 'pause':
        return playing.pause();
      case 'seconds':
        return playing.seek(playing.atUs.peek() + command.by * 1e6);
      case 'step':
        return playing.step(command.by);
      case 'speed':
        return playing.speedBy(command.by);
      case 'next':
        return void toMovement(1);
      case 'previous':
        return void toMovement(-1);
      case 'in':
        return setMarks((before) => ({ ...before, inUs: playing.atUs.peek() }));
      case 'out':
        return setMarks((before) => ({ ...before, outUs: playing.atUs.peek() }));
      case 'bookmark':
        playing.pause();
        return setSheet('bookmark');
      case 'go-to':
        return setSheet('go-to');
      case 'full':
        return void (document.fullscreenElement
          ? document.exitFullscreen()
          : desk.current?.requestFullscreen());
      case 'help':
        return setSheet('help');
    }
  };
  useKeys(run, !idle.isBlank && sheet === undefined);

  const purpose = purposeName(names, grant.purpose);
  const shown = cameras.filter(({ id }) => alone === undefined || id === alone);
  return (
    <div class={styles.desk} ref={desk}>
      <h1 class="only-spoken">{said.title}</h1>
      <ViewingBar
        viewing={viewing}
        purpose={purpose}
        grant={grant}
        ending={ending}
        onEnd={end}
        onIncident={() => {
          playing.pause();
          setSheet('incident');
        }}
        onMore={() => setSheet('more')}
      />
      {idle.isBlank ? (
        <div class={styles.blank}>
          <p>{said.blank}</p>
          <Button kind="primary" icon="play" onPress={idle.wake}>
            {said.wake}
          </Button>
        </div>
      ) : (
        <div class={styles.tiles} data-count={Math.min(shown.length, 13)}>
          {shown.map(({ id, name }) => (
            <Tile
              key={id}
              playing={playing}
              camera={id}
              name={name}
              alone={shown.length === 1}
              canAlone={cameras.length > 1}
              purpose={purpose}
              cause={() => {
                const gap = gapAt(
                  lanes?.lanes.find(({ camera }) => camera === id),
                  playing.atUs.peek(),
                );
                return gap && gapText(gap);
              }}
              onAlone={() => setAlone((before) => (before === undefined ? id : undefined))}
              onEnded={ended}
            />
          ))}
        </div>
      )}
      <Controls playing={playing} run={run} />
      <Timeline
        playing={playing}
        cameras={cameras}
        range={range}
        bounds={bounds}
        view={view}
        onView={setView}
        lanes={lanes}
        calendar={calendar.state === 'ready' ? calendar.value : undefined}
        marks={allMarks}
        held={held}
      />
      <Bookmarks
        bookmarks={bookmarks}
        nameOf={(camera) => cameraName(names, camera)}
        onChosen={playing.seek}
      />
      <div>
        <Button small kind="plain" expanded={hasTable} onPress={() => setTable(!hasTable)}>
          {said.table}
        </Button>
        {hasTable && (
          <LaneTable
            lanes={lanes}
            held={held}
            view={view}
            nameOf={(camera) => cameraName(names, camera)}
            onChosen={playing.seek}
          />
        )}
      </div>
      {sheet === 'help' && <Help onClose={() => setSheet(undefined)} />}
      {sheet === 'bookmark' && (
        <BookmarkSheet
          viewing={viewing}
          atUs={Math.floor(playing.atUs.peek())}
          cameras={cameras}
          camera={alone}
          onMarked={() => {
            setSheet(undefined);
            marked.reload();
            told(words().bookmarks.kept);
          }}
          onClose={() => setSheet(undefined)}
        />
      )}
      {sheet === 'incident' && (
        <IncidentSheet
          viewing={viewing}
          purpose={purpose}
          cameras={cameras}
          camera={alone}
          ranges={incidentRanges(marks, watched, range)}
          onOver={ended}
          onClose={() => setSheet(undefined)}
        />
      )}
      {sheet === 'go-to' && (
        <GoTo
          atUs={playing.atUs.peek()}
          range={range}
          onChosen={playing.seek}
          onClose={() => setSheet(undefined)}
        />
      )}
      {sheet === 'more' && (
        <PurposeSheet
          begun={{ ...begunOf(grant), ...toldOf(viewing) }}
          onClose={() => setSheet(undefined)}
          onOpened={(opened) => go(`/review/${opened}`)}
          onRequested={() => {
            setSheet(undefined);
            told(words().requested);
          }}
        />
      )}
    </div>
  );
}

/** Fine where the range is short: below a minute the server reads the index of each group of pictures. */
const movementBucket = ({ fromUs, toUs }: View): number => {
  const seconds = (toUs - fromUs) / 1e6;
  return seconds <= 7200 ? Math.max(2, Math.ceil(seconds / 9000)) : Math.max(60, Math.ceil(seconds / 9000));
};
