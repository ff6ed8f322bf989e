import { spawn } from 'node:child_process';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { assertWhole } from '../../../src/db/copy.ts';
import { createLedgerRows } from '../../../src/db/site/ledger-rows.ts';
import { openSiteForReading } from '../../../src/db/site/open.ts';
import { type BackupHome, backupHome, CAMERAS, filesBelow } from '../../support/backup/backup-home.ts';
import { showFigures } from '../../support/figures.ts';
import { started } from '../../support/ledger/entries.ts';

const PROGRAM = fileURLToPath(new URL('../../../src/main/girok.ts', import.meta.url));
const KILLS = 10;

let home: BackupHome;
beforeEach(() => {
  home = backupHome();
  const today = home.siteTime.dayOf(home.clock.utcUs());
  home.record(today, { initialise: true, ahead: 3 });
  for (let n = 0; n < 20; n++) home.ledger.append(...Array.from({ length: 500 }, (_, i) => started(i)));
});
afterEach(() => home.remove());

/** Runs a command in a process of its own. @param killAt ms after `since` shows, never when absent */
function girok(
  args: readonly string[],
  since: () => boolean,
  killAt?: number,
): Promise<{ ms: number; killed: boolean }> {
  const child = spawn(process.execPath, [PROGRAM, ...args, '--config', home.config, '--json'], {
    env: { PATH: process.env.PATH ?? '', LANG: 'en_US.UTF-8' },
    stdio: 'ignore',
  });
  home.onRemove(() => child.kill('SIGKILL'));
  return new Promise((resolve) => {
    let beganMs = Number.NaN;
    const watch = setInterval(() => {
      if (!Number.isNaN(beganMs) || !since()) return;
      beganMs = performance.now();
      if (killAt !== undefined) setTimeout(() => child.kill('SIGKILL'), killAt);
    }, 1);
    child.once('close', (_code, signal) => {
      clearInterval(watch);
      resolve({ ms: performance.now() - beganMs, killed: signal === 'SIGKILL' });
    });
  });
}

const isAtWork = (folder: string, prefix: string) => () =>
  existsSync(folder) && readdirSync(folder).some((name) => name.startsWith(prefix));

it('a backup that is killed anywhere is whole or none, and the next one clears away what it left', async () => {
  const begun = isAtWork(home.backups, '.unfinished-');
  let wholeMs = (await girok(['backup'], begun)).ms;
  let killed = 0;
  for (let kill = 0; kill < KILLS; kill++) {
    const end = await girok(['backup'], begun, Math.random() * wholeMs * 1.1);
    if (end.killed) killed += 1;
    // The first run had its programs to read from the disk, or a busier machine.
    else wholeMs = end.ms;
    const listed = await home.girok('backup', 'list');
    expect(listed).toMatchObject({ code: 0, said: { unreadable: [] } });
    for (const { backup } of listed.said.backups as { backup: string }[])
      for (const file of ['site.db', 'keyring.db', 'catalogue.db'])
        expect(assertWhole(join(home.backups, backup, file))).toBeGreaterThan(0);
    const newest = (listed.said.backups as { backup: string }[]).at(-1)?.backup ?? '';
    expect(await home.girok('restore', newest, '--rehearse')).toMatchObject({ code: 0 });
  }
  expect(killed).toBeGreaterThan(KILLS / 4);
  expect(await home.girok('backup')).toMatchObject({ code: 0 });
  expect(readdirSync(home.backups).filter((name) => name.startsWith('.'))).toEqual([]);
  showFigures({ kills: killed, wholeMs: Math.round(wholeMs) });
});

it('a restore that is killed anywhere is finished by the same command, with nothing lost and nothing doubled', async () => {
  const name = String((await home.girok('backup')).said.backup);
  home.ledger.db.close();
  const [camera] = CAMERAS as [(typeof CAMERAS)[0]];
  const today = home.siteTime.dayOf(home.clock.utcUs());
  const key = home.hourKey(camera, today, 5);
  const site = join(home.storage, 'site.db');
  const losses = () => {
    for (const path of [site, join(home.storage, 'catalogue.db'), ...home.keyringFiles])
      for (const ending of ['', '-wal', '-shm']) rmSync(path + ending, { force: true });
    rmSync(join(home.storage, 'spool', 'restore'), { recursive: true, force: true });
  };
  const begun = isAtWork(home.storage, 'restore-staging');
  losses();
  let wholeMs = (await girok(['restore', name], begun)).ms;
  let killed = 0;
  let unfinished = 0;
  for (let kill = 0; kill < KILLS; kill++) {
    losses();
    const end = await girok(['restore', name], begun, Math.random() * wholeMs * 1.1);
    if (end.killed) killed += 1;
    // The first run had its programs to read from the disk, or a busier machine.
    else wholeMs = end.ms;
    if (existsSync(join(home.storage, 'restore.json'))) {
      unfinished += 1;
      // Whoever starts now would begin an empty ledger.
      expect(await home.girok('backup')).toMatchObject({ said: { error: { code: 'restore_unfinished' } } });
    }
    expect(await home.girok('restore', name)).toMatchObject({ code: 0 });
    const db = openSiteForReading(site);
    expect(createLedgerRows(db).size()).toBe(10_001);
    db.close();
    expect(home.hourKey(camera, today, 5)).toEqual(key);
    expect(assertWhole(join(home.storage, 'catalogue.db'))).toBeGreaterThan(0);
    expect(filesBelow(join(home.storage, 'spool', 'restore'))).toHaveLength(1);
    const left = readdirSync(home.storage);
    expect(left).not.toContain('restore.json');
    expect(left).not.toContain('restore-staging');
  }
  expect(killed).toBeGreaterThan(KILLS / 4);
  showFigures({ kills: killed, unfinished, wholeMs: Math.round(wholeMs) });
});
