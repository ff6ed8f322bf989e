import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { HOLD_KINDS } from '../contract/hold-kinds.ts';
import { HOLD_STATES } from '../contract/holds.ts';
import { lockFile } from '../db/lock.ts';
import { HOUR_US, MINUTE_US } from '../lib/clock.ts';
import { writeFileDurably } from '../lib/durable.ts';
import { GirokError, systemCode } from '../lib/errors.ts';
import { ID_PATTERN } from '../lib/id-pattern.ts';
import { makeSharedFolder } from '../lib/sharing.ts';
import type { SiteTime } from '../lib/site-time.ts';
import type { Deferral } from './plan.ts';

/**
 * `beginning` (its key is being made) → `copying` → `held` → `ended` by somebody → `erased`. One whose end has come is
 * erased out of any of them, and so is one that never got beyond its beginning.
 */
export type HoldState = (typeof HOLD_STATES)[number];

const seenInSchema = z.object({ viewing: z.string().max(64), purpose: z.string().max(32) });

/** The viewing in which something was seen, and what it was for. */
export type SeenIn = Readonly<z.infer<typeof seenInSchema>>;

const holdSchema = z.object({
  v: z.literal(1),
  id: z.string().regex(ID_PATTERN),
  kind: z.enum(HOLD_KINDS),
  cameras: z.array(z.string().regex(/^[a-z0-9][a-z0-9-]{0,31}$/)).min(1),
  /** What is held, instants: µs UTC. */
  fromUs: z.number().int(),
  toUs: z.number().int(),
  madeUs: z.number().int(),
  reviewUs: z.number().int(),
  endUs: z.number().int(),
  /** Of one that was made because of what somebody saw. */
  seenIn: seenInSchema.optional(),
  state: z.enum(HOLD_STATES),
  /** Files that could not be copied, of one that is held. */
  missed: z.number().int().optional(),
  /** Who did what to it, and why; sealed under the locker's key and gone with it. */
  note: z.string(),
});

export type Hold = Readonly<z.infer<typeof holdSchema>>;

export interface HoldBook {
  /** All there ever were that can be read, oldest first; `damaged` names the others. */
  list(): Promise<Hold[]>;
  /** Pages that cannot be read, by their paths: their lockers stay until somebody has looked. */
  damaged(): Promise<string[]>;
  /** @throws GirokError `database_damaged` */
  read(id: string): Promise<Hold | undefined>;
  /**
   * Writes the page of a new hold as `beginning`, lets `work` make what belongs to it, and writes what that returns;
   * until then nobody else gets at it. @throws GirokError `internal` where it is known already; what `work` throws
   */
  begin(hold: Hold, work: () => Promise<Hold>): Promise<Hold>;
  /**
   * The only way a page changes: read, changed and written under the hold's lock, and only out of one of the states
   * `from`. Durable when it resolves. @returns undefined, with nothing done, for another state or none
   * @throws GirokError `hold_busy`, `database_damaged`; what `change` throws, and then nothing was written
   */
  change(
    id: string,
    from: readonly HoldState[],
    change: (hold: Hold) => Hold | Promise<Hold>,
  ): Promise<Hold | undefined>;
  /** Does something while the hold cannot leave the state `during`. @returns undefined as `change` */
  during<T>(id: string, during: HoldState, work: () => Promise<T>): Promise<{ readonly done: T } | undefined>;
}

/** Nobody holds a lock for longer than a page takes, or the removing of a locker; together about 10 s. */
const LOCK_TRIES = 500;
const LOCK_PAUSE_MS = 20;

