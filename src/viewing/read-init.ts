import { GirokError } from '../lib/errors.ts';
import { HEADER_TYPE, readBoxHead } from '../vault/boxes.ts';
import type { SegmentReader } from '../vault/segment-reader.ts';

const MOST_INIT_BYTES = 1024 * 1024;

/**
 * `ftyp moov` of a segment, without our own box in between.
 *
 * @throws GirokError `segment_damaged`
 */
export async function readInit(reader: SegmentReader): Promise<Buffer> {
  const parts: Buffer[] = [];
  for (let at = 0; parts.length < 2; ) {
    const head = readBoxHead(await reader.read(at, Math.min(32, reader.size - at)));
    if (!head || at + head.bytes > reader.size || head.bytes > MOST_INIT_BYTES)
      throw new GirokError('segment_damaged', { file: reader.file, reason: 'boxes', offset: at });
    const box = await reader.read(at, head.bytes);
    if (!box.subarray(8, 24).equals(HEADER_TYPE)) parts.push(box);
    at += head.bytes;
  }
  return Buffer.concat(parts);
}
