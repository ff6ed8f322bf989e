import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createKeptFile } from '../../../src/lib/kept-file.ts';
import { createManualClock } from '../../support/manual-clock.ts';

let home = '';
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'girok-kept-'));
});
afterEach(() => rmSync(home, { recursive: true }));

describe('a kept file', () => {
  it('follows within a second, writes what stands then, and tries again where the disk refused', async () => {
    const clock = createManualClock();
    const path = join(home, 'folder', 'kept.json');
    // A file where the folder should be: refused for everybody, the superuser included.
    writeFileSync(join(home, 'folder'), '');
    let text = 'one';
    const failures: unknown[] = [];
    const file = createKeptFile({ path, clock, text: () => text, failed: (error) => failures.push(error) });
    file.soon();
    text = 'two';
    clock.advance(1100);
    await vi.waitFor(() => expect(failures).toHaveLength(1));
    clock.advance(20_000);
    expect(failures).toHaveLength(1);
    rmSync(join(home, 'folder'));
    mkdirSync(join(home, 'folder'));
    await vi.waitFor(() => {
      clock.advance(10_000);
      expect(readFileSync(path, 'utf8')).toBe('two');
    });
    file.stop();
    text = 'three';
    file.soon();
    clock.advance(60_000);
    expect(clock.timers).toBe(0);
    expect(readFileSync(path, 'utf8')).toBe('two');
  });
});
