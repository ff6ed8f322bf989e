import { join } from 'node:path';
import { type Clock, SECOND_US } from '../lib/clock.ts';
import { isGirokError, systemCode } from '../lib/errors.ts';
import { newId } from '../lib/ids.ts';
import type { Alarms } from '../stewardship/alarms.ts';
import { createSpool } from '../stewardship/spool.ts';
import type { Ballast } from './ballast.ts';
import type { SignedCheckpoint } from './checkpoint.ts';
import type { Checkpoints } from './checkpoints.ts';
import { drainSpool } from './drain.ts';
import type { NewEntry } from './entry.ts';
import { type LedgerEvent, URGENT_EVENTS } from './events.ts';
import type { Ledger } from './ledger.ts';
import { apartFrom, type Divergence, keepCheckpoint, readKeptCheckpoint } from './second-place.ts';

export interface KeeperDeps {
  readonly ledger: Ledger;
  readonly checkpoints: Checkpoints;
  /** `<storage>/spool` */
  readonly spool: string;
  /** A file on another disk where there is one: what the ledger was when it was last signed. */
  readonly keptCheckpoint: string;
  /** The checkpoint that a witness has shown once, where the ledger did not contain it. */
  readonly seenElsewhere: string;
  /** Whether that disk is there, and not the empty mount point of one that is away. */
  readonly secondPlaceIsThere: () => boolean;
  /** Room for what must be entered even when the disk is full. */
  readonly ballast: Ballast;
  readonly clock: Clock;
  readonly alarms: Alarms;
  /** Told of each new checkpoint, before anything else happens. */
  signed(checkpoint: SignedCheckpoint): void;
  failed(error: unknown): void;
}

/** What the spool can hold as well: it names nobody and corrects nothing. */
export type OwnEntry = Omit<NewEntry, 'corrects' | 'actor'> &
  LedgerEvent & { readonly actor: 'process:steward' };

/** What the steward does for the ledger: everything that waits is entered, and what is entered is signed. */
export interface Keeper {
  /**
   * One round: drain, compare, sign. Never throws; what fails stands as an alarm and is tried again next time.
   */
  round(): Promise<void>;
  /**
   * Enters something of the steward's own at the next round. While the ledger cannot be written it goes into the spool
   * like what others tell, bounded as theirs is.
   */
  enter(entry: OwnEntry): void;
  /** Resolves when nothing of the steward's own is in memory alone, or after five seconds; tells which. */
  settled(): Promise<boolean>;
  /** Somebody elsewhere has proof of another history: nothing more is entered. */
  incident(seenBy: string, divergence: Divergence): void;
  /** False once the ledger contradicts what somebody else has seen of it, and while only the ballast is left. */
  readonly mayEnter: boolean;
}

/** A checkpoint leaves the machine at most a minute after its entry; the rest of the minute is for the way. */
const SIGN_AFTER_US = 20 * SECOND_US;
const COMPARE_AFTER_US = 60 * SECOND_US;
const SETTLED_WITHIN_MS = 5000;
/** Its folder in the spool. */
const STEWARD = 'steward';
const DISK_IS_FULL = new Set(['SQLITE_FULL', 'ENOSPC', 'EDQUOT']);
/** Whose entries have the ballast's room; all others wait until the disk has room again. */
const ON_BALLAST = ['purge', STEWARD];