/** One page, and one lock that the kernel drops, for each hold. @param folder `<storage>/retention/holds` */
export function createHoldBook(folder: string): HoldBook {
  const pathOf = (id: string) => join(folder, `${id}.json`);
  const write = (hold: Hold) => writeFileDurably(pathOf(hold.id), `${JSON.stringify(hold)}\n`);

  const locked = async <T>(id: string, work: () => Promise<T>): Promise<T> => {
    if (!ID_PATTERN.test(id)) throw new GirokError('internal', { hold: id });
    for (let tries = 0; tries < LOCK_TRIES; tries++) {
      const lock = lockFile(join(folder, `${id}.lock`));
      if (!lock) {
        await pause(LOCK_PAUSE_MS);
        continue;
      }
      try {
        return await work();
      } finally {
        lock.release();
      }
    }
    throw new GirokError('hold_busy', { hold: id });
  };

  // Nothing changes a page any more once its copies are erased.
  const erased = new Map<string, Hold>();
  const look = async () => {
    let names: string[];
    try {
      names = await readdir(folder);
    } catch (error) {
      if (systemCode(error) === 'ENOENT') return { holds: [], damaged: [] };
      throw error;
    }
    const holds: Hold[] = [];
    const damaged: string[] = [];
    for (const name of names.filter((each) => each.endsWith('.json')).sort()) {
      try {
        const hold = erased.get(name) ?? (await readHold(join(folder, name)));
        if (hold) holds.push(hold);
        if (hold?.state === 'erased') erased.set(name, hold);
      } catch (error) {
        if (!(error instanceof GirokError)) throw error;
        damaged.push(join(folder, name));
      }
    }
    return { holds, damaged };
  };

  const read: HoldBook['read'] = async (id) => (ID_PATTERN.test(id) ? readHold(pathOf(id)) : undefined);

  return {
    list: async () => (await look()).holds,
    damaged: async () => (await look()).damaged,
    read,
    async begin(hold, work) {
      makeSharedFolder(folder);
      return locked(hold.id, async () => {
        if (await read(hold.id)) throw new GirokError('internal', { hold: hold.id });
        await write({ ...hold, state: 'beginning' });
        const begun = await work();
        await write(begun);
        return begun;
      });
    },
    change: (id, from, change) =>
      locked(id, async () => {
        const hold = await read(id);
        if (!hold || !from.includes(hold.state)) return undefined;
        const changed = await change(hold);
        await write(changed);
        return changed;
      }),
    during: (id, during, work) =>
      locked(id, async () => {
        const hold = await read(id);
        return hold?.state === during ? { done: await work() } : undefined;
      }),
  };
}

async function readHold(path: string): Promise<Hold | undefined> {
  try {
    return holdSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    if (systemCode(error) !== undefined) throw error;
    throw new GirokError('database_damaged', { path }, { cause: error });
  }
}

export interface LapsedHold {
  readonly hold: string;
  readonly reason: 'ended' | 'lapsed';
}

/** Making a key takes no second: a hold that is still beginning after so long was broken off. */
const BEGINNING_US = 10 * MINUTE_US;

/** Whose copies have to go: ended by somebody, or their end has come. Pure. */
export const lapsedHolds = (holds: readonly Hold[], nowUs: number): LapsedHold[] =>
  holds
    .filter(
      ({ state, endUs, madeUs }) =>
        state === 'ended' ||
        (state !== 'erased' && nowUs >= endUs) ||
        (state === 'beginning' && nowUs >= madeUs + BEGINNING_US),
    )
    .map(({ id, state }) => ({ hold: id, reason: state === 'ended' ? 'ended' : 'lapsed' }));

/** So long before its end nobody can give a hold another one: a purge may be looking at it already. */
const LAST_MOMENT_US = MINUTE_US;

/** Whether a hold can still be taken over, renewed or reviewed. Pure. */
export const isLasting = ({ state, endUs }: Hold, nowUs: number): boolean =>
  (state === 'copying' || state === 'held') && nowUs < endUs - LAST_MOMENT_US;

/** The hours that holds still copy out of; the plan decides for how long. Pure. */
export function deferralsOf(holds: readonly Hold[], siteTime: SiteTime, nowUs: number): Deferral[] {
  return holds
    .filter(({ state, endUs }) => (state === 'beginning' || state === 'copying') && nowUs < endUs)
    .flatMap(({ id, cameras, fromUs, toUs, endUs }) => {
      const hours = hoursOf(fromUs, toUs, siteTime);
      return cameras.flatMap((camera) =>
        [...hours].map(([day, each]) => ({ hold: id, camera, day, hours: [...each], untilUs: endUs })),
      );
    });
}

/** A segment may begin ten minutes before what it reaches into, and the last minute of a day is in the next. */
function hoursOf(fromUs: number, toUs: number, siteTime: SiteTime) {
  const hours = new Map<Deferral['day'], Set<number>>();
  const add = (atUs: number) => {
    const day = siteTime.dayOf(atUs);
    hours.set(day, (hours.get(day) ?? new Set()).add(siteTime.hourOf(atUs)));
  };
  const endUs = toUs + MINUTE_US;
  for (let atUs = fromUs - 10 * MINUTE_US; atUs < endUs; atUs += HOUR_US / 4) add(atUs);
  add(endUs);
  return hours;
}

/**
 * The copies of a hold whose key is gone, and then its page of the book: what it was stays, who and why do not. Under
 * the hold's lock, so that whoever copies can make no file afterwards.
 *
 * @throws GirokError `hold_busy`; the system's error
 */
export async function emptyLocker(
  id: string,
  book: Pick<HoldBook, 'change'>,
  lockers: { remove(hold: string): Promise<void> },
): Promise<void> {
  await book.change(id, ['beginning', 'copying', 'held', 'ended'], async (hold) => {
    await lockers.remove(id);
    return { ...hold, state: 'erased', note: '' };
  });
}
