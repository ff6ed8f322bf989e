import { useRef, useState } from 'preact/hooks';
import { useResource } from '../../api/resource.ts';
import { session } from '../../app/session.ts';
import { siteTimeText } from '../../app/site-time.ts';
import { words as frameWords } from '../../app/words.ts';
import { Button } from '../../ui/button.tsx';
import { PageHead } from '../../ui/page-head.tsx';
import { askHealth, askOutcome, type Beginning } from './api.ts';
import { EndSheet } from './end-sheet.tsx';
import { FullView } from './full-view.tsx';
import { LAYOUTS, type Layout, layoutFor } from './layouts.ts';
import { isShown } from './live/shown.ts';
import { isDirection, neighbour } from './neighbour.ts';
import { ReasonSheet } from './reason-sheet.tsx';
import { now, type Shift } from './shift.ts';
import { nameOf } from './start-sheet.tsx';
import { Tile } from './tile.tsx';
import styles from './wall.module.css';
import { words } from './words.ts';

const LOOK_MS = 10_000;

interface WatchingProps {
  readonly shift: Shift;
  readonly beginning: Beginning;
}

/** The wall while the shift is on. */
export function Watching({ shift, beginning }: WatchingProps) {
  const said = words();
  const cameras = beginning.cameras.filter(({ id }) => shift.cameras.includes(id));
  const [layout, setLayout] = useState<Layout>(layoutFor(cameras.length));
  const [first, setFirst] = useState(0);
  const [current, setCurrent] = useState<string>();
  const [enlarged, setEnlarged] = useState<string>();
  const [reason, setReason] = useState(shift.reason);
  const [isEnding, setEnding] = useState(false);
  const wall = useRef<HTMLUListElement>(null);
  const look = useDoubt(shift);
  const health = useResource(askHealth, { everyMs: LOOK_MS });
  const healthOf = (id: string) =>
    health.state === 'ready' && !health.stale ? health.value.cameras.find((one) => one.id === id) : undefined;
  const shown = cameras.slice(first, first + layout);
  const reached = shown.some(({ id }) => id === current) ? current : shown[0]?.id;
  const purpose = nameOf(beginning.purposes, shift.purpose);
  const large = cameras.find(({ id }) => id === enlarged);
  const goBack = () => {
    setEnlarged(undefined);
    // Preact draws the wall anew after this.
    queueMicrotask(() => tileOf(wall.current, enlarged)?.focus());
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape' && enlarged !== undefined) return goBack();
    if (!isDirection(event.key) || !(event.target instanceof HTMLElement) || !wall.current) return;
    const tiles = [...wall.current.querySelectorAll<HTMLElement>('[data-tile]')];
    const from = tiles.indexOf(event.target);
    const to = neighbour(
      tiles.map((tile) => tile.getBoundingClientRect()),
      from,
      event.key,
    );
    if (from < 0) return;
    event.preventDefault();
    if (to !== undefined) tiles[to]?.focus();
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys of the buttons within, which are what is focused
    <div onKeyDown={onKeyDown}>
      <PageHead
        title={frameWords().pages.wall}
        action={<Button onPress={() => setEnding(true)}>{said.end.open}</Button>}
      >
        {said.shift({ purpose, since: siteTimeText(Date.parse(shift.since)) })}
      </PageHead>
      <div class={styles.toolbar}>
        <fieldset class={styles.layouts}>
          <legend>{said.layout}</legend>
          <div class={styles.group}>
            {LAYOUTS.map((tiles) => (
              <Button
                key={tiles}
                small
                pressed={tiles === layout}
                spoken={said.layoutSpoken({ tiles })}
                onPress={() => {
                  setLayout(tiles);
                  setFirst(0);
                }}
              >
                {said.layoutOf({ tiles })}
              </Button>
            ))}
          </div>
        </fieldset>
        {cameras.length > layout && (
          <div class={styles.group}>
            <Button
              small
              icon="back"
              spoken={said.before}
              onPress={() => setFirst(Math.max(0, first - layout))}
            />
            <span class="figures" role="status">
              {said.pages({ from: first + 1, to: first + shown.length, of: cameras.length })}
            </span>
            <Button
              small
              icon="next"
              spoken={said.after}
              onPress={() => setFirst(first + layout < cameras.length ? first + layout : 0)}
            />
          </div>
        )}
      </div>
      {large && reason !== undefined && (
        <FullView
          key={large.id}
          camera={large}
          health={healthOf(large.id)}
          purpose={{ id: shift.purpose, name: purpose }}
          reason={reason}
          onBack={goBack}
        />
      )}
      {large && reason === undefined && <ReasonSheet onReason={setReason} onClose={goBack} />}
      <ul
        ref={wall}
        aria-label={said.cameras}
        class={`${styles.grid} ${large && reason !== undefined ? styles.strip : styles[`of${layout}`]}`}
      >
        {shown.map((camera) => (
          <Tile
            key={camera.id}
            camera={camera}
            health={healthOf(camera.id)}
            viewing={shift.viewing}
            purpose={purpose}
            wanted={isShown.value && session.value.state === 'somebody'}
            isCurrent={camera.id === reached}
            isEnlarged={camera.id === enlarged}
            onFocus={() => setCurrent(camera.id)}
            onEnlarge={() => setEnlarged(camera.id)}
            onDoubt={look}
          />
        ))}
      </ul>
      <p class={styles.keys}>{said.keys}</p>
      {isEnding && <EndSheet shift={shift} onClose={() => setEnding(false)} />}
    </div>
  );
}

/** Asks, once for all tiles that wonder, whether the shift is over; then nothing more is shown. */
function useDoubt(shift: Shift): () => void {
  const isAsking = useRef(false);
  return () => {
    if (isAsking.current) return;
    isAsking.current = true;
    askOutcome(shift.viewing)
      .then(
        (outcome) => {
          const still = now.peek();
          if (outcome === undefined || still.at !== 'watching' || still.shift !== shift) return;
          now.value = { at: 'over', shift, outcome };
        },
        // Server away or session over: both have their own words on screen, and the tiles go on trying.
        () => undefined,
      )
      .finally(() => {
        isAsking.current = false;
      });
  };
}

const tileOf = (wall: HTMLElement | null, camera: string | undefined): HTMLElement | null =>
  camera === undefined
    ? null
    : (wall?.querySelector<HTMLElement>(`[data-tile="${CSS.escape(camera)}"]`) ?? null);
