import { type Codec, type NalRole, nalRole, nalUnits } from '../nal.ts';
import { sequenceParameters } from '../sequence-parameters.ts';
import { box, boxesIn } from './boxes.ts';
import { decoderConfig, sampleEntry, type Track } from './track.ts';

const ROLES: readonly NalRole[] = ['vps', 'sps', 'pps'];
/** What an init segment has room for: 16 bits of length (ISO/IEC 14496-15), 5 bits of count in H.264. */
const LONGEST_SET_BYTES = 0xffff;
const MOST_SETS = 31;

/**
 * The parameter sets that a key frame carries itself, where they differ in effect from `known`; undefined when
 * there is nothing new. Cameras repeat their sets before every key frame, and some flap between equal copies,
 * so only a real difference counts. One damaged on its way (no size can be read from it, or no init segment
 * could hold it) is no news either: it stays in the stream as it came, and the run goes on.
 */
export function changedParameterSets(
  codec: Codec,
  keyFrame: Buffer,
  known: readonly Buffer[],
): readonly Buffer[] | undefined {
  const seen = new Map<NalRole, Buffer[]>();
  for (const unit of nalUnits(keyFrame)) {
    const role = nalRole(codec, unit[0] ?? 0);
    if (role === 'key') break;
    if (!ROLES.includes(role) || !credible(codec, role, unit)) continue;
    const list = seen.get(role) ?? [];
    if (!list.some((other) => other.equals(unit))) list.push(unit);
    seen.set(role, list);
  }
  const changed = [...seen].some(([role, sets]) => {
    const before = known.filter((set) => nalRole(codec, set[0] ?? 0) === role);
    return sets.some((set) => !before.some((other) => withoutTrailingZeros(other, set)));
  });
  if (!changed || [...seen.values()].some((sets) => sets.length > MOST_SETS)) return undefined;
  return ROLES.flatMap(
    (role) => seen.get(role) ?? known.filter((set) => nalRole(codec, set[0] ?? 0) === role),
  ).map((set) => Buffer.from(set));
}

const credible = (codec: Codec, role: NalRole, set: Buffer): boolean =>
  set.length <= LONGEST_SET_BYTES && (role !== 'sps' || sequenceParameters(codec, set) !== undefined);

/** Some cameras pad a set with zeros in one place and not in the other; that is no change. */
function withoutTrailingZeros(a: Buffer, b: Buffer): boolean {
  const trim = (buffer: Buffer) => {
    let end = buffer.length;
    while (end > 0 && buffer[end - 1] === 0) end--;
    return buffer.subarray(0, end);
  };
  return trim(a).equals(trim(b));
}

/**
 * The same init segment for other parameter sets: decoder configuration and picture size are replaced,
 * everything else is kept byte for byte.
 */
export function withParameterSets(init: Buffer, track: Track, sets: readonly Buffer[]): Buffer {
  const { codec } = track;
  const entry = sampleEntry(init);
  const config = decoderConfig(init, entry, codec);
  const old = init.subarray(config.start + config.headerBytes, config.end);
  const record = codec === 'h264' ? avcRecord(old, sets) : hevcRecord(old, sets);
  const sps = sets.find((set) => nalRole(codec, set[0] ?? 0) === 'sps');
  const size = (sps && sequenceParameters(codec, sps)) ?? track;
  return rebuild(init, 0, init.length, (found, bytes) => {
    if (found === config.start) return box(codec === 'h264' ? 'avcC' : 'hvcC', record);
    if (found === entry.start) {
      const copy = Buffer.from(bytes);
      copy.writeUInt16BE(size.width, 8 + 24);
      copy.writeUInt16BE(size.height, 8 + 26);
      return copy;
    }
    return undefined;
  });
}

/** Boxes that only hold other boxes, with the bytes that stand before the first of them. */
const CONTAINERS: Readonly<Record<string, number>> = {
  moov: 0,
  trak: 0,
  mdia: 0,
  minf: 0,
  stbl: 0,
  stsd: 8,
  avc1: 78,
  avc3: 78,
  hvc1: 78,
  hev1: 78,
};

function rebuild(
  bytes: Buffer,
  from: number,
  to: number,
  replace: (start: number, bytes: Buffer) => Buffer | undefined,
): Buffer {
  const parts: Buffer[] = [];
  for (const found of boxesIn(bytes, from, to)) {
    const whole = bytes.subarray(found.start, found.end);
    const replaced = replace(found.start, whole) ?? whole;
    const lead = CONTAINERS[found.type];
    if (lead === undefined) {
      parts.push(replaced);
      continue;
    }
    const inner = found.start + found.headerBytes + lead;
    parts.push(box(found.type, replaced.subarray(8, 8 + lead), rebuild(bytes, inner, found.end, replace)));
  }
  return Buffer.concat(parts);
}

function avcRecord(old: Buffer, sets: readonly Buffer[]): Buffer {
  const sps = sets.filter((set) => nalRole('h264', set[0] ?? 0) === 'sps');
  const pps = sets.filter((set) => nalRole('h264', set[0] ?? 0) === 'pps');
  const head = Buffer.from(old.subarray(0, 5));
  sps[0]?.copy(head, 1, 1, 4); // profile, compatibility, level
  return Buffer.concat([
    head,
    Buffer.from([0xe0 | sps.length]),
    ...sps.flatMap(withLength),
    Buffer.from([pps.length]),
    ...pps.flatMap(withLength),
  ]);
}

/**
 * Keeps the old profile bytes: a player takes them from the sets themselves, which are exact. Array completeness
 * stays 0, since cameras repeat their sets inside the stream.
 */
function hevcRecord(old: Buffer, sets: readonly Buffer[]): Buffer {
  const arrays = [32, 33, 34]
    .map((type) => ({ type, sets: sets.filter((set) => (((set[0] ?? 0) >> 1) & 0x3f) === type) }))
    .filter((array) => array.sets.length > 0);
  const head = Buffer.from(old.subarray(0, 23));
  head[22] = arrays.length;
  return Buffer.concat([
    head,
    ...arrays.flatMap((array) => [
      Buffer.from([array.type, 0, array.sets.length]),
      ...array.sets.flatMap(withLength),
    ]),
  ]);
}

function withLength(set: Buffer): Buffer[] {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(set.length);
  return [length, set];
}
