import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { deriveSecrets } from '../../../src/vault/chunked.ts';
import { contextOf, parseFile } from '../../../src/vault/identity.ts';
import { foundInMemory, halfOf } from '../../support/memory-search.ts';
import { day, keyringIn, lobby, storageFolder } from './storage-folder.ts';

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
