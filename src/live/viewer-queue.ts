import { type Clock, SECOND_US } from '../lib/clock.ts';

/**
 * What a piece is to somebody who lost others: `head`, needed before any picture and never dropped (small, one at
 * each start of a source); `key`, a picture to go on from; `rest`, one that needs those before it.
 */
export type PieceKind = 'head' | 'key' | 'rest';

/** What waits for one viewer, bounded: who is slow loses whole groups of pictures, oldest first, and is cut at last. */
export interface ViewerQueue {
  push(bytes: Buffer, kind: PieceKind): void;
  /** All that waits, at most 256 kB unless one piece alone is larger; waits while there is nothing. Undefined: ended. */
  next(): Promise<Buffer | undefined>;
  /** Nothing more is given out, not even what waits. */
  end(): void;
  /** It took nothing for ten seconds although something waited. */
  readonly stuck: boolean;
  readonly waitingBytes: number;
  /** Taken by the viewer. */
  readonly bytes: number;
  /** What it lost because it was slow. */
  readonly dropped: { readonly groups: number; readonly bytes: number };
}

const MOST_WAITING_BYTES = 4 * 1024 * 1024;
const MOST_AT_ONCE_BYTES = 256 * 1024;
const STUCK_US = 10 * SECOND_US;

export function createViewerQueue(clock: Pick<Clock, 'monoUs'>): ViewerQueue {
  let waiting: { readonly bytes: Buffer; readonly kind: PieceKind }[] = [];
  let waitingBytes = 0;
  let tookUs = clock.monoUs();
  /** The beginning of the group that is coming in is gone: the rest of it would decode to garbage. */
  let groupIsBroken = false;
  let ended = false;
  let wake: (() => void) | undefined;
  let bytes = 0;
  const dropped = { groups: 0, bytes: 0 };

  const dropOldest = () => {
    while (waitingBytes > MOST_WAITING_BYTES) {
      const from = waiting.findIndex(({ kind }) => kind !== 'head');
      if (from < 0) return;
      const length = waiting.slice(from + 1).findIndex(({ kind }) => kind !== 'rest');
      const gone = waiting.splice(from, length < 0 ? waiting.length : length + 1);
      const lost = gone.reduce((sum, { bytes }) => sum + bytes.length, 0);
      waitingBytes -= lost;
      dropped.bytes += lost;
      dropped.groups += 1;
      groupIsBroken = length < 0;
    }
  };
  const take = (): Buffer => {
    const taken: Buffer[] = [];
    let length = 0;
    do {
      const piece = waiting.shift();
      if (!piece) break;
      taken.push(piece.bytes);
      length += piece.bytes.length;
    } while (waiting[0] && length + waiting[0].bytes.length <= MOST_AT_ONCE_BYTES);
    waitingBytes -= length;
    bytes += length;
    return taken.length === 1 ? (taken[0] as Buffer) : Buffer.concat(taken, length);
  };

  return {
    push(piece, kind) {
      if (ended) return;
      if (kind === 'key') groupIsBroken = false;
      if (groupIsBroken && kind === 'rest') {
        dropped.bytes += piece.length;
        return;
      }
      if (waiting.length === 0) tookUs = clock.monoUs();
      waiting.push({ bytes: piece, kind });
      waitingBytes += piece.length;
      dropOldest();
      wake?.();
    },
    async next() {
      while (!ended && waiting.length === 0)
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      wake = undefined;
      if (ended) return undefined;
      tookUs = clock.monoUs();
      return take();
    },
    end() {
      ended = true;
      waiting = [];
      waitingBytes = 0;
      wake?.();
    },
    get stuck() {
      return waiting.length > 0 && clock.monoUs() - tookUs > STUCK_US;
    },
    get waitingBytes() {
      return waitingBytes;
    },
    get bytes() {
      return bytes;
    },
    dropped,
  };
}