export function createKeeper(deps: KeeperDeps): Keeper {
  const { ledger, checkpoints, clock, alarms } = deps;
  const own: { id: string; atUs: number; entry: OwnEntry }[] = [];
  let spoolTrouble: string | undefined;
  const spool = createSpool({
    folder: join(deps.spool, STEWARD),
    clock,
    writer: STEWARD,
    trouble: (standing) => {
      if (standing?.code !== spoolTrouble && standing)
        deps.failed(Object.assign(new Error('spool'), standing));
      spoolTrouble = standing?.code;
    },
  });
  /** How many of its own have gone into the spool; what a steward before this one has left there counts as one. */
  let spooled = 1;
  let taken = 0;
  let isSpooling = false;
  let signedMonoUs = -Infinity;
  let comparedMonoUs = -Infinity;
  let isSound = true;
  let isFull = false;
  let refused = 0;

  const toSpool = () => {
    isSpooling = true;
    for (const { id, atUs, entry } of own.splice(0)) {
      spool.append({ event: entry.event, facts: entry.facts, as: { id, atUs } });
      spooled++;
    }
  };

  const incident = (seenBy: string, facts: { seen?: number; found?: number; kind?: string }) => {
    isSound = false;
    toSpool();
    alarms.raise('ledger_incident', '', { seenBy, ...facts });
  };

  /** Another disk's trouble is an alarm of its own and no reason not to write here. */
  const atSecondPlace = async <T>(task: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await task();
    } catch (error) {
      deps.failed(error);
      alarms.raise('ledger_unmirrored', '', { error: systemCode(error) ?? 'unknown' });
      return undefined;
    }
  };

  /** With what another place has seen. Nothing is entered into a ledger that was cut off or rewritten. */
  const compare = async () => {
    const nowUs = clock.monoUs();
    if (nowUs - comparedMonoUs < COMPARE_AFTER_US) return;
    const kept = await atSecondPlace(() => readKeptCheckpoint(deps.keptCheckpoint));
    const last = checkpoints.last();
    for (const [seenBy, seen] of [
      ['second place', kept],
      ['witness', await readKeptCheckpoint(deps.seenElsewhere)],
      ['site.db', last],
    ] as const) {
      const apart = seen && apartFrom(ledger.rows, seen);
      if (apart) return incident(seenBy, { ...apart });
    }
    comparedMonoUs = nowUs;
  };

  const drain = async (only?: readonly string[]) => {
    for (let isMore = true; isMore; ) {
      const drained = await drainSpool(ledger, deps.spool, only);
      refused += drained.refused;
      if (refused > 0) alarms.raise('spool_refused', '', { refused });
      isMore = drained.waiting > 0;
    }
  };

  const releaseBallast = async () => {
    isFull = true;
    await deps.ballast.release().catch(deps.failed);
  };

  /** A ballast that cannot be had is no reason not to write. */
  const restoreBallast = () =>
    deps.ballast.restore().catch((error: unknown) => {
      deps.failed(error);
      return false;
    });

  const enterOwn = () => {
    if (own.length === 0 || isSpooling) return;
    const entries = own.slice();
    ledger.write((tx) => {
      for (const { id, atUs, entry } of entries) {
        const name = `${STEWARD}/${id}.json`;
        // A commit that failed and took effect all the same.
        if (ledger.rows.ofSpool(name) === undefined) tx.append({ ...entry, atUs }, { spooled: name });
      }
    });
    own.splice(0, entries.length);
  };

  /** What went into the spool comes before what comes after it: an alarm's end must not be entered before the alarm. */
  const takeOwn = async () => {
    while (taken < spooled) {
      // The disk does not have all of it yet: the next round looks again.
      if (spool.waiting > 0) return;
      const seen = spooled;
      await drain([STEWARD]);
      taken = seen;
    }
    isSpooling = false;
  };

  const sign = async () => {
    const last = checkpoints.last();
    const isUrgent = ledger.rows.hasEvent(URGENT_EVENTS, last?.size ?? 0);
    if (!isUrgent && clock.monoUs() - signedMonoUs < SIGN_AFTER_US) return;
    const made = checkpoints.make();
    if (!made) return;
    signedMonoUs = clock.monoUs();
    deps.signed(made);
    await atSecondPlace(async () => {
      if (!deps.secondPlaceIsThere()) throw Object.assign(new Error('not mounted'), { code: 'ENODEV' });
      await keepCheckpoint(deps.keptCheckpoint, made);
      alarms.clear('ledger_unmirrored', '');
    });
  };

  return {
    async round() {
      try {
        await compare();
        if (!isSound) return toSpool();
        // Until the ballast is back, what lies there now is kept for those who need it.
        if (await restoreBallast()) isFull = false;
        await takeOwn();
        enterOwn();
        await drain(isFull ? ON_BALLAST : undefined);
        if (!isFull) alarms.clear('ledger_blocked', '');
        enterOwn();
        await sign();
      } catch (error) {
        deps.failed(error);
        toSpool();
        if (isGirokError(error, 'ledger_damaged')) return incident('site.db', {});
        const code = systemCode(error) ?? 'unknown';
        alarms.raise('ledger_blocked', '', { error: code });
        if (!isFull && DISK_IS_FULL.has(code)) await releaseBallast();
      }
    },
    incident: (seenBy, divergence) => incident(seenBy, { ...divergence }),
    enter(entry) {
      const atUs = entry.atUs ?? clock.utcUs();
      own.push({ id: newId(atUs), atUs, entry });
      if (isSpooling) toSpool();
    },
    settled: () => spool.settled(SETTLED_WITHIN_MS),
    get mayEnter() {
      return isSound && !isFull;
    },
  };
}
