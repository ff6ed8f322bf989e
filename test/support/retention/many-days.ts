import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createCatalogueReader } from '../../../src/catalogue/reader.ts';
import { createCatalogueWriter } from '../../../src/catalogue/writer.ts';
import type { HoldKind } from '../../../src/contract/hold-kinds.ts';
import { type Clock, DAY_US, HOUR_US, MINUTE_US, SECOND_US, systemClock } from '../../../src/lib/clock.ts';
import { type CameraId, newId, type SegmentId, type StreamKind } from '../../../src/lib/ids.ts';
import { createSiteTime, type LocalDay } from '../../../src/lib/site-time.ts';
import { codecString } from '../../../src/media/codec-string.ts';
import { parseFragment } from '../../../src/media/fmp4/parse-fragment.ts';
import { recoverFromFiles } from '../../../src/recording/recovery.ts';
import { createHoldCopies } from '../../../src/retention/hold-copies.ts';
import { rangeHeld, termsOf } from '../../../src/retention/hold-terms.ts';
import { createHoldBook, type Hold } from '../../../src/retention/holds.ts';
import { copyHold } from '../../../src/stewardship/holds/copying.ts';
import { createKeyring } from '../../../src/vault/keyring.ts';
import { lockerKeyName } from '../../../src/vault/locker-key.ts';
import { salvage } from '../../../src/vault/salvage.ts';
import { createFolderStore } from '../../../src/vault/segment-store.ts';
import { createVault } from '../../../src/vault/vault.ts';
import { fragmentBytes, initSegment } from '../fragments.ts';
import { purgeHome, ROOT_KEY } from './purge-home.ts';

const PURGE = fileURLToPath(new URL('./purge-once.ts', import.meta.url));

export interface ManyDaysOptions {
  readonly days: number;
  readonly cameras: number;
  readonly retentionDays: number;
  readonly firstDay: LocalDay;
  readonly timeZone: string;
  readonly random: () => number;
}

/** What happened in that time. What must never be makes {@link liveManyDays} throw. */
export interface ManyDays {
  readonly cameraDays: number;
  readonly erased: number;
  readonly runs: number;
  readonly kills: number;
  readonly holds: number;
  /** Copies of held footage that were opened, each day anew. */
  readonly copiesOpened: number;
  readonly holdsErased: number;
  /** Runs that put off keys for a hold that was still copying at midnight. */
  readonly deferred: number;
  readonly cameraChanges: number;
}

interface Recorded {
  readonly camera: string;
  readonly day: LocalDay;
  readonly atUs: number;
}

const KINDS: readonly HoldKind[] = ['desk', 'subject_request', 'incident', 'authority'];
const SEGMENT_S = 2;

/**
 * Lives through many days: cameras record, come, go and are replaced; people hold footage and end holds; the purge
 * runs at each midnight and the hours after it, as a process of its own, and is killed at random.
 *
 * @throws at the first byte that went early, stayed late, or was lost to a hold
 */
