import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { createHoldHome, type HoldHome } from '../../support/retention/hold-home.ts';

let home: HoldHome | undefined;
afterEach(() => home?.remove());

/** Of a process its children whose command line has this in it; one that has just ended has none. */
function childrenWith(pid: number, text: string): number[] {
  const read = (path: string) => (existsSync(path) ? readFileSync(path, 'utf8') : '');
  return read(`/proc/${pid}/task/${pid}/children`)
    .split(' ')
    .filter((child) => child !== '' && read(`/proc/${child}/cmdline`).includes(text))
    .map(Number);
}

it('a web server that never comes up keeps neither the steward from its ledger nor the purge from erasing', async () => {
  home = await createHoldHome();
  const { storage, start } = home;
  const child = start('serve', '--port', '0');
  let said = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const kills = new Set<number>();
  await vi.waitFor(
    () => {
      for (const web of childrenWith(child.pid ?? 0, 'main/web')) {
        process.kill(web, 'SIGKILL');
        kills.add(web);
      }
      expect(said).toContain('"event":"steward.started"');
      expect(existsSync(join(storage, 'retention', 'purge.json'))).toBe(true);
    },
    { timeout: 30_000, interval: 10 },
  );
  expect(kills.size).toBeGreaterThan(0);
  expect(said).not.toContain('"event":"web.started"');
  const ended = new Promise((resolve) => child.once('close', resolve));
  child.kill('SIGTERM');
  expect(await ended).toBe(0);
});
