import { boxAt, boxesIn, typeAt } from './boxes.ts';

/** What a run begins with: how its pictures are decoded, and how its media time counts. */
export interface Track {
  /** RFC 6381, for WebCodecs. */
  readonly codec: string;
  /** `avcC` or `hvcC` record. */
  readonly description: Uint8Array;
  /** Ticks a second. */
  readonly timescale: number;
}

/** Of a VisualSampleEntry, before its own boxes (ISO/IEC 14496-12 §12.1.3). */
const VISUAL_ENTRY_BYTES = 78;

/** @param bytes `ftyp moov` of one video track. @throws RangeError for anything else */
export function readInitSegment(bytes: Uint8Array): Track {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const media = boxAt(view, ['moov', 'trak', 'mdia']);
  const header = media && boxAt(view, ['mdhd'], media.from, media.to);
  const table = media && boxAt(view, ['minf', 'stbl', 'stsd'], media.from, media.to);
  if (!header || !table) throw new RangeError('no video track');
  const timescale = view.getUint32(header.from + (view.getUint8(header.from) === 1 ? 20 : 12));
  const [entry] = boxesIn(view, table.from + 8, table.to);
  if (!entry || timescale === 0) throw new RangeError('no video track');
  const isAvc = entry.type.startsWith('avc');
  const config = boxAt(view, [isAvc ? 'avcC' : 'hvcC'], entry.from + VISUAL_ENTRY_BYTES, entry.to);
  if (!config) throw new RangeError('no decoder configuration');
  const record = new DataView(bytes.buffer, bytes.byteOffset + config.from, config.to - config.from);
  return {
    codec: isAvc ? avcName(entry.type, record) : hevcName(typeAt(view, entry.start + 4), record),
    description: bytes.slice(config.from, config.to),
    timescale,
  };
}

const hex = (byte: number): string => byte.toString(16).padStart(2, '0');

/** RFC 6381 §3.3: profile, constraints, level as they stand in the record. */
const avcName = (entry: string, record: DataView): string =>
  `${entry}.${[1, 2, 3].map((at) => hex(record.getUint8(at))).join('')}`;

/** ISO/IEC 14496-15 Annex E.3. */
function hevcName(entry: string, record: DataView): string {
  const first = record.getUint8(1);
  const space = ['', 'A', 'B', 'C'][first >> 6];
  const tier = first & 0x20 ? 'H' : 'L';
  let compatible = 0;
  const flags = record.getUint32(2);
  for (let bit = 0; bit < 32; bit++) if ((flags >>> bit) & 1) compatible |= 1 << (31 - bit);
  const constraints: string[] = [];
  for (let at = 6; at < 12; at++) constraints.push(record.getUint8(at).toString(16).toUpperCase());
  while (constraints.at(-1) === '0') constraints.pop();
  const profile = `${space}${first & 0x1f}.${(compatible >>> 0).toString(16)}`;
  return [entry, profile, `${tier}${record.getUint8(12)}`, ...constraints].join('.');
}
