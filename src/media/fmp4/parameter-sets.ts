import { type Codec, type NalRole, nalRole, nalUnits } from '../nal.ts';
import { sequenceParameters } from '../sequence-parameters.ts';

const ROLES: readonly NalRole[] = ['vps', 'sps', 'pps'];
/** What an init segment has room for: 16 bits of length (ISO/IEC 14496-15), 5 bits of count in H.264. */
const LONGEST_SET_BYTES = 0xffff;
const MOST_SETS = 31;
/** Before the first slice of a key frame; a camera that sends more means to cost time. */
const MOST_UNITS = 64;

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
  let units = 0;
  for (const unit of nalUnits(keyFrame)) {
    if (++units > MOST_UNITS) return undefined;
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
  const sets = ROLES.flatMap(
    (role) => seen.get(role) ?? known.filter((set) => nalRole(codec, set[0] ?? 0) === role),
  );
  // An init segment needs to know how large the pictures are.
  const first = sets.find((set) => nalRole(codec, set[0] ?? 0) === 'sps');
  return first && sequenceParameters(codec, first) ? sets.map((set) => Buffer.from(set)) : undefined;
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
