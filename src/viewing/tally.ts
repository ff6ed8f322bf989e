import { SECOND_US } from '../lib/clock.ts';
import type { StreamKind } from '../lib/ids.ts';

/** A stretch of footage that was handed out. Instants: µs UTC. */
export interface HandedOut {
  readonly camera: string;
  readonly stream: StreamKind;
  /** The footage's own time. */
  readonly fromUs: number;
  readonly toUs: number;
  readonly bytes: number;
  /** When it was handed out. */
  readonly startedUs: number;
  readonly endedUs: number;
}

/** What was handed out since it was last entered, in stretches: one that was jumped over was not seen. */
export interface Tally {
  add(part: HandedOut): void;
  readonly stretches: readonly HandedOut[];
  clear(): void;
}

/** What follows the stretch before within this time belongs to it. */
const SEAM_US = SECOND_US;
/** More jumps than this between two entries are told as one stretch from there on. */
const MOST_STRETCHES = 200;

/** @param begun what an earlier process left */
export function createTally(begun: readonly HandedOut[] = []): Tally {
  const stretches = [...begun];
  const indexOf = ({ camera, stream, fromUs, toUs }: HandedOut) => {
    const of = (known: HandedOut) => known.camera === camera && known.stream === stream;
    const near = stretches.findLastIndex(
      (known) => of(known) && fromUs <= known.toUs + SEAM_US && toUs >= known.fromUs - SEAM_US,
    );
    return near >= 0 || stretches.length < MOST_STRETCHES ? near : stretches.findLastIndex(of);
  };
  return {
    add(part) {
      const at = indexOf(part);
      const known = stretches[at];
      if (!known) stretches.push(part);
      else
        stretches[at] = {
          ...known,
          fromUs: Math.min(known.fromUs, part.fromUs),
          toUs: Math.max(known.toUs, part.toUs),
          bytes: known.bytes + part.bytes,
          endedUs: Math.max(known.endedUs, part.endedUs),
        };
    },
    get stretches() {
      return stretches;
    },
    clear() {
      stretches.length = 0;
    },
  };
}
