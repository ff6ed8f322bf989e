import type { Principal } from '../access/policy.ts';
import type { Database } from '../db/open.ts';
import { createViewingRows, type ViewingRow } from '../db/site/viewing-rows.ts';
import type { Actor } from '../ledger/entry.ts';
import type { VIEWING_OUTCOMES } from '../ledger/events/viewing.ts';
import type { LedgerTransaction } from '../ledger/ledger.ts';
import { type Clock, isoFromUs, MINUTE_US, SECOND_US } from '../lib/clock.ts';
import { GirokError } from '../lib/errors.ts';
import type { StreamKind } from '../lib/ids.ts';
import { type Grant, grantOf, refusalOf, type ViewingRefusal, type ViewingRules } from './rules.ts';
import { createTally, type HandedOut, type Tally } from './tally.ts';
import type { ViewingWriting } from './writing.ts';

export type Outcome = (typeof VIEWING_OUTCOMES)[number];

/** Who asks, as they are now: read anew at each look. Undefined once the session is gone. */
export type PrincipalNow = () => Principal | undefined;

/** The footage's own time, µs UTC. */
export interface FootageRange {
  readonly fromUs: number;
  readonly toUs: number;
}

/** One way of footage to one person. */
export interface Passage {
  /**
   * Refuses footage outside of what was granted.
   *
   * @returns what of the range was granted
   * @throws GirokError `viewing_refused` {why: not_approved}
   */
  within(range: FootageRange): FootageRange;
  /** Aborted with a GirokError once nothing more may be handed out. */
  readonly signal: AbortSignal;
  /**
   * Counts what is handed out: that is what the ledger will say was seen.
   *
   * @throws the signal's reason once it is cut; whoever listens to the signal may still count what left before.
   *   GirokError `viewing_over` once it was ended
   */
  handOut(part: FootageRange & { readonly bytes: number }): void;
  /** Nothing goes this way any more: what left is to be counted before. */
  end(): void;
}

export interface Asked {
  readonly principal: PrincipalNow;
  readonly viewing: string;
  readonly camera: string;
  readonly stream: StreamKind;
}

/** The one way to bytes of footage, recorded and live. */
export interface Gate {
  /**
   * Recorded footage.
   *
   * @throws GirokError `viewing_unknown`, `viewing_over` {outcome}, `viewing_refused` {why}, `viewing_unrecorded`
   */
  open(asked: Asked): Passage;
  /** Live pictures. @throws as {@link open} */
  live(asked: Asked): Passage;
  /** By whoever looked: nothing was seen, or something was. @param incident what it is noted under */
  close(principal: Principal, viewing: string, outcome: 'no_finding' | 'incident', incident?: string): void;
  /** Somebody signed out, or was signed out: their viewings end. */
  signedOut(account: string): void;
  /** Closes what a process that died left open, with what is known. To be called once, before anything is served. */
  recover(): number;
  /** Ends everything as `lost`; what cannot be entered now is at the next start. */
  stop(): void;
}

export interface GateDeps {
  readonly writing: ViewingWriting;
  readonly db: Database;
  readonly clock: Clock;
  readonly rules: ViewingRules;
  readonly failed: (error: unknown) => void;
}

/** Running streams are looked at again, and what was handed out is kept for the case of a crash. */
const LOOK_MS = 2000;
const ENTERED_WITHIN_US = 20 * SECOND_US;
const IDLE_US = 10 * MINUTE_US;
/** Kept in memory to say once, not a thousand times, that somebody was turned away. */
const MOST_TOLD = 1000;

interface Watched {
  readonly row: ViewingRow;
  principal: PrincipalNow | undefined;
  /** With what closes each for good. */
  readonly passages: Map<AbortController, () => void>;
  readonly tally: Tally;
  activeMonoUs: number;
  /** When the oldest part of the tally was counted. */
  sinceMonoUs: number | undefined;
  isKept: boolean;
  /** Shut, and not entered yet since the ledger could not take it. */
  ending: { outcome: Outcome; incident?: string | undefined } | undefined;
}

