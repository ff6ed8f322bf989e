import type { Codec } from '../../../src/media/nal.ts';

/** How one NAL unit is to travel. */
export type Way =
  | { readonly kind: 'single' }
  | { readonly kind: 'joined' }
  | { readonly kind: 'cut'; readonly every: number };

export interface SentUnit {
  readonly bytes: Buffer;
  readonly way: Way;
}

/** Payloads of RTP packets for the units of one picture, in order; units that follow each other may be joined. */
export function payloadsOf(codec: Codec, units: readonly SentUnit[]): Buffer[] {
  const payloads: Buffer[] = [];
  let joined: Buffer[] = [];
  const flush = () => {
    if (joined.length > 0) payloads.push(aggregation(codec, joined));
    joined = [];
  };
  for (const { bytes, way } of units) {
    const header = codec === 'h264' ? 1 : 2;
    if (way.kind === 'joined' && bytes.length < 0xffff) {
      joined.push(bytes);
      continue;
    }
    flush();
    // A fragmented unit needs two pieces, and something in it.
    if (way.kind === 'cut' && bytes.length > header + 1) payloads.push(...fragments(codec, bytes, way.every));
    else payloads.push(bytes);
  }
  flush();
  return payloads;
}

/** STAP-A (RFC 6184 §5.7.1), aggregation packet (RFC 7798 §4.4.2). */
export function aggregation(codec: Codec, units: readonly Buffer[]): Buffer {
  return Buffer.concat([
    codec === 'h264' ? Buffer.from([0x78]) : Buffer.from([48 << 1, 1]),
    ...units.flatMap((unit) => {
      const length = Buffer.alloc(2);
      length.writeUInt16BE(unit.length);
      return [length, unit];
    }),
  ]);
}

/** FU-A (RFC 6184 §5.8), fragmentation units (RFC 7798 §4.4.3), of `every` bytes each. */
export function fragments(codec: Codec, unit: Buffer, every: number): Buffer[] {
  const header = codec === 'h264' ? 1 : 2;
  const body = unit.subarray(header);
  const size = Math.max(1, Math.min(every, body.length - 1));
  const pieces: Buffer[] = [];
  for (let at = 0; at < body.length; at += size) {
    const flags = (at === 0 ? 0x80 : 0) | (at + size >= body.length ? 0x40 : 0);
    pieces.push(Buffer.concat([fragmentHead(codec, unit, flags), body.subarray(at, at + size)]));
  }
  return pieces;
}

/** @param flags 0x80 begins, 0x40 ends, 0x20 reserved in H.264 */
export function fragmentHead(codec: Codec, unit: Buffer, flags: number): Buffer {
  const first = unit[0]!;
  return codec === 'h264'
    ? Buffer.from([(first & 0xe0) | 28, flags | (first & 0x1f)])
    : Buffer.from([(first & 0x81) | (49 << 1), unit[1]!, flags | ((first >> 1) & 0x3f)]);
}
