import { MalformedMedia } from './boxes.ts';
import { PRODUCER_TIME_BYTES } from './producer-time.ts';

export interface SplitterEvents {
  /** `ftyp` and `moov`: what a decoder needs before the first fragment. */
  init(bytes: Buffer): void;
  /** Room for a `prft` box, then `moof` and `mdat`, whole, in memory of its own. */
  fragment(framed: Buffer): void;
}

/** A camera at 50 Mbit/s with a fragment of 5 s; anything above is not a fragment. */
const MAX_BOX_BYTES = 32 * 1024 * 1024;

/** The box that is being filled. */
interface Filling {
  readonly type: string;
  readonly bytes: Buffer;
  filled: number;
}

/**
 * Cuts a byte stream of fragmented MP4 into its init segment and fragments. Each byte of a picture is copied
 * once, into the buffer in which the fragment will live: chunks may be reused by the caller at once, and little
 * garbage is left for the collector at 13 cameras' worth of bytes a second.
 *
 * `push` throws {@link MalformedMedia} when the stream cannot be one; the source is then at its end.
 */
export function createSplitter(events: SplitterEvents): { push(chunk: Buffer): void } {
  const header = Buffer.alloc(8);
  let headerFilled = 0;
  let filling: Filling | undefined;
  let init: Buffer | undefined;
  let head: Buffer | undefined;

  const begin = (): Filling => {
    const size = header.readUInt32BE(0);
    const type = header.toString('latin1', 4, 8);
    if (size < 8 || size > MAX_BOX_BYTES) throw new MalformedMedia(`a box of ${size} bytes`);
    if (type === 'mdat') {
      if (!head) throw new MalformedMedia('mdat before moof');
      // Slow on purpose: a slice of a shared pool would keep the pool alive for as long as a fragment lives.
      const bytes = Buffer.allocUnsafeSlow(PRODUCER_TIME_BYTES + head.length + size);
      head.copy(bytes, PRODUCER_TIME_BYTES);
      const start = PRODUCER_TIME_BYTES + head.length;
      header.copy(bytes, start);
      return { type, bytes, filled: start + 8 };
    }
    const bytes = Buffer.allocUnsafeSlow(size);
    header.copy(bytes);
    return { type, bytes, filled: 8 };
  };

  const end = ({ type, bytes }: Filling) => {
    if (type === 'ftyp') init = bytes;
    else if (type === 'moov') {
      if (!init) throw new MalformedMedia('moov before ftyp');
      events.init(Buffer.concat([init, bytes]));
    } else if (type === 'moof') head = bytes;
    else if (type === 'mdat') {
      head = undefined;
      events.fragment(bytes);
    }
    // Others (sidx, mfra, free) say nothing that the catalogue does not know better.
  };

  return {
    push(chunk) {
      let at = 0;
      while (at < chunk.length || (filling && filling.filled === filling.bytes.length)) {
        if (!filling) {
          const part = chunk.copy(header, headerFilled, at, at + 8 - headerFilled);
          headerFilled += part;
          at += part;
          if (headerFilled < 8) return;
          headerFilled = 0;
          filling = begin();
        }
        const part = chunk.copy(filling.bytes, filling.filled, at);
        filling.filled += part;
        at += part;
        if (filling.filled < filling.bytes.length) return;
        const done: Filling = filling;
        filling = undefined;
        end(done);
      }
    },
  };
}
