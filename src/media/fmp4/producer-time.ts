import type { Box } from './boxes.ts';

/** Seconds between 1900 (NTP) and 1970 (Unix). */
const NTP_EPOCH_SECONDS = 2_208_988_800n;

/** Length of a {@link writeProducerTime} box. */
export const PRODUCER_TIME_BYTES = 32;

/**
 * Writes a `prft` box (ISO/IEC 14496-12 §8.16.5) to the beginning of `room`: it ties the media time of the
 * fragment that follows to the wall clock. With it every sealed segment carries its own authenticated time, and
 * the catalogue can be rebuilt from files.
 */
export function writeProducerTime(room: Buffer, wallUs: number, mediaTicks: number): void {
  room.writeUInt32BE(PRODUCER_TIME_BYTES, 0);
  room.write('prft', 4, 'latin1');
  room.writeUInt32BE(0x01_00_00_00, 8); // version 1, no flags: "time of input to the encoder" as well as we know
  room.writeUInt32BE(1, 12); // reference track
  const seconds = BigInt(Math.floor(wallUs / 1_000_000)) + NTP_EPOCH_SECONDS;
  // Rounded up, so that reading it back (rounding down) gives the same microsecond.
  const fraction = ((BigInt(wallUs % 1_000_000) << 32n) + 999_999n) / 1_000_000n;
  room.writeBigUInt64BE((seconds << 32n) | fraction, 16);
  room.writeBigUInt64BE(BigInt(mediaTicks), 24);
}

/** Wall clock in µs UTC, or undefined when the box is too short to hold one. */
export function readProducerTime(bytes: Buffer, found: Box): number | undefined {
  const at = found.start + found.headerBytes;
  if (found.end - at < 20) return undefined;
  const ntp = bytes.readBigUInt64BE(at + 8);
  const seconds = (ntp >> 32n) - NTP_EPOCH_SECONDS;
  const micros = ((ntp & 0xffffffffn) * 1_000_000n) >> 32n;
  return Number(seconds * 1_000_000n + micros);
}