export function createGate({ writing, db, clock, rules, failed }: GateDeps): Gate {
  const rows = createViewingRows(db);
  const watched = new Map<string, Watched>();
  const told = new Set<string>();
  /** Something that was handed out could not be entered: nothing more is until it is. */
  let isBlocked = false;

  const watchedOf = (row: ViewingRow): Watched => {
    const known = watched.get(row.id);
    if (known) return known;
    const fresh: Watched = {
      row,
      principal: undefined,
      passages: new Map(),
      tally: createTally(),
      activeMonoUs: clock.monoUs(),
      sinceMonoUs: undefined,
      isKept: true,
      ending: undefined,
    };
    watched.set(row.id, fresh);
    return fresh;
  };

  const cut = (one: Watched, error: GirokError) => {
    for (const [controller, over] of one.passages) {
      controller.abort(error);
      over();
    }
    one.passages.clear();
  };

  const enter = (tx: LedgerTransaction, { row, tally }: Pick<Watched, 'row' | 'tally'>) => {
    for (const stretch of tally.stretches) {
      const { camera, stream, fromUs, toUs, bytes, startedUs, endedUs } = stretch;
      tx.append({
        event: 'viewing.delivered',
        facts: {
          viewing: row.id,
          camera,
          stream,
          from: isoFromUs(fromUs),
          to: isoFromUs(toUs),
          bytes,
          startedAt: isoFromUs(startedUs),
          endedAt: isoFromUs(endedUs),
        },
        actor: `person:${row.account}`,
      });
    }
    createViewingRows(tx.db).keepUnentered(row.id, '[]');
  };

  const entered = (one: Watched) => {
    one.tally.clear();
    one.sinceMonoUs = undefined;
    one.isKept = true;
  };

  const enterClosing = (tx: LedgerTransaction, one: Pick<Watched, 'row' | 'tally' | 'ending'>) => {
    if (!one.ending) return;
    const { outcome, incident } = one.ending;
    enter(tx, one);
    if (!createViewingRows(tx.db).closeViewing(one.row.id, clock.utcUs(), outcome)) return;
    const byThemselves = outcome === 'no_finding' || outcome === 'incident' || outcome === 'signed_out';
    const actor: Actor = byThemselves ? `person:${one.row.account}` : 'process:web';
    tx.append({
      event: 'viewing.closed',
      facts: { viewing: one.row.id, outcome, ...(incident !== undefined && { incident }) },
      actor,
    });
  };

  /** Cut at once, entered now or as soon as the ledger takes it. */
  const shut = (one: Watched, outcome: Outcome, incident?: string) => {
    one.ending ??= { outcome, incident };
    cut(one, new GirokError('viewing_over', { state: one.ending.outcome }));
    writing.write((tx) => enterClosing(tx, one));
    watched.delete(one.row.id);
  };

  /** Why this viewing may not go on. @param principal whoever looks, as they are at this moment */
  const endOf = (
    one: Watched,
    nowUs: number,
    principal: Principal | undefined = one.principal?.(),
  ): Outcome | undefined => {
    const row = rows.grant(one.row.grantId);
    if (!row) return 'revoked';
    const grant = grantOf(row);
    if (one.principal) {
      if (!principal) return 'signed_out';
      const why = refusalOf(principal, grant, grant.cameras, rules, nowUs);
      if (why) return why === 'expired' ? 'expired' : 'revoked';
    } else if (grant.state !== 'made') return 'revoked';
    else if (nowUs >= (grant.untilUs ?? 0)) return 'expired';
    // Also where a connection is held open through which nothing goes.
    return clock.monoUs() - one.activeMonoUs > IDLE_US ? 'idle' : undefined;
  };

  /** Everything that was handed out and is not entered: all of it where `all`, else what has waited long enough. */
  const enterDue = (all: boolean) => {
    const due = [...watched.values()].filter(
      ({ sinceMonoUs }) =>
        sinceMonoUs !== undefined && (all || clock.monoUs() - sinceMonoUs >= ENTERED_WITHIN_US),
    );
    const kept = [...watched.values()].filter((one) => !one.isKept && !due.includes(one));
    if (due.length + kept.length === 0 && !all) return;
    writing.write((tx) => {
      for (const one of due) enter(tx, one);
      const inside = createViewingRows(tx.db);
      for (const { row, tally } of kept) inside.keepUnentered(row.id, JSON.stringify(tally.stretches));
    });
    for (const one of due) entered(one);
    for (const one of kept) one.isKept = true;
  };

  /** Whatever keeps it from being entered ends all viewing, until it can be. */
  const guarded = (work: () => void) => {
    try {
      work();
      return true;
    } catch (error) {
      failed(error);
      isBlocked = true;
      for (const one of watched.values()) cut(one, new GirokError('viewing_unrecorded'));
      return false;
    }
  };

  const look = () => {
    const nowUs = clock.utcUs();
    guarded(() => {
      // While it cannot enter what was seen, only its own writing shows that it is over.
      if (!isBlocked) writing.look();
      for (const row of rows.openViewings()) watchedOf(row);
    });
    for (const one of [...watched.values()])
      guarded(() => {
        const end = one.ending?.outcome ?? endOf(one, nowUs);
        if (end) shut(one, end);
      });
    if (guarded(() => enterDue(isBlocked)) && isBlocked) isBlocked = false;
  };
  const stopLooking = clock.every(LOOK_MS, look);

  /** Said once of each person, viewing and camera. */
  const turnAway = (
    principal: Principal,
    { viewing, camera }: Asked,
    why: ViewingRefusal,
    row?: ViewingRow,
  ) => {
    const key = `${principal.account} ${viewing} ${camera} ${why}`;
    if (told.has(key)) return;
    writing.write((tx) =>
      tx.append({
        event: 'viewing.refused',
        facts: { kind: row?.kind ?? 'recorded', cameras: [camera], why },
        actor: `person:${principal.account}`,
      }),
    );
    if (told.size >= MOST_TOLD) told.clear();
    told.add(key);
  };

  const pass = (asked: Asked, kind: Grant['kind']): Passage => {
    const principal = asked.principal();
    if (!principal) throw new GirokError('viewing_refused', { why: 'expired' });
    const row = rows.viewing(asked.viewing);
    if (!row) throw new GirokError('viewing_unknown');
    const refuse = (why: ViewingRefusal) => {
      turnAway(principal, asked, why, row);
      return new GirokError('viewing_refused', { why });
    };
    // Of somebody else's viewing nothing is said, not even whether it is over.
    if (row.account !== principal.account) throw refuse('no_right');
    if (row.outcome !== null) throw new GirokError('viewing_over', { state: row.outcome });
    const one = watchedOf(row);
    if (one.ending) throw new GirokError('viewing_over', { state: one.ending.outcome });
    one.principal = asked.principal;
    const nowUs = clock.utcUs();
    const end = endOf(one, nowUs, principal);
    if (end) {
      shut(one, end);
      throw new GirokError('viewing_over', { state: end });
    }
    const grantRow = rows.grant(row.grantId);
    if (!grantRow) throw refuse('revoked');
    const grant = grantOf(grantRow);
    if (grant.kind !== kind || !grant.cameras.includes(asked.camera)) throw refuse('no_right');
    if (isBlocked) throw new GirokError('viewing_unrecorded');

    const controller = new AbortController();
    let isOver = false;
    one.activeMonoUs = clock.monoUs();
    const passage: Passage = {
      within(range) {
        const fromUs = Math.max(range.fromUs, grant.fromUs ?? Infinity);
        const toUs = Math.min(range.toUs, grant.toUs ?? -Infinity);
        if (fromUs >= toUs) throw refuse('not_approved');
        return { fromUs, toUs };
      },
      signal: controller.signal,
      handOut({ bytes, ...seen }) {
        if (isOver) throw controller.signal.reason ?? new GirokError('viewing_over');
        const atUs = clock.utcUs();
        one.activeMonoUs = clock.monoUs();
        one.sinceMonoUs ??= one.activeMonoUs;
        one.isKept = false;
        const { camera, stream } = asked;
        one.tally.add({ camera, stream, ...seen, bytes, startedUs: atUs, endedUs: atUs });
      },
      end() {
        // No cut reaches it any more: what it counted after the viewing's close would never be entered.
        isOver = true;
        one.passages.delete(controller);
      },
    };
    one.passages.set(controller, () => {
      isOver = true;
    });
    return passage;
  };

  return {
    open: (asked) => pass(asked, 'recorded'),
    live: (asked) => pass(asked, 'live'),

    close(principal, viewing, outcome, incident) {
      const row = rows.viewing(viewing);
      if (!row || row.account !== principal.account) throw new GirokError('viewing_unknown');
      const one = row.outcome === null ? watchedOf(row) : undefined;
      const before = one?.ending?.outcome ?? row.outcome;
      if (!one || before !== null) throw new GirokError('viewing_over', { state: before ?? undefined });
      shut(one, outcome, incident);
    },

    signedOut(account) {
      for (const row of rows.openViewings())
        if (row.account === account) guarded(() => shut(watchedOf(row), 'signed_out'));
    },

    recover() {
      const left = rows.openViewings().filter(({ id }) => !watched.has(id));
      for (const row of left) {
        const tally = createTally(JSON.parse(row.unentered) as HandedOut[]);
        writing.write((tx) => enterClosing(tx, { row, tally, ending: { outcome: 'lost' } }));
      }
      return left.length;
    },

    stop() {
      stopLooking();
      guarded(() => {
        for (const row of rows.openViewings()) watchedOf(row);
      });
      for (const one of [...watched.values()]) guarded(() => shut(one, 'lost'));
    },
  };
}
