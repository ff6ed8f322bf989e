import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { CatalogueReader } from '../../catalogue/reader.ts';
import type { SegmentEntry } from '../../catalogue/segments.ts';
import { type Clock, HOUR_US, SECOND_US } from '../../lib/clock.ts';
import { type GirokError, isGirokError, systemCode } from '../../lib/errors.ts';
import type { CameraId } from '../../lib/ids.ts';
import { makeSharedFolder } from '../../lib/sharing.ts';
import type { SiteTime } from '../../lib/site-time.ts';
import { parseFragment } from '../../media/fmp4/parse-fragment.ts';
import type { Accounts } from '../../retention/accounts.ts';
import { createHoldCopies } from '../../retention/hold-copies.ts';
import type { Hold, HoldBook } from '../../retention/holds.ts';
import { dueUs } from '../../retention/plan.ts';
import type { Keyring } from '../../vault/keyring.ts';
import { createLocker } from '../../vault/locker.ts';
import { lockerKey } from '../../vault/locker-key.ts';
import { createFolderStore } from '../../vault/segment-store.ts';
import { pacedStore } from './pace.ts';

export interface CopyingDeps {
  readonly clock: Clock;
  readonly siteTime: SiteTime;
  readonly retentionDays: number;
  readonly book: HoldBook;
  readonly accounts: Pick<Accounts, 'enter'>;
  /** For reading; the caller closes it. Its retired wrapping key is dropped while the copying goes on. */
  readonly keyring: Pick<Keyring, 'hourKey' | 'dropRetired'>;
  readonly catalogue: Pick<CatalogueReader, 'segmentsIn'>;
  readonly folders: { readonly vault: string; readonly evidence: string; readonly holds: string };
  readonly reserveBytes: number;
  /** Room on the disk of the lockers. */
  readonly space: () => Promise<{ readonly freeBytes: number }>;
  readonly signal: AbortSignal;
  readonly onProgress?: (done: number, of: number) => void;
}

/**
 * How far one look has brought a hold. `waiting`: for a file that is still being written, or for what the catalogue
 * has not been told yet; `no_room`: copying would reach into the reserve that is recording's; `over`: it ended
 * meanwhile.
 */
export type Copied =
  | { readonly state: 'held'; readonly files: number; readonly missed: number }
  | { readonly state: 'waiting' | 'no_room' | 'over' };

/** So long after its range has ended the catalogue knows of all that was begun in it. */
const SETTLED_US = 10 * SECOND_US;
/** Recording goes on until the reserve itself: copying stops this much earlier. A small disk needs no more than it has. */
const ROOM_BYTES = 128 * 1024 * 1024;
const LOOK_US = SECOND_US;
/** The most that copying rests at a time; it rests as long as it works. */
const LONGEST_REST_MS = 50;
/** Before footage is due, copying is no longer the least important thing on the machine. */
const URGENT_US = 2 * HOUR_US;
const AT_ONCE = 2000;

/**
 * Copies what a hold covers and does not have yet, once through; run again it goes on. The caller sees to it that
 * nobody else copies at the same time. Reads at low priority and in pieces of about 1 MB.
 *
 * @throws the signal's reason; GirokError `key_missing` where the locker's key is gone, `segment_unreadable`, of the
 *   keyring, the catalogue and the book; the system's error. All is as it was, and can be gone on with.
 */
