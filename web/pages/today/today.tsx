import { useEffect } from 'preact/hooks';
import { type Today as TodayView, todaySchema } from '../../../src/contract/today.ts';
import { get } from '../../api/client.ts';
import { useResource } from '../../api/resource.ts';
import { markPainted } from '../../app/clock.ts';
import { siteTimeText } from '../../app/site-time.ts';
import { words as frameWords } from '../../app/words.ts';
import { Icon } from '../../ui/icon.tsx';
import { PageHead } from '../../ui/page-head.tsx';
import { Loaded, Skeleton } from '../../ui/states.tsx';
import { AlarmCard } from './alarm-card.tsx';
import { Cameras } from './cameras.tsx';
import { Facts } from './facts.tsx';
import styles from './today.module.css';
import { WaitingCard } from './waiting.tsx';
import { words } from './words.ts';

const EVERY_MS = 10_000;

/** Whether all is well, in two seconds; and if not, what to do next. */
export default function Today() {
  const today = useResource((signal) => get('/api/today', todaySchema, { signal }), { everyMs: EVERY_MS });
  const isThere = today.state === 'ready';
  useEffect(() => {
    if (isThere) markPainted('today');
  }, [isThere]);
  return (
    <>
      <PageHead title={frameWords().pages.today}>
        {today.state === 'ready' ? siteTimeText(Date.parse(today.value.at), { show: 'date' }) : ' '}
      </PageHead>
      <Loaded of={today} skeleton={<Waits />}>
        {(value) => (
          <div class={styles.page}>
            <Verdict today={value} />
            {value.alarms?.worst && <AlarmCard alarms={value.alarms} onDone={today.reload} />}
            {value.waiting.length > 0 && <WaitingCard waiting={value.waiting} />}
            <Facts today={value} />
            {value.recording && value.recording.cameras.length > 0 && (
              <Cameras recording={value.recording} dayStart={value.dayStart} at={value.at} />
            )}
          </div>
        )}
      </Loaded>
    </>
  );
}

/** One line that says it all. Green is quiet: nothing shouts when nothing is wrong. */
function Verdict({ today: { recording, alarms, waiting } }: { readonly today: TodayView }) {
  const said = words();
  const silent = recording ? recording.of - recording.recording : 0;
  const [isWell, title, text] =
    recording && !recording.running
      ? [false, said.away, said.awayText]
      : recording?.of === 0
        ? [true, said.none, said.noneText]
        : silent > 0
          ? [
              false,
              said.silent({ count: silent }),
              isForWantOfRoom(recording) ? said.noRoomText : said.silentText,
            ]
          : alarms?.worst
            ? [false, said.alarmed, undefined]
            : waiting.length > 0
              ? [true, said.waiting.title, recording ? said.tasksOnly : undefined]
              : [true, said.well, recording ? said.wellText({ of: recording.of }) : said.waiting.none];
  const isGrave = silent > 0 || recording?.running === false || alarms?.worst?.severity === 'serious';
  return (
    <div
      class={`${styles.verdict} ${isWell ? styles.isWell : isGrave ? styles.isWrong : styles.isDue}`}
      role="status"
    >
      <Icon name={isWell ? 'check' : 'alarm'} size={28} />
      <div>
        <p class={styles.verdictTitle}>{title}</p>
        {text !== undefined && <p class={styles.quiet}>{text}</p>}
      </div>
    </div>
  );
}

/** Nothing at the cameras would help then. */
const isForWantOfRoom = (recording: TodayView['recording']): boolean =>
  recording?.cameras
    .filter((camera) => camera.pulled && !camera.recording)
    .every(({ gap }) => gap?.cause === 'disk') === true;

/** In the shape of what comes: a verdict, the facts, the cameras. */
const Waits = () => (
  <div class={styles.page}>
    <div class={styles.verdictBone}>
      <Skeleton lines={2} />
    </div>
    <div class={styles.factsBone}>
      <Skeleton lines={3} />
    </div>
  </div>
);
