import { type Clock, SECOND_US } from '../lib/clock.ts';
import { isGirokError, systemCode } from '../lib/errors.ts';
import type { Alarms } from '../stewardship/alarms.ts';
import type { Ballast } from './ballast.ts';
import type { SignedCheckpoint } from './checkpoint.ts';
import type { Checkpoints } from './checkpoints.ts';
import { drainSpool } from './drain.ts';
import type { NewEntry } from './entry.ts';
import { URGENT_EVENTS } from './events.ts';
import type { Ledger } from './ledger.ts';
import { followsOn } from './origin.ts';
import { type Divergence, divergence, keepCheckpoint, readKeptCheckpoint } from './second-place.ts';

export interface KeeperDeps {
  readonly ledger: Ledger;
  readonly checkpoints: Checkpoints;
  /** First line of the checkpoints that concern this log. */
  readonly origin: string;
  /** `<storage>/spool` */
  readonly spool: string;
  /** A file on another disk where there is one: what the ledger was when it was last signed. */
  readonly keptCheckpoint: string;
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

/** What the steward does for the ledger: everything that waits is entered, and what is entered is signed. */
export interface Keeper {
  /**
   * One round: drain, compare, sign. Never throws; what fails stands as an alarm and is tried again next time.
   */
  round(): Promise<void>;
  /** Enters something of the steward's own, at the next round where the ledger cannot be written now. */
  enter(entry: NewEntry): void;
  /** Somebody elsewhere has proof of another history: nothing more is entered. */
  incident(seenBy: string, divergence: Divergence): void;
  /** False once the ledger contradicts what somebody else has seen of it, and while only the ballast is left. */
  readonly mayEnter: boolean;
}

/** A checkpoint leaves the machine at most a minute after its entry; the rest of the minute is for the way. */
const SIGN_AFTER_US = 20 * SECOND_US;
const COMPARE_AFTER_US = 60 * SECOND_US;
const MOST_UNWRITTEN = 1000;
const DISK_IS_FULL = new Set(['SQLITE_FULL', 'ENOSPC', 'EDQUOT']);
/** Whose entries have the ballast's room; all others wait until the disk has room again. */
const ON_BALLAST = ['purge'];

export function createKeeper(deps: KeeperDeps): Keeper {
  const { ledger, checkpoints, clock, alarms } = deps;
  const own: NewEntry[] = [];
  let signedMonoUs = -Infinity;
  let comparedMonoUs = -Infinity;
  let isSound = true;
  let isFull = false;
  let refused = 0;

  const incident = (seenBy: string, facts: { seen?: number; found?: number; kind?: string }) => {
    isSound = false;
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
      ['site.db', last],
    ] as const) {
      if (!seen || followsOn(deps.origin, seen.origin)) continue;
      // Of another log: the one that was here is gone, and nobody has begun anew on the record.
      const apart =
        seen.origin === deps.origin
          ? divergence(ledger.rows, seen)
          : { kind: 'different', seen: seen.size, found: ledger.rows.size() };
      if (apart) return incident(seenBy, { ...apart });
    }
    comparedMonoUs = nowUs;
  };

  const drain = async () => {
    for (let isMore = true; isMore; ) {
      const drained = await drainSpool(ledger, deps.spool, isFull ? ON_BALLAST : undefined);
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
    if (own.length === 0) return;
    const entries = own.slice();
    ledger.write((tx) => {
      for (const entry of entries) tx.append(entry);
    });
    own.splice(0, entries.length);
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
        if (!isSound) return;
        // Until the ballast is back, what lies there now is kept for those who need it.
        if (await restoreBallast()) isFull = false;
        enterOwn();
        await drain();
        if (!isFull) alarms.clear('ledger_blocked', '');
        enterOwn();
        await sign();
      } catch (error) {
        deps.failed(error);
        if (isGirokError(error, 'ledger_damaged')) return incident('site.db', {});
        const code = systemCode(error) ?? 'unknown';
        alarms.raise('ledger_blocked', '', { error: code });
        if (!isFull && DISK_IS_FULL.has(code)) await releaseBallast();
      }
    },
    incident: (seenBy, divergence) => incident(seenBy, { ...divergence }),
    enter(entry) {
      if (own.length < MOST_UNWRITTEN) own.push({ atUs: clock.utcUs(), ...entry });
    },
    get mayEnter() {
      return isSound && !isFull;
    },
  };
}
