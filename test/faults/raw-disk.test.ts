import { spawn } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';
import { type SimulatedSite, startSimulatedSite } from '../../demo/site.ts';
import { purgeOutcomeSchema } from '../../src/contract/purge-outcome.ts';
import { openKeyringTables } from '../../src/db/keyring/tables.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { createSiteTime } from '../../src/lib/site-time.ts';
import { readSlots } from '../../src/vault/epoch-slots.ts';
import { loadRootKey } from '../../src/vault/root-key.ts';
import { deriveKek, unwrapKey } from '../../src/vault/wrapping.ts';
import { createFakedClock, type FakedClock } from '../support/faked-clock.ts';
import { girokDone } from '../support/girok-command.ts';
import { type LoopDisk, mountLoopDisk } from '../support/loop-disk.ts';
import { halfOf, searchMemory } from '../support/memory-search.ts';
import { foundOnDisk } from '../support/raw-search.ts';
import { openRecordings } from '../support/recorded-frames.ts';
import { byOnvif, createRecorderHome, type RecorderHome } from '../support/recorder-home.ts';
import { allRecording, childrenOf, startRecorder } from '../support/recorder-process.ts';

const CAMERAS = 4;
const DISK_BYTES = 512 * 1024 * 1024;
const DAY_S = 86_400;
const LATER_DAYS = 32;
const MAIN = (name: string) => fileURLToPath(new URL(`../../src/main/${name}.ts`, import.meta.url));

const cleanUp: (() => void | Promise<void>)[] = [];
afterAll(async () => {
  for (const task of cleanUp.reverse()) await task();
});

/** A whole site on one disk of its own: storage, the second place, temporary files and copies of the databases. */
async function settle(): Promise<{ disk: LoopDisk; clock: FakedClock; home: RecorderHome } | string> {
  const disk = mountLoopDisk(DISK_BYTES);
  if ('refused' in disk) return disk.refused;
  cleanUp.push(() => disk.remove());
  const clock = createFakedClock();
  if (!clock) return 'no libfaketime';
  cleanUp.push(() => clock.remove());
  const where = { addresses: 'one', rtspPort: 0, onvifPort: 0, discoveryPort: false } as const;
  const site: SimulatedSite = await startSimulatedSite(where);
  cleanUp.push(() => site.stop());
  const home = createRecorderHome({
    cameras: site.cameras.slice(0, CAMERAS).map((camera) => byOnvif(camera)),
    login: site,
    storage: join(disk.folder, 'storage'),
    segmentSeconds: 10,
  });
  cleanUp.push(() => home.remove());
  for (const name of ['mirror', 'tmp']) mkdirSync(join(disk.folder, name), { mode: 0o700 });
  symlinkSync(join(disk.folder, 'mirror'), join(home.folder, 'mirror'));
  return { disk, clock, home };
}

function startBeside(home: RecorderHome, name: string, env: Readonly<Record<string, string>>): number {
  const args = [MAIN(name), '--config', home.config, '--storage', home.storage];
  const child = spawn(process.execPath, args, { stdio: 'ignore', env });
  home.onRemove(() => child.kill('SIGKILL'));
  if (child.pid === undefined) throw new Error(`${name} could not be started`);
  return child.pid;
}

/** What the pictures look like in clear: a piece out of the middle of each, which coding has made unique. */
async function canariesOf(home: RecorderHome): Promise<Buffer[]> {
  const recordings = openRecordings(home);
  // The scenes repeat themselves, and so do their bytes.
  const canaries = new Map<string, Buffer>();
  try {
    for (let camera = 1; camera <= CAMERAS; camera++)
      for (const stream of ['main', 'sub'] as const)
        for await (const { sample } of recordings.frames(`cam0${camera}`, stream)) {
          const middle = Buffer.from(sample.subarray(sample.length >> 1, (sample.length >> 1) + 24));
          if (sample.length >= 400 && new Set(middle).size > 16) canaries.set(middle.toString('hex'), middle);
        }
  } finally {
    await recordings.close();
  }
  return [...canaries.values()];
}

/** Every secret that exists: hour keys and lockers' keys in clear, the secret they are wrapped under, and what it gives. */
function secretsOf(home: RecorderHome) {
  const rootKey = loadRootKey(join(home.folder, 'secrets', 'root.key'), { createIfAbsent: false });
  const [slot] = readSlots(join(home.storage, 'keys', 'epoch.slots'));
  if (!slot) throw new Error('no epoch');
  const kek = deriveKek(rootKey, slot.secret);
  const tables = openKeyringTables({
    path: join(home.storage, 'keys', 'keyring.db'),
    readonly: true,
    busyTimeoutMs: 5000,
  });
  const keys = tables.rows().map((row) => {
    const key = unwrapKey(kek, row.epoch, row, row.wrapped);
    if (!key) throw new Error('a key that does not open');
    return { name: `${row.camera}/${row.day}/${row.hour}`, key };
  });
  tables.close();
  return { secret: slot.secret, kek, keys };
}

