import { closeSync, openSync, readSync } from 'node:fs';

const BLOCK = 8 * 1024 * 1024;
const PREFIX_BITS = 24;

/**
 * Which of `needles` stand anywhere in a file, a disk image or a device, wherever blocks that nobody uses any more
 * may lie. One pass over all of it, however many needles there are.
 *
 * @param needles at least 4 bytes each
 * @returns their indexes
 */
export function foundOnDisk(path: string, needles: readonly Buffer[]): number[] {
  const byPrefix = new Map<number, number[]>();
  const known = new Uint8Array(1 << PREFIX_BITS);
  for (const [index, needle] of needles.entries()) {
    const prefix = needle.readUIntBE(0, 3);
    known[prefix] = 1;
    byPrefix.set(prefix, [...(byPrefix.get(prefix) ?? []), index]);
  }
  const longest = Math.max(...needles.map(({ length }) => length));
  const found = new Set<number>();
  const file = openSync(path, 'r');
  const buffer = Buffer.alloc(BLOCK + longest);
  let kept = 0;
  for (let at = 0; ; ) {
    const got = readSync(file, buffer, kept, BLOCK, at);
    if (got === 0) break;
    at += got;
    const filled = kept + got;
    let last = 0;
    for (let i = 0; i < filled; i++) {
      last = ((last << 8) | (buffer[i] as number)) & 0xffffff;
      if (known[last] === 0 || i < 2) continue;
      for (const index of byPrefix.get(last) ?? []) {
        const needle = needles[index] as Buffer;
        if (buffer.subarray(i - 2, i - 2 + needle.length).equals(needle)) found.add(index);
      }
    }
    // What stands across two blocks is met with the next one.
    kept = Math.min(longest, filled);
    buffer.copyWithin(0, filled - kept, filled);
  }
  closeSync(file);
  return [...found].sort((a, b) => a - b);
}
