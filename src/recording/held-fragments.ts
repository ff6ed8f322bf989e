import type { ReceivedFragment } from './source.ts';

/** More than this in memory for one stream, and the oldest pictures go. */
export const MOST_HELD_BYTES = 16 * 1024 * 1024;

/**
 * Fragments that the disk cannot take yet. Bounded: over the bound whole groups of pictures go, oldest first,
 * so that what is left can still be decoded.
 */
export interface HeldFragments {
  /** @returns the fragments that had to go. */
  push(fragment: ReceivedFragment): readonly ReceivedFragment[];
  shift(): ReceivedFragment | undefined;
  /** Takes the oldest back: it could not be written after all. */
  putBack(fragment: ReceivedFragment): void;
  /** @returns everything that was held. */
  clear(): readonly ReceivedFragment[];
  readonly bytes: number;
}

export function createHeldFragments(mostBytes = MOST_HELD_BYTES): HeldFragments {
  const queue: ReceivedFragment[] = [];
  let bytes = 0;
  const shift = () => {
    const first = queue.shift();
    bytes -= first?.bytes.length ?? 0;
    return first;
  };
  return {
    push(fragment) {
      queue.push(fragment);
      bytes += fragment.bytes.length;
      const dropped: ReceivedFragment[] = [];
      while (bytes > mostBytes && queue.length > 0) {
        do {
          dropped.push(shift() as ReceivedFragment);
        } while (queue[0] && !queue[0].facts.startsWithKeyFrame);
      }
      return dropped;
    },
    shift,
    putBack(fragment) {
      queue.unshift(fragment);
      bytes += fragment.bytes.length;
    },
    clear() {
      bytes = 0;
      return queue.splice(0);
    },
    get bytes() {
      return bytes;
    },
  };
}
