import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { systemClock } from '../../../src/lib/clock.ts';
import { type PurgeHome, purgeHome } from './purge-home.ts';

const PROGRAM = fileURLToPath(new URL('./purge-once.ts', import.meta.url));
const CAMERAS = Array.from({ length: 13 }, (_, i) => `cam${String(i + 1).padStart(2, '0')}`);
const DUE = ['2026-10-22', '2026-10-23'];
const YOUNG = ['2026-11-21', '2026-11-24'];
const NOW_US = Date.parse('2026-11-23T00:10:00+09:00') * 1000;
const clock = { ...systemClock, utcUs: () => NOW_US };

/** What a kill left: everything of what was due, nothing of it, or the files of keys that are gone. */
export type Left = 'intact' | 'keys_gone' | 'erased';

export interface KillReport {
  readonly left: Left;
  readonly accounted: boolean;
}

/** A home with two due days and two young ones of thirteen cameras. */
export function filledHome(): PurgeHome {
  const home = purgeHome(clock);
  for (const camera of CAMERAS) for (const day of [...DUE, ...YOUNG]) home.record(camera, day, 5);
  return home;
}

/** Starts a run and kills it after `delayMs`, or lets it end. @returns how long it ran, ms */
export function runUntil(home: PurgeHome, delayMs: number | undefined): Promise<number> {
  const child = spawn(process.execPath, [PROGRAM, home.storage, String(NOW_US)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return new Promise((resolve, reject) => {
    let beganMs = 0;
    child.stdout.once('data', () => {
      beganMs = performance.now();
      if (delayMs !== undefined) setTimeout(() => child.kill('SIGKILL'), delayMs);
    });
    child.once('error', reject);
    child.once('close', (code, signal) => {
      if (code === 0 || signal === 'SIGKILL') resolve(performance.now() - beganMs);
      else reject(new Error(`the purge ended with ${code ?? signal}`));
    });
  });
}

/** Looks as somebody with the disk and the root key would. @throws when anything is neither one nor the other */
export function lookAt(home: PurgeHome): KillReport {
  const { keys, files } = home.openable();
  const open = (days: readonly string[]) =>
    CAMERAS.flatMap((camera) => days.flatMap((day) => hours(camera, day))).filter((key) => keys.has(key))
      .length;
  const filesOf = (days: readonly string[]) =>
    files.filter((file) => days.some((day) => file.includes(day))).length;
  if (open(YOUNG) !== CAMERAS.length * YOUNG.length * 24) throw new Error('a live key was lost');
  if (filesOf(YOUNG) !== CAMERAS.length * YOUNG.length * 10) throw new Error('a young file was lost');
  const accounted = home.entries().some(({ event }) => event === 'erase.done');
  const [dueKeys, dueFiles] = [open(DUE), filesOf(DUE)];
  const all = { keys: CAMERAS.length * DUE.length * 24, files: CAMERAS.length * DUE.length * 10 };
  if (dueKeys !== 0 && dueKeys !== all.keys) throw new Error(`${dueKeys} of ${all.keys} keys open`);
  if (dueKeys > 0 && dueFiles !== all.files) throw new Error('a file went before its key');
  if (dueKeys > 0 && accounted) throw new Error('accounted for, and still openable');
  if (accounted && dueFiles > 0) throw new Error('accounted for, and files are left');
  return { left: dueKeys > 0 ? 'intact' : dueFiles > 0 ? 'keys_gone' : 'erased', accounted };
}

function hours(camera: string, day: string): string[] {
  return Array.from({ length: 24 }, (_, hour) => `${camera}/${day}/${hour}`);
}

/**
 * Kills runs at random moments of their work; after each, somebody looks, and every third time the next run has
 * to bring it to its end.
 *
 * @returns what the kills left, and when
 */
export async function killPurges(kills: number, random: () => number): Promise<KillReport[]> {
  const reports: KillReport[] = [];
  let home = filledHome();
  // How long a whole run takes here, to spread the kills over it.
  const wholeMs = await runUntil(home, undefined);
  if (lookAt(home).left !== 'erased') throw new Error('a whole run did not erase');
  home.remove();
  home = filledHome();
  try {
    for (let kill = 1; kill <= kills; kill++) {
      await runUntil(home, random() * wholeMs);
      const report = lookAt(home);
      reports.push(report);
      if (kill % 3 !== 0 && report.left !== 'erased') continue;
      await runUntil(home, undefined);
      const end = lookAt(home);
      if (end.left !== 'erased' || !end.accounted) throw new Error('the next run did not finish');
      home.remove();
      home = filledHome();
    }
    return reports;
  } finally {
    home.remove();
  }
}
