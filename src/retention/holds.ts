import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { DAY_US, HOUR_US, MINUTE_US } from '../lib/clock.ts';
import { writeFileDurably } from '../lib/durable.ts';
import { GirokError, systemCode } from '../lib/errors.ts';
import { ID_PATTERN } from '../lib/ids.ts';
import type { SiteTime } from '../lib/site-time.ts';
import type { LockerFolders } from '../vault/erase-locker.ts';
import type { Deferral } from './plan.ts';

/**
 * Why footage is kept beyond its time (domain rules §4.6). `desk`: any member of staff, until a request is
 * entered. The others have a reason of their own to end.
 */
export const HOLD_KINDS = ['desk', 'subject_request', 'authority', 'incident', 'operating_room'] as const;
export type HoldKind = (typeof HOLD_KINDS)[number];

/** Longest and usual time a hold may stand, days. It is renewed by a new one, with a reason of its own. */
export const HOLD_DAYS: Readonly<Record<HoldKind, { readonly usual: number; readonly most: number }>> = {
  desk: { usual: 3, most: 3 },
  subject_request: { usual: 30, most: 90 },
  authority: { usual: 30, most: 365 },
  incident: { usual: 30, most: 30 },
  operating_room: { usual: 30, most: 30 },
};
/** Somebody has to look at it again by then. */
export const REVIEW_DAYS = 30;
/** Only what is needed: a day is plenty, and it bounds what one hold can put off. */
export const LONGEST_RANGE_US = DAY_US;

const holdSchema = z.object({
  v: z.literal(1),
  id: z.string().regex(ID_PATTERN),
  kind: z.enum(HOLD_KINDS),
  cameras: z.array(z.string().regex(/^[a-z0-9][a-z0-9-]{0,31}$/)).min(1),
  /** Instants: µs UTC. */
  fromUs: z.number().int(),
  toUs: z.number().int(),
  madeUs: z.number().int(),
  reviewUs: z.number().int(),
  endUs: z.number().int(),
  /** `copying` → `held` → `ended` by somebody → `erased`; one whose end has come is erased out of any of them. */
  state: z.enum(['copying', 'held', 'ended', 'erased']),
  /** Who asked, and why; sealed under the locker's key and gone with it. */
  note: z.string(),
  files: z.array(z.object({ file: z.string(), leaf: z.record(z.string(), z.unknown()) })),
});

export type Hold = Readonly<z.infer<typeof holdSchema>>;

export interface HoldBook {
  /** All there ever were, oldest first. @throws GirokError `database_damaged` */
  list(): Promise<Hold[]>;
  /** Durable when it resolves. */
  write(hold: Hold): Promise<void>;
}

/** One file for each hold. @param folder `<storage>/retention/holds` */
export function createHoldBook(folder: string): HoldBook {
  return {
    async list() {
      let names: string[];
      try {
        names = await readdir(folder);
      } catch (error) {
        if (systemCode(error) === 'ENOENT') return [];
        throw error;
      }
      const ours = names.filter((name) => name.endsWith('.json')).sort();
      return Promise.all(ours.map((name) => readHold(join(folder, name))));
    },
    async write(hold) {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await writeFileDurably(join(folder, `${hold.id}.json`), `${JSON.stringify(hold)}\n`);
    },
  };
}

async function readHold(path: string): Promise<Hold> {
  const text = await readFile(path, 'utf8');
  try {
    return holdSchema.parse(JSON.parse(text));
  } catch (error) {
    throw new GirokError('database_damaged', { path }, { cause: error });
  }
}

export interface LapsedHold {
  readonly hold: string;
  readonly reason: 'ended' | 'lapsed';
}

/** Whose copies have to go: ended by somebody, or their end has come. Pure. */
export const lapsedHolds = (holds: readonly Hold[], nowUs: number): LapsedHold[] =>
  holds
    .filter(({ state, endUs }) => state === 'ended' || (state !== 'erased' && nowUs >= endUs))
    .map(({ id, state }) => ({ hold: id, reason: state === 'ended' ? 'ended' : 'lapsed' }));

/** The hours that holds still copy out of; the plan decides for how long. Pure. */
export function deferralsOf(holds: readonly Hold[], siteTime: SiteTime, nowUs: number): Deferral[] {
  return holds
    .filter(({ state, endUs }) => state === 'copying' && nowUs < endUs)
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

/** The copies of a hold whose key is gone, and then its page of the book: what it was stays, who and why do not. */
export async function emptyLocker(id: string, book: HoldBook, lockers: LockerFolders): Promise<void> {
  await lockers.remove(id);
  const hold = (await book.list()).find((each) => each.id === id);
  if (hold) await book.write({ ...hold, state: 'erased', note: '' });
}
