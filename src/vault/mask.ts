import { randomFillSync } from 'node:crypto';
import { keyMemory } from './key-memory.ts';
import { KEY_BYTES } from './layout.ts';

/** Drawn for many keys at once: drawing one mask costs as much as opening a key. */
const drawn = keyMemory(128 * KEY_BYTES);
let taken = drawn.length;

/** Random bytes, as long as a key, that were never given before. The caller erases them. */
export function takeMask(): Buffer {
  if (taken === drawn.length) {
    randomFillSync(drawn);
    taken = 0;
  }
  taken += KEY_BYTES;
  return drawn.subarray(taken - KEY_BYTES, taken);
}

/** Byte by byte, so that a key never stands in a register as a whole. Twice is as if never. */
export function addMask(bytes: Buffer, mask: Buffer): void {
  for (let i = 0; i < bytes.length; i++) bytes[i] = (bytes[i] as number) ^ (mask[i] as number);
}
