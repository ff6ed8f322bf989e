import { useEffect, useRef, useState } from 'preact/hooks';
import { after } from '../../../app/clock.ts';
import { askTimeline } from '../api.ts';
import { type Lanes, lanesOf } from './lanes.ts';
import { bucketSecondsOf, isOfDays, spanOf, type View } from './view.ts';

const SETTLED_MS = 120;
const LONGEST_US = 8 * 86_400_000_000;
/** What goes on being recorded is asked for again so often. */
const AGAIN_MS = 30_000;

/**
 * What is recorded around what is to be seen; asked for again when the view leaves it or goes nearer. What was known
 * stays until then, so that nothing flickers.
 */
export function useLanes(cameras: readonly string[], view: View): Lanes | undefined {
  const [known, setKnown] = useState<Lanes>();
  /** Of how many seconds ago, in rounds: what is known is asked for again. */
  const [round, setRound] = useState(0);
  const of = useRef(round);
  const bucketSeconds = bucketSecondsOf(view);
  const isKnown =
    known !== undefined &&
    of.current === round &&
    known.bucketUs === bucketSeconds * 1e6 &&
    known.fromUs <= view.fromUs &&
    known.toUs >= view.toUs;
  const key = isOfDays(view) ? 'days' : isKnown ? 'known' : `${view.fromUs} ${view.toUs}`;
  useEffect(() => {
    if (key === 'days' || key === 'known') return;
    const aborting = new AbortController();
    const marginUs = Math.min(spanOf(view), (LONGEST_US - spanOf(view)) / 2 - 1);
    const whole = (us: number) => Math.floor(us / 1e6) * 1e6;
    const asked = {
      cameras,
      fromUs: Math.max(0, whole(view.fromUs - marginUs)),
      toUs: whole(view.toUs + marginUs) + 1e6,
      bucketSeconds,
    };
    const cancel = after(SETTLED_MS, () => {
      askTimeline(asked, aborting.signal).then(
        (timeline) => {
          of.current = round;
          setKnown(lanesOf(timeline));
        },
        // Asked for again with the next round: a timeline without its bars is still one to go along.
        () => undefined,
      );
    });
    return () => {
      cancel();
      aborting.abort();
    };
  }, [key, round, bucketSeconds]);
  useEffect(() => after(AGAIN_MS, () => setRound(round + 1)), [round]);
  return known;
}