/** Each secret that stands in a process: which it is, where, and whose memory it looks like. */
const residuesIn = (what: string, pid: number, secrets: readonly { name: string; key: Buffer }[]) =>
  searchMemory(
    pid,
    secrets.map(({ key }) => halfOf(key)),
  ).map(
    ({ needle, address, mapping, around }) =>
      `${secrets[needle]?.name} in ${what} (process ${pid}) at ${address.toString(16)}, ${mapping}\n${around}`,
  );

it('footage is nowhere in clear while it lives, and no key of it anywhere once it is erased', async () => {
  const settled = await settle();
  if (typeof settled === 'string') return expect(settled).toMatch(/permitted|denied|superuser|libfaketime/i);
  const { disk, clock, home } = settled;
  const env = {
    PATH: process.env.PATH ?? '',
    LANG: 'en_US.UTF-8',
    TMPDIR: join(disk.folder, 'tmp'),
    ...clock.env,
  };
  const who = ['--by', 'test', '--reason', 'test'];
  const recorder = startRecorder(home, { env });
  await recorder.until('recording everything', 40_000, allRecording(2 * CAMERAS));
  const processes = [
    ['recorder', recorder.pid],
    ['steward', startBeside(home, 'steward', env)],
    ['web', startBeside(home, 'web', env)],
  ] as const;
  // The first look at a clock that an officer vouches for: what is there now is known from here on.
  await girokDone({ home, env }, 'purge', '--confirm', 'clock', ...who);
  await recorder.until('some minutes of footage', 60_000, ({ cameras }) =>
    cameras.every(({ streams }) => streams.every(({ frames }) => frames > 250)),
  );
  const siteTime = createSiteTime(home.timeZone);
  const nowUs = systemClock.utcUs();
  const range = ['--from', siteTime.label(nowUs - 15_000_000), '--to', siteTime.label(nowUs - 12_000_000)];
  await girokDone({ home, env }, 'hold', 'add', '--camera', 'cam01', ...range, ...who);

  // While it lives: sealed, in whatever way it lies there.
  const canaries = await canariesOf(home);
  expect(canaries.length).toBeGreaterThan(300);
  const planted = join(home.folder, 'planted');
  writeFileSync(planted, Buffer.concat([Buffer.alloc(5000), ...canaries.slice(0, 3)]));
  expect(foundOnDisk(planted, canaries)).toEqual([0, 1, 2]);
  disk.sync();
  const before = secretsOf(home);
  const bare = [...canaries, ...before.keys.map(({ key }) => key), before.kek];
  expect(foundOnDisk(disk.image, bare)).toEqual([]);
  // The search would find what is there.
  expect(foundOnDisk(disk.image, [before.secret])).toEqual([0]);

  // A month passes within a moment; nobody but an officer can vouch for that.
  clock.set(LATER_DAYS * DAY_S);
  const outcome = purgeOutcomeSchema.parse(
    await girokDone({ home, env }, 'purge', '--confirm', 'clock', '--confirm', 'days', ...who),
  );
  if (outcome.kind !== 'done' || !outcome.certificate) throw new Error(JSON.stringify(outcome));
  expect(outcome.certificate).toMatchObject({ state: 'complete', failures: [] });
  expect(outcome.certificate.days.map(({ camera }) => camera)).toEqual(
    expect.arrayContaining(['cam01', 'cam02', 'cam03', 'cam04']),
  );
  expect(outcome.certificate.lockers).toHaveLength(1);
  const alive = new Set(secretsOf(home).keys.map(({ key }) => key.toString('hex')));
  const dead = before.keys.filter(({ key }) => !alive.has(key.toString('hex')));
  // Every hour of that day of each camera, and the locker.
  expect(dead.length).toBeGreaterThanOrEqual(CAMERAS * 23 + 1);

  disk.sync();
  const gone = [...dead.map(({ key }) => key), before.secret, before.kek, ...canaries];
  expect(foundOnDisk(disk.image, gone)).toEqual([]);
  await new Promise((resolve) => setTimeout(resolve, 10_000));
  if (process.getuid?.() === 0) {
    const secrets = [
      ...dead.map(({ name, key }) => ({ name: `key of ${name}`, key })),
      { name: 'epoch secret', key: before.secret },
      { name: 'wrapping key', key: before.kek },
    ];
    const residues = processes.flatMap(([what, pid]) => [
      ...residuesIn(what, pid, secrets),
      ...childrenOf(pid).flatMap((child) => residuesIn(`${what}: ${child.command}`, child.pid, secrets)),
    ]);
    expect(residues.join('\n\n')).toBe('');
  }
  expect(await recorder.stop()).toEqual({ code: 0, signal: null });
});
