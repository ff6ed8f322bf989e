import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../src/lib/clock.ts';
import type { CameraId } from '../src/lib/ids.ts';
import { newId } from '../src/lib/ids.ts';
import type { LocalDay } from '../src/lib/site-time.ts';
import type { ErasureStep } from '../src/vault/erase-keys.ts';
import { fileOf } from '../src/vault/identity.ts';
import { killPurges } from '../test/support/retention/killed-purge.ts';
import { liveManyDays, seeded } from '../test/support/retention/many-days.ts';
import { purgeHome } from '../test/support/retention/purge-home.ts';
import { below, type Figure } from './figure.ts';

const CAMERAS = Array.from({ length: 13 }, (_, i) => `cam${String(i + 1).padStart(2, '0')}` as CameraId);
const DUE = '2026-10-22' as LocalDay;
const NOW_US = Date.parse('2026-11-22T00:00:00+09:00') * 1000;
const FILES = 37_440;
const KILLS = 200;

/** How soon a day is beyond recovery and its files gone, what 200 kills leave, and ninety days of a whole site. */
export async function run(): Promise<Figure[]> {
  return [...(await measureDay()), await measureKills(), ...(await measureQuarter())];
}

/** A day of 13 cameras with sub-streams, a keyring with all days between, and the same files removed plainly. */
async function measureDay(): Promise<Figure[]> {
  const clock = { ...systemClock, utcUs: () => NOW_US };
  const home = purgeHome(clock);
  const plain = mkdtempSync(join(tmpdir(), 'girok-plain-'));
  try {
    for (const camera of CAMERAS)
      for (let ahead = 0; ahead <= 34; ahead++) home.record(camera, home.siteTime.addDays(DUE, ahead), 0);
    for (const root of [join(home.storage, 'vault'), plain]) writeFiles(root);
    const plainMs = elapsed(() => rmSync(plain, { recursive: true }));

    const steps: { step: ErasureStep; atMs: number }[] = [];
    const beganMs = performance.now();
    const outcome = await home.purge(
      clock,
      {},
      {
        onStep: (step) => void steps.push({ step, atMs: performance.now() }),
      },
    );
    const wholeMs = performance.now() - beganMs;
    if (outcome.kind !== 'done' || outcome.certificate?.state !== 'complete')
      throw new Error(JSON.stringify(outcome));
    const at = (step: ErasureStep) => steps.find((each) => each.step === step)?.atMs ?? Number.NaN;
    const keyMs = at('prove') - at('write_new_secret');
    const beyondMs = outcome.certificate.beyondRecoveryMs ?? Number.NaN;
    return [
      below('key step: 312 of 10,920 keys erased, the others wrapped anew', keyMs, 'ms', 1000),
      below('a day of 13 cameras beyond recovery, from the start', beyondMs, 'ms', 10_000),
      {
        ...below(`its ${FILES} files gone`, wholeMs / 1000, 's', 300),
        reference: round(plainMs / 1000),
        ratio: round(wholeMs / plainMs),
      },
    ];
  } finally {
    home.remove();
    rmSync(plain, { recursive: true, force: true });
  }
}

async function measureKills(): Promise<Figure> {
  // Throws at the first kill after which anything is neither whole nor beyond recovery.
  const reports = await killPurges(KILLS, Math.random);
  const count = (left: string) => reports.filter((report) => report.left === left).length;
  const left = `${count('intact')} intact, ${count('keys_gone')} beyond recovery, ${count('erased')} finished`;
  return {
    figure: `days in between after ${reports.length} SIGKILLs (${left})`,
    value: 0,
    unit: 'days',
    target: '0',
    holds: reports.length === KILLS,
  };
}

/** Retention first, so that on each of the ninety days something is due. */
async function measureQuarter(): Promise<Figure[]> {
  // Throws at the first byte that went early, stayed late, or was lost to a hold.
  const lived = await liveManyDays({
    days: 30 + 1 + 90,
    cameras: CAMERAS.length,
    retentionDays: 30,
    firstDay: '2026-09-01' as LocalDay,
    timeZone: 'Asia/Seoul',
    random: seeded(String(NOW_US)),
  });
  const { erased, runs, kills, deferred, holds, copiesOpened, cameraChanges } = lived;
  const what = `90 days of 13 cameras, ${cameraChanges} of them changed: ${runs} runs, ${kills} killed, ${deferred} put off`;
  const zero = (figure: string, holdsTrue: boolean): Figure => ({
    figure,
    value: 0,
    unit: 'count',
    target: '0',
    holds: holdsTrue,
  });
  return [
    zero(`${what}; camera-days erased early or late, of ${erased}`, erased >= 90 * 12 && kills >= 20),
    zero(`held ranges lost, of ${holds} opened ${copiesOpened} times`, holds >= 60 && deferred >= 5),
  ];
}

function writeFiles(root: string): void {
  for (const camera of CAMERAS) {
    mkdirSync(join(root, camera, DUE), { recursive: true });
    for (let i = 0; i < FILES / CAMERAS.length; i++) {
      const stream = i % 2 === 0 ? 'main' : 'sub';
      const identity = { camera, stream, day: DUE, segment: newId(NOW_US) } as Parameters<typeof fileOf>[0];
      writeFileSync(join(root, fileOf(identity, '120000')), 'sealed');
    }
  }
}

function elapsed(work: () => void): number {
  const beganMs = performance.now();
  work();
  return performance.now() - beganMs;
}

const round = (value: number): number => Math.round(value * 1000) / 1000;