export async function liveManyDays(options: ManyDaysOptions): Promise<ManyDays> {
  const { random, retentionDays } = options;
  let nowUs = 0;
  const clock: Clock = { ...systemClock, utcUs: () => nowUs };
  const siteTime = createSiteTime(options.timeZone);
  nowUs = siteTime.startOf(options.firstDay) + 5 * MINUTE_US;
  const home = purgeHome(clock, { days: retentionDays, timeZone: options.timeZone });
  const { storage } = home;
  const folders = {
    vault: join(storage, 'vault'),
    evidence: join(storage, 'evidence'),
    holds: join(storage, 'retention', 'holds'),
  };
  const keyring = createKeyring({
    folder: join(storage, 'keys'),
    mirrorFolder: join(storage, 'mirror'),
    rootKey: ROOT_KEY,
    clock,
    siteTime,
    busyTimeoutMs: 5000,
  });
  const store = createFolderStore(folders.vault);
  const vault = createVault({ store, keys: keyring, clock, siteTime });
  const catalogue = join(storage, 'catalogue.db');
  const writer = await createCatalogueWriter({
    path: catalogue,
    clock: systemClock,
    onTrouble: () => undefined,
    onRefused: (kind, fault) => {
      throw new Error(`${kind}: ${fault}`);
    },
    onFatal: (error) => {
      throw error;
    },
  });
  const reader = createCatalogueReader(catalogue);
  const book = createHoldBook(folders.holds);
  const entered: string[] = [];
  const totals = {
    cameraDays: 0,
    erased: 0,
    runs: 0,
    kills: 0,
    holds: 0,
    copiesOpened: 0,
    holdsErased: 0,
    deferred: 0,
    cameraChanges: 0,
  };
  const alive = new Map<string, Recorded>();
  const standing = new Map<string, { hold: Hold; over: boolean }>();
  let names = Array.from({ length: options.cameras }, (_, i) => `cam${String(i + 1).padStart(2, '0')}`);
  let lastName = options.cameras;

  /** One is taken away, and another comes in its place: under a name of its own, or under the old one. */
  const changeCameras = () => {
    if (random() > 0.08) return;
    totals.cameraChanges += 1;
    lastName += 1;
    const [gone] = names.splice(Math.floor(random() * names.length), 1);
    names.push(random() < 0.5 ? `cam${lastName}` : (gone as string));
    names = names.sort();
  };

  const record = async (day: LocalDay) => {
    const ahead = [0, 1, 2, 3].map((days) => siteTime.addDays(day, days));
    keyring.ensureKeys(names as CameraId[], ahead);
    const lengthUs = siteTime.startOf(siteTime.addDays(day, 1)) - siteTime.startOf(day);
    for (const camera of names) {
      const atUs = siteTime.startOf(day) + Math.floor(random() * (lengthUs - MINUTE_US));
      for (const stream of ['main', 'sub'] as const) await seal(vault, camera, stream, atUs, siteTime);
      alive.set(`${camera}/${day}`, { camera, day, atUs });
      totals.cameraDays += 1;
    }
    const covers = (each: { day: string }) => each.day === day;
    await recoverFromFiles({ store, keys: keyring, register: reader.register, writer }, { covers });
    await writer.flush();
  };

  const beginHold = async (which: Recorded) => {
    const range = rangeHeld(which.atUs, which.atUs + SEGMENT_S * SECOND_US, nowUs);
    const kind = KINDS[Math.floor(random() * KINDS.length)] as HoldKind;
    const terms = termsOf(kind, nowUs, nowUs + Math.ceil((0.05 + random() * 2.9) * DAY_US));
    if (!range || !terms) throw new Error('no hold of that');
    const id = newId(nowUs);
    const page: Hold = {
      v: 1,
      id,
      kind,
      cameras: [which.camera],
      ...range,
      madeUs: nowUs,
      ...terms,
      state: 'beginning',
      note: '',
    };
    await book.begin(page, async () => {
      const { camera, day, hour } = lockerKeyName(id);
      keyring.sealingKey(camera as CameraId, day as LocalDay, hour).fill(0);
      return { ...page, state: 'copying' };
    });
    standing.set(id, { hold: { ...page, state: 'copying' }, over: false });
    totals.holds += 1;
    return id;
  };

  const copy = async (id: string) => {
    const each = standing.get(id);
    if (!each || each.over) return;
    const copied = await copyHold(
      {
        clock,
        siteTime,
        retentionDays,
        book,
        accounts: { enter: async ({ event }) => void entered.push(event) },
        keyring,
        catalogue: reader,
        folders,
        reserveBytes: 0,
        space: async () => ({ freeBytes: 1e12 }),
        signal: new AbortController().signal,
      },
      each.hold,
    );
    if (copied.state === 'waiting') return;
    if (copied.state !== 'held' || copied.missed > 0 || copied.files < 2)
      throw new Error(`hold ${id} lost what it holds: ${JSON.stringify(copied)}`);
    standing.set(id, { ...each, hold: { ...each.hold, state: 'held' } });
  };

  const endSomeHolds = async () => {
    for (const [id, each] of standing) {
      if (each.over || random() > 0.1) continue;
      await book.change(id, ['copying', 'held'], (page) => ({ ...page, state: 'ended' }));
      standing.set(id, { ...each, over: true });
    }
  };

  /** @returns false for one that was killed */
  const runPurge = async (mayKill: boolean): Promise<boolean> => {
    totals.runs += 1;
    const args = [PURGE, storage, String(nowUs), options.timeZone, String(retentionDays)];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    let said = '';
    const killed = mayKill && random() < 0.35;
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      if (said === '' && killed) setTimeout(() => child.kill('SIGKILL'), random() * 250);
      said += text;
    });
    const [code, signal] = await new Promise<[number | null, string | null]>((resolve) =>
      child.once('close', (...end) => resolve(end)),
    );
    if (signal === 'SIGKILL') {
      totals.kills += 1;
      return false;
    }
    if (code !== 0) throw new Error(`the purge ended with ${code}`);
    const outcome = JSON.parse(said.slice(said.indexOf('{'))) as {
      kind: string;
      certificate?: { state: string; deferred: unknown[] };
    };
    if (outcome.kind !== 'done' || outcome.certificate?.state === 'incomplete')
      throw new Error(`the purge did not go through: ${said}`);
    if ((outcome.certificate?.deferred.length ?? 0) > 0) totals.deferred += 1;
    return true;
  };

  /** @param late footage that may still be there although it is due: a hold was copying at midnight */
  const examine = async (isOver: boolean) => {
    const { keys, files } = home.openable();
    const present = new Set(files.map((file) => file.slice(0, file.lastIndexOf('/'))));
    const today = siteTime.dayOf(nowUs);
    const oldest = siteTime.addDays(today, -retentionDays);
    for (const [id, { day }] of alive) {
      const lengthUs = siteTime.startOf(siteTime.addDays(day, 1)) - siteTime.startOf(day);
      const hours = Array.from({ length: Math.ceil(lengthUs / HOUR_US) }, (_, hour) => hour);
      const open = hours.filter((hour) => keys.has(`${id}/${hour}`)).length;
      if (day >= oldest) {
        if (open !== hours.length || !present.has(id))
          throw new Error(`early: ${open} of ${hours.length} keys of ${id} on ${today}`);
      } else if (isOver) {
        if (open > 0 || present.has(id)) throw new Error(`late: ${open} keys of ${id} on ${today}`);
        alive.delete(id);
        totals.erased += 1;
      }
    }
    for (const [id, { hold, over }] of standing) {
      const isGone = over || nowUs >= hold.endUs;
      const folder = join(folders.evidence, id);
      if (isGone) {
        if (!isOver) continue;
        const page = await book.read(id);
        if (existsSync(folder) || page?.state !== 'erased') throw new Error(`late: the locker of ${id}`);
        standing.delete(id);
        totals.holdsErased += 1;
      } else if (hold.state === 'held') totals.copiesOpened += await openCopies(id, folder);
    }
  };

  const openCopies = async (id: string, folder: string): Promise<number> => {
    const { camera, day, hour } = lockerKeyName(id);
    const key = keyring.hourKey(camera as CameraId, day as LocalDay, hour);
    const own = { store: createFolderStore(folder), keys: { hourKey: () => Buffer.from(key) } };
    let opened = 0;
    for (const each of await createHoldCopies(folders.holds, id).list()) {
      if ('missed' in each) throw new Error(`hold ${id} lost ${each.file}: ${each.missed}`);
      const found = await salvage({ ...own, factsOf: parseFragment }, each.file);
      if (found.fragmentsRoot.toString('hex') !== each.leaf.fragmentsRoot)
        throw new Error(`hold ${id}: ${each.file} is not what was recorded`);
      opened += 1;
    }
    if (opened < 2) throw new Error(`hold ${id} holds ${opened} files`);
    return opened;
  };

  try {
    for (let n = 0; n < options.days; n++) {
      const day = siteTime.addDays(options.firstDay, n);
      const endUs = siteTime.startOf(siteTime.addDays(day, 1));
      nowUs = siteTime.startOf(day) + 3 * HOUR_US;
      changeCameras();
      await record(day);
      nowUs = endUs - 2 * HOUR_US;
      await endSomeHolds();
      const old = [...alive.values()].filter(({ atUs }) => atUs < nowUs - HOUR_US);
      for (let tries = 0; tries < 3; tries++) {
        const which = old[Math.floor(random() * old.length)];
        if (which && random() < 0.5) await copy(await beginHold(which));
      }
      // Two minutes before midnight somebody needs what is due then; there is not time enough to copy it.
      nowUs = endUs - 2 * MINUTE_US;
      const dueNext = siteTime.addDays(day, -retentionDays);
      const doomed = [...alive.values()].filter((each) => each.day === dueNext);
      const last = doomed[Math.floor(random() * doomed.length)];
      const unfinished = last && random() < 0.4 ? await beginHold(last) : undefined;

      nowUs = endUs;
      await runPurge(true);
      await examine(false);
      if (unfinished) {
        nowUs = endUs + 10 * MINUTE_US;
        await copy(unfinished);
      }
      // The hourly runs after it: whatever was killed or put off is done by the second.
      for (let hour = 1, isDone = false; !isDone; hour++) {
        nowUs = endUs + hour * HOUR_US;
        isDone = await runPurge(hour === 1);
      }
      keyring.dropRetired();
      await examine(true);
    }
    return totals;
  } finally {
    vault.close();
    await reader.close();
    await writer.close();
    keyring.close();
    home.remove();
  }
}

