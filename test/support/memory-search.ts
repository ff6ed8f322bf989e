import { closeSync, openSync, readFileSync, readSync } from 'node:fs';

/** The second half of each key is enough: an allocator may write its own marks over the first bytes. */
export const halfOf = (key: Buffer) => key.subarray(16, 32);

/** A place in the memory of a process where something stands that was looked for. */
export interface MemoryFinding {
  /** Index of what was found. */
  readonly needle: number;
  readonly address: number;
  /** The mapping as the kernel describes it: `[heap]`, `[stack]`, a file, or `anonymous`, and its bounds. */
  readonly mapping: string;
  /** What stands around it, a line of 16 bytes each: it tells whose memory this is, or was. */
  readonly around: string;
}

const BLOCK_BYTES = 16 * 1024 * 1024;
/** Longer than any needle: what stands across two blocks is met with the first. */
const OVERLAP_BYTES = 64;
const AROUND_BYTES = 96;

/** How many of `needles` stand anywhere in the memory that process `pid` can write. */
export const foundInMemory = (pid: number, needles: readonly Buffer[]): number =>
  new Set(searchMemory(pid, needles).map(({ needle }) => needle)).size;

/** Where `needles` stand in the memory that process `pid` can write. */
export function searchMemory(pid: number, needles: readonly Buffer[]): MemoryFinding[] {
  const memory = openSync(`/proc/${pid}/mem`, 'r');
  const found = new Map<string, MemoryFinding>();
  for (const line of readFileSync(`/proc/${pid}/maps`, 'utf8').split('\n')) {
    const match = /^([0-9a-f]+)-([0-9a-f]+) rw\S* \S+ \S+ \S+ *(.*)/.exec(line);
    if (!match) continue;
    const [from, to] = [Number.parseInt(match[1]!, 16), Number.parseInt(match[2]!, 16)];
    const mapping = `${match[3] || 'anonymous'} ${match[1]}-${match[2]}`;
    for (let at = from; at < to; at += BLOCK_BYTES) {
      const block = Buffer.alloc(Math.min(BLOCK_BYTES + OVERLAP_BYTES, to - at));
      let got = 0;
      try {
        got = readSync(memory, block, 0, block.length, at);
      } catch {
        // Reserved but never touched: nothing can stand there.
        continue;
      }
      const seen = block.subarray(0, got);
      for (const [needle, bytes] of needles.entries())
        for (let i = seen.indexOf(bytes); i >= 0; i = seen.indexOf(bytes, i + 1)) {
          const finding = { needle, address: at + i, mapping, around: linesAround(seen, i, at) };
          found.set(`${needle} ${finding.address}`, finding);
        }
    }
  }
  closeSync(memory);
  return [...found.values()];
}

function linesAround(block: Buffer, index: number, blockAddress: number): string {
  const lines: string[] = [];
  const from = Math.max(0, (index & ~15) - AROUND_BYTES);
  for (let at = from; at < Math.min(block.length, from + 2 * AROUND_BYTES); at += 16) {
    const bytes = block.subarray(at, at + 16);
    const text = bytes.toString('latin1').replace(/[^ -~]/g, '.');
    lines.push(`${(blockAddress + at).toString(16)}  ${bytes.toString('hex')}  ${text}`);
  }
  return lines.join('\n');
}
