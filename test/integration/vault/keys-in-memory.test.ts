import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { closeSync, openSync, readdirSync, readFileSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { deriveSecrets } from '../../../src/vault/chunked.ts';
import { contextOf, parseFile } from '../../../src/vault/identity.ts';
import { day, keyringIn, lobby, storageFolder } from './storage-folder.ts';

/** The second half of each key is enough: an allocator may write its own marks over the first bytes. */
const halfOf = (key: Buffer) => key.subarray(16, 32);

/** Which of `needles` stand anywhere in the memory that process `pid` can write. */
function foundInMemory(pid: number, needles: readonly Buffer[]): number {
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

describe('keys in memory', () => {
  it.runIf(process.platform === 'linux' && process.getuid?.() === 0)(
    'are nowhere in a process that has sealed and read with them',
    async () => {
      const storage = storageFolder();
      const program = new URL('./seal-and-wait.ts', import.meta.url).pathname;
      const child = spawn(process.execPath, ['--expose-gc', program, storage], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      try {
        await new Promise((resolve) => child.stdout.once('data', resolve));
        const rootKey = createHash('sha256').update('the root key of this test').digest();
        const keyring = keyringIn(storage, { readonly: true, rootKey });
        const hourKeys = Array.from({ length: 24 }, (_, hour) => keyring.hourKey(lobby, day, hour));
        const segmentKeys = readdirSync(join(storage, 'vault', lobby, day)).map((name, i) => {
          const file = `${lobby}/${day}/${name}`;
          const raw = readFileSync(join(storage, 'vault', file));
          const hour = i % 24;
          const named = parseFile(file)!;
          const all = hourKeys.map((key, h) =>
            deriveSecrets(key, raw.subarray(0, 24), contextOf({ ...named, hour: h })),
          );
          const match = all.find((secrets) => secrets.commitment.equals(raw.subarray(24, 56)));
          expect(match, `hour ${hour}`).toBeDefined();
          return match!.key;
        });
        expect(segmentKeys).toHaveLength(72);
        // The search sees what is there: the root key, which an open keyring has to keep.
        expect(foundInMemory(child.pid!, [halfOf(rootKey)]), 'root key').toBe(1);
        expect(foundInMemory(child.pid!, hourKeys.map(halfOf)), 'hour keys').toBe(0);
        expect(foundInMemory(child.pid!, segmentKeys.map(halfOf)), 'segment keys').toBe(0);
        keyring.close();
      } finally {
        const ended = new Promise((resolve) => child.once('close', resolve));
        child.kill('SIGKILL');
        await ended;
      }
    },
  );
});