async function seal(
  vault: ReturnType<typeof createVault>,
  camera: string,
  stream: StreamKind,
  startUs: number,
  siteTime: ReturnType<typeof createSiteTime>,
): Promise<void> {
  const init = initSegment();
  const { timescale, width, height, codec, parameterSets } = init.track;
  const identity = {
    camera: camera as CameraId,
    stream,
    day: siteTime.dayOf(startUs),
    hour: siteTime.hourOf(startUs),
    segment: newId<SegmentId>(startUs),
  };
  const facts = {
    run: newId(startUs),
    startUs,
    codec: codecString(codec, parameterSets),
    width,
    height,
    timescale,
    zone: siteTime.zone,
  };
  const writer = vault.create(identity, facts, init.bytes, {
    durable: () => undefined,
    failed: (error) => {
      throw error;
    },
  });
  for (let second = 0; second < SEGMENT_S; second++)
    writer.append(
      fragmentBytes({
        mediaStart: second * timescale,
        durations: [timescale],
        keyFrame: true,
        firstFrame: randomBytes(200),
      }),
    );
  await writer.seal({ endCause: 'rotation', endUs: startUs + SEGMENT_S * SECOND_US, frames: SEGMENT_S });
}

/** Numbers in 0…1 that come again for the same seed. */
export function seeded(seed: string): () => number {
  let n = 0;
  return () => {
    n += 1;
    return createHash('sha256').update(`${seed}/${n}`).digest().readUInt32BE(0) / 2 ** 32;
  };
}
