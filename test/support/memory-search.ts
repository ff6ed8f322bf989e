import { closeSync, openSync, readFileSync, readSync } from 'node:fs';

/** The second half of each key is enough: an allocator may write its own marks over the first bytes. */
export const halfOf = (key: Buffer) => key.subarray(16, 32);

/** Which of `needles` stand anywhere in the memory that process `pid` can write. */
export function foundInMemory(pid: number, needles: readonly Buffer[]): number {
  const memory = openSync(`/proc/${pid}/mem`, 'r');
  const found = new Set<number>();
  for (const line of readFileSync(`/proc/${pid}/maps`, 'utf8').split('\n')) {
    const match = /^([0-9a-f]+)-([0-9a-f]+) rw/.exec(line);
    if (!match) continue;
    const [from, to] = [Number.parseInt(match[1]!, 16), Number.parseInt(match[2]!, 16)];
    for (let at = from; at < to; at += 16 * 1024 * 1024) {
      const block = Buffer.alloc(Math.min(16 * 1024 * 1024 + 64, to - at));
      let got = 0;
      try {
        got = readSync(memory, block, 0, block.length, at);
      } catch {
        // Reserved but never touched: nothing can stand there.
        continue;
      }
      for (const [i, needle] of needles.entries()) if (block.subarray(0, got).includes(needle)) found.add(i);
    }
  }
  closeSync(memory);
  return found.size;
}
