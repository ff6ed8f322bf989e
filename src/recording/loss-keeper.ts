import type { LossCause } from '../catalogue/causes.ts';
import type { Loss } from '../catalogue/changes.ts';
import { type Clock, SECOND_US } from '../lib/clock.ts';
import type { StreamRef } from '../lib/ids.ts';
import type { FragmentLoss } from './source.ts';

/** Where losses are written down. Fire and forget; the catalogue makes them durable. */
export interface LossLog {
  lossFound(stream: StreamRef, loss: Loss): void;
}

/**
 * Sums what the fragments of one stream lack, so that a bad network leaves a row a moment and not one a
 * fragment. Nothing is rounded away: per cause, the sum of the records is the sum of what was told.
 */
export interface LossKeeper {
  /** Something is missing from footage that lies, or would have lain, at from … to. */
  lost(loss: FragmentLoss | undefined, fromUs: number, toUs: number): void;
  /** To be called a few times a second: what has stopped is written down. */
  tick(): void;
  /** Writes down what stands open: the run or the recording has ended. */
  close(): void;
}

/** No record covers more; the catalogue refuses a longer one. */
const LONGEST_US = 10 * SECOND_US;
/** A record ends when nothing is missing for this long. */
const QUIET_US = SECOND_US;

export function createLossKeeper(stream: StreamRef, clock: Clock, log: LossLog): LossKeeper {
  const open = new Map<LossCause, { sum: Loss; lastMonoUs: number }>();

  const close = (cause: LossCause) => {
    const standing = open.get(cause);
    if (standing) log.lossFound(stream, standing.sum);
    open.delete(cause);
  };

  return {
    lost(loss, fromUs, endUs) {
      if (!loss || (loss.missingPackets === 0 && loss.damagedFrames === 0)) return;
      const { cause } = loss;
      // A fragment longer than a record: what is missing lies at its beginning or before it.
      const toUs = Math.min(Math.max(fromUs, endUs), fromUs + LONGEST_US);
      const standing = open.get(cause)?.sum;
      const joined = standing && join(standing, fromUs, toUs);
      if (!joined) close(cause);
      const sum = joined ?? { fromUs, toUs, missingPackets: 0, damagedFrames: 0, cause };
      open.set(cause, {
        sum: {
          ...sum,
          missingPackets: sum.missingPackets + loss.missingPackets,
          damagedFrames: sum.damagedFrames + loss.damagedFrames,
        },
        lastMonoUs: clock.monoUs(),
      });
    },
    tick() {
      const nowUs = clock.monoUs();
      for (const [cause, { lastMonoUs }] of open) if (nowUs - lastMonoUs >= QUIET_US) close(cause);
    },
    close() {
      for (const cause of open.keys()) close(cause);
    },
  };
}

/** The record stretched over from … to; undefined: too far from it. Either may come first, clocks are set. */
function join(sum: Loss, fromUs: number, toUs: number): Loss | undefined {
  const stretched = { ...sum, fromUs: Math.min(sum.fromUs, fromUs), toUs: Math.max(sum.toUs, toUs) };
  const quietUs = Math.max(fromUs - sum.toUs, sum.fromUs - toUs);
  return quietUs < QUIET_US && stretched.toUs - stretched.fromUs <= LONGEST_US ? stretched : undefined;
}
