import { MalformedMedia } from './boxes.ts';

export interface SplitterEvents {
  /** `ftyp` and `moov`: what a decoder needs before the first fragment. */
  init(bytes: Buffer): void;
  /** `moof` and `mdat`, whole, in memory of its own. */
  fragment(bytes: Buffer): void;
}

/** A camera at 50 Mbit/s with a fragment of 5 s; anything above is not a fragment. */
const MAX_BOX_BYTES = 32 * 1024 * 1024;

/**
 * Cuts a byte stream of fragmented MP4 into its init segment and fragments.
 * `push` throws {@link MalformedMedia} when the stream cannot be one; the source is then at its end.
 */
export function createSplitter(events: SplitterEvents): { push(chunk: Buffer): void } {
  const pending: Buffer[] = [];
  let pendingBytes = 0;
  let wanted = 8; // bytes until the next decision: a header, then its box
  let inHeader = true;
  let init: Buffer | undefined;
  let head: Buffer | undefined;

  const take = (count: number): Buffer => {
    // A copy: slices would keep whole socket buffers alive for as long as a fragment lives.
    const out = Buffer.allocUnsafeSlow(count);
    let filled = 0;
    while (filled < count) {
      const chunk = pending[0] as Buffer;
      const part = Math.min(chunk.length, count - filled);
      chunk.copy(out, filled, 0, part);
      filled += part;
      if (part === chunk.length) pending.shift();
      else pending[0] = chunk.subarray(part);
    }
    pendingBytes -= count;
    return out;
  };

  const peekHeader = (): { size: number; type: string } => {
    const header = (pending[0] as Buffer).length >= 8 ? (pending[0] as Buffer) : Buffer.concat(pending);
    return { size: header.readUInt32BE(0), type: header.toString('latin1', 4, 8) };
  };

  const onBox = (type: string, bytes: Buffer) => {
    if (type === 'ftyp') init = bytes;
    else if (type === 'moov') {
      if (!init) throw new MalformedMedia('moov before ftyp');
      events.init(Buffer.concat([init, bytes]));
    } else if (type === 'moof') head = bytes;
    else if (type === 'mdat') {
      if (!head) throw new MalformedMedia('mdat before moof');
      events.fragment(Buffer.concat([head, bytes]));
      head = undefined;
    }
    // Others (sidx, mfra, free) say nothing that the catalogue does not know better.
  };

  return {
    push(chunk) {
      pending.push(chunk);
      pendingBytes += chunk.length;
      while (pendingBytes >= wanted) {
        const { size, type } = peekHeader();
        if (inHeader) {
          if (size < 8 || size > MAX_BOX_BYTES) throw new MalformedMedia(`a box of ${size} bytes`);
          wanted = size;
          inHeader = false;
          continue;
        }
        onBox(type, take(size));
        wanted = 8;
        inHeader = true;
      }
    },
  };
}