export async function copyHold(deps: CopyingDeps, hold: Hold): Promise<Copied> {
  const { clock, book, folders } = deps;
  const copies = createHoldCopies(folders.holds, hold.id);
  const listed = await copies.list();
  const known = new Set(listed.map(({ file }) => file));
  let missed = listed.filter((each) => 'missed' in each).length;
  const halt = createHalt(deps, hold);
  const key = lockerKey(deps.keyring, hold.id);
  try {
    const through = (store: Parameters<typeof pacedStore>[0]) => pacedStore(store, halt.step);
    const vault = {
      store: through(createFolderStore(folders.vault)),
      keys: deps.keyring,
      factsOf: parseFragment,
    };
    makeSharedFolder(folders.evidence);
    const locker = createLocker({
      root: join(folders.evidence, hold.id),
      key,
      vault,
      through,
      creating: async (create) => {
        const made = await book.during(hold.id, 'copying', create);
        if (!made) throw halt.now('over');
        return made.done;
      },
    });
    const isSettled = clock.utcUs() >= hold.toUs + SETTLED_US;
    const covered = await segmentsOf(deps.catalogue, hold);
    const complete = covered.filter(({ state }) => state !== 'open');
    const wanted = await copies.wanted();
    if (!wanted) await copies.want(complete.map(({ file }) => file));
    const there = new Set(covered.map(({ file }) => file));
    for (const file of wanted ?? []) {
      if (there.has(file) || known.has(file)) continue;
      await copies.add({ file, missed: 'key_missing' });
      known.add(file);
      missed += 1;
    }
    let unread: GirokError | undefined;
    for (const [done, { file, bytes }] of complete.entries()) {
      deps.onProgress?.(done, complete.length);
      if (known.has(file)) continue;
      await halt.look(bytes);
      try {
        await copies.add({ file, leaf: await locker.copy(file) });
      } catch (error) {
        // One whose hold is over loses its files too: that is no loss.
        await halt.look();
        const lost = lostBy(error);
        if (lost) {
          await copies.add({ file, missed: lost });
          missed += 1;
        } else if (isGirokError(error, 'segment_unreadable')) {
          unread = error;
          continue;
        } else throw error;
      }
      known.add(file);
    }
    deps.onProgress?.(complete.length, complete.length);
    if (unread) throw unread;
    if (complete.length < covered.length || !isSettled) return { state: 'waiting' };
    const held = await book.change(hold.id, ['copying'], async (page) => {
      await deps.accounts.enter({
        event: 'hold.copied',
        facts: { hold: hold.id, files: known.size - missed, missed },
      });
      return { ...page, state: 'held', ...(missed > 0 && { missed }) };
    });
    return held ? { state: 'held', files: known.size - missed, missed } : { state: 'over' };
  } catch (error) {
    deps.signal.throwIfAborted();
    if (halt.reason) return { state: halt.reason };
    if (isFull(error)) return { state: 'no_room' };
    throw error;
  } finally {
    key.fill(0);
  }
}

/** It is damaged, gone, or its time was over. Anything else may be the disk's fault, and is tried again. */
function lostBy(error: unknown): string | undefined {
  if (isGirokError(error, 'segment_damaged') || isGirokError(error, 'key_missing')) return error.code;
  if (isGirokError(error, 'segment_unreadable') && error.facts.reason === 'ENOENT') return error.code;
  return undefined;
}

const isFull = (error: unknown): boolean => ['ENOSPC', 'EDQUOT'].includes(systemCode(error) ?? '');

/** Looks once a second whether there is still reason and room to copy, and rests in between. */
function createHalt(deps: CopyingDeps, hold: Hold) {
  const { clock, siteTime, signal, reserveBytes } = deps;
  const dueAtUs = dueUs(siteTime.dayOf(hold.fromUs), deps.retentionDays, siteTime);
  let reason: 'over' | 'no_room' | undefined;
  let lookedUs = -Infinity;
  let restedUs = clock.monoUs();

  const now = (why: 'over' | 'no_room') => {
    reason = why;
    return new Error(why);
  };
  const look = async (bytes = 0) => {
    signal.throwIfAborted();
    if (reason) throw new Error(reason);
    lookedUs = clock.monoUs();
    deps.keyring.dropRetired();
    const page = await deps.book.read(hold.id);
    if (page?.state !== 'copying' || clock.utcUs() >= page.endUs) throw now('over');
    const { freeBytes } = await deps.space();
    if (freeBytes - bytes < reserveBytes + Math.min(ROOM_BYTES, reserveBytes)) throw now('no_room');
  };
  return {
    now,
    look,
    get reason() {
      return reason;
    },
    async step() {
      signal.throwIfAborted();
      if (clock.monoUs() - lookedUs >= LOOK_US) await look();
      if (clock.utcUs() < dueAtUs - URGENT_US) {
        const workedMs = (clock.monoUs() - restedUs) / 1000;
        await pause(Math.min(workedMs, LONGEST_REST_MS));
      }
      restedUs = clock.monoUs();
    },
  };
}

/** Both streams of each camera, oldest first; a segment that reaches into the range counts whole. */
async function segmentsOf(
  catalogue: CopyingDeps['catalogue'],
  { cameras, fromUs, toUs }: Hold,
): Promise<Pick<SegmentEntry, 'file' | 'state' | 'bytes'>[]> {
  const found = new Map<string, Pick<SegmentEntry, 'file' | 'state' | 'bytes'>>();
  for (const camera of cameras) {
    for (const stream of ['main', 'sub'] as const) {
      const ref = { camera: camera as CameraId, stream };
      for (let atUs = fromUs; ; ) {
        const some = await catalogue.segmentsIn(ref, { fromUs: atUs, toUs, limit: AT_ONCE });
        for (const { file, state, bytes } of some) found.set(file, { file, state, bytes });
        const last = some.at(-1);
        if (some.length < AT_ONCE || !last || last.startUs <= atUs) break;
        atUs = last.startUs;
      }
    }
  }
  return [...found.values()];
}
