import { withoutEmulationPrevention } from './bits.ts';
import { type Codec, nalRole } from './nal.ts';

/**
 * The codec as a browser wants to hear it (RFC 6381; ISO/IEC 14496-15 annex E), e.g. `avc1.640028` or
 * `hvc1.1.6.L93.B0`, read from the sequence parameter set.
 */
export function codecString(codec: Codec, parameterSets: readonly Buffer[]): string {
  const sps = parameterSets.find((set) => nalRole(codec, set[0] ?? 0) === 'sps');
  if (codec === 'h264') return `avc1.${(sps?.subarray(1, 4) ?? Buffer.alloc(3)).toString('hex')}`;
  // A set that is cut off says nothing of what it lacks; it must not end the recording of what it stands before.
  const raw = new Uint8Array(22);
  if (sps) raw.set(withoutEmulationPrevention(sps.subarray(2, 24)));
  // One byte of ids, then profile_tier_level: space/tier/profile, 4 compatibility, 6 constraint bytes, level.
  const [, profileByte = 0] = raw;
  const compatibility = new DataView(raw.buffer).getUint32(2);
  let reversed = 0;
  for (let i = 0; i < 32; i++) if (compatibility & (1 << i)) reversed |= 1 << (31 - i);
  const constraints = [...raw.subarray(6, 12)];
  while (constraints.length > 1 && constraints.at(-1) === 0) constraints.pop();
  const space = ['', 'A', 'B', 'C'][profileByte >> 6] ?? '';
  const tier = profileByte & 0x20 ? 'H' : 'L';
  const hex = (value: number) => (value >>> 0).toString(16).toUpperCase();
  return [
    'hvc1',
    `${space}${profileByte & 0x1f}`,
    hex(reversed),
    `${tier}${raw[12] ?? 0}`,
    ...constraints.map((byte) => hex(byte)),
  ].join('.');
}
