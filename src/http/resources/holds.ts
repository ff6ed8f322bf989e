import { z } from 'zod';
import type { ZoneClass } from '../../access/policy.ts';
import {
  deskHoldInput,
  type HoldView,
  holdChangeInput,
  holdPageSchema,
  holdReasonSchema,
  holdSchema,
  oneHold,
  renewInput,
  takeOverInput,
} from '../../contract/holds.ts';
import { type Clock, DAY_US, isoFromUs } from '../../lib/clock.ts';
import { GirokError } from '../../lib/errors.ts';
import { RENEWABLE } from '../../retention/hold-terms.ts';
import type { Hold, SeenIn } from '../../retention/holds.ts';
import { type HoldActs, type Holder, revisionOf } from '../../stewardship/holds/acts.ts';
import type { ListedHold } from '../../stewardship/holds/listing.ts';
import type { HoldNote } from '../../stewardship/holds/note.ts';
import type { Session } from '../ports.ts';
import { type Call, type Route, route } from '../route.ts';

export interface HoldDeps {
  list(): Promise<readonly ListedHold[]>;
  find(id: string): Promise<ListedHold | undefined>;
  /**
   * Who did what to these holds, and why, oldest first; that it was shown is on disk. Empty for one whose key is gone.
   *
   * @throws GirokError of ledger and keyring
   */
  notesOf(holds: readonly Hold[], by: Pick<Session, 'account' | 'name'>): ReadonlyMap<string, HoldNote>;
  /** Does something in this person's name. @throws as {@link HoldActs} */
  acts(by: Pick<Session, 'account'>): HoldActs;
  /**
   * What somebody saw in a viewing of their own, as a hold may be asked for of it.
   *
   * @throws GirokError `viewing_unknown`, `viewing_refused` {why} for what is outside of it
   */
  seenIn(
    account: string,
    viewing: string,
    seen: { readonly cameras: readonly string[]; readonly fromUs: number; readonly toUs: number },
  ): SeenIn;
  /** Undefined for a camera that is not configured (any more). */
  zoneOf(camera: string): ZoneClass | undefined;
  readonly clock: Clock;
}

/** A hold that is over within so long is said to end soon. */
const SOON_US = DAY_US;
const tasks = { function: 'tasks' } as const;
const names = { action: 'read_logs' } as const;
const decides = { action: 'approve' } as const;

/** Footage kept beyond its day: by the desk for three days, by the officer for longer or no longer. */
export function holdRoutes(deps: HoldDeps): Route[] {
  const viewOf = (listed: ListedHold) => holdView(listed, deps.clock.utcUs());
  const find = async (id: string): Promise<ListedHold> => {
    const listed = await deps.find(id);
    if (!listed) throw new GirokError('hold_unknown', { hold: id });
    return listed;
  };
  const demandHolding = async (
    call: Pick<Call<unknown, unknown, unknown>, 'demand'>,
    cameras: readonly string[],
  ) => {
    // Of a camera that is gone, footage may still be held; no zone keeps anybody from keeping it.
    for (const id of cameras)
      await call.demand({ action: 'hold', camera: { id, zone: deps.zoneOf(id) ?? 'non_public' } });
  };
  /** A change by whoever decides, of a hold on cameras that they may hold. */
  const changing = <B extends z.ZodType<{ reason: string }>>(
    path: string,
    summary: string,
    body: B,
    change: (acts: HoldActs, id: string, asked: z.output<B>, who: Holder) => Promise<Hold>,
  ) =>
    route({
      method: 'POST',
      path,
      access: decides,
      summary,
      params: oneHold,
      body,
      answer: holdSchema,
      async handle(call) {
        const { params, body: asked, session } = call;
        const { hold } = await find(params.id);
        await demandHolding(call, hold.cameras);
        await change(deps.acts(session), params.id, asked, { by: session.name, reason: asked.reason });
        return viewOf(await find(params.id));
      },
    });

  return [
    route({
      method: 'GET',
      path: '/api/holds',
      access: tasks,
      summary: 'All holds whose copies are not erased, the newest first; without who and why.',
      answer: z.strictObject({ holds: z.array(holdSchema) }),
      handle: async () => ({ holds: (await deps.list()).map(viewOf) }),
    }),
    route({
      method: 'GET',
      path: '/api/holds/reasons',
      access: names,
      summary: 'Who has each hold now, and why. That it was shown is entered.',
      answer: z.strictObject({ reasons: z.array(holdReasonSchema) }),
      async handle({ session }) {
        const holds = (await deps.list()).map(({ hold }) => hold);
        const reasons = [...deps.notesOf(holds, session)].flatMap(([hold, note]) => {
          const owner = note.findLast(({ did }) => did !== 'reviewed' && did !== 'ended');
          return owner ? [{ hold, ...owner }] : [];
        });
        return { reasons };
      },
    }),
    route({
      method: 'GET',
      path: '/api/holds/:id',
      access: names,
      summary: 'One hold with its history and what could not be copied. That it was shown is entered.',
      params: oneHold,
      answer: holdPageSchema,
      async handle({ params: { id }, session }) {
        const listed = await find(id);
        const note = deps.notesOf([listed.hold], session).get(id) ?? [];
        return {
          hold: viewOf(listed),
          ...(listed.hold.seenIn && { purpose: listed.hold.seenIn.purpose }),
          history: note.map((line) => ({ hold: id, ...line })),
          missed: [...listed.missed],
        };
      },
    }),
    route({
      method: 'POST',
      path: '/api/holds',
      access: 'gate',
      summary: 'Keeps footage for three days: which cameras, when, why. For whoever may hold there.',
      body: deskHoldInput,
      answer: holdSchema,
      async handle(call) {
        const { cameras, from, to, reason } = call.body;
        for (const camera of cameras)
          if (deps.zoneOf(camera) === undefined) throw new GirokError('unknown_camera', { camera });
        await demandHolding(call, cameras);
        const { session } = call;
        const asked = { kind: 'desk', cameras, fromUs: from, toUs: to } as const;
        const { id } = await deps.acts(session).make(asked, { by: session.name, reason });
        return viewOf(await find(id));
      },
    }),
    route({
      method: 'POST',
      path: '/api/viewings/:id/incident',
      access: 'gate',
      summary: 'Something was seen: keeps it for three days, and tells the officer by an alarm.',
      params: oneHold,
      body: deskHoldInput,
      answer: holdSchema,
      async handle(call) {
        const { params, body, session } = call;
        const seen = { cameras: body.cameras, fromUs: body.from, toUs: body.to };
        const seenIn = deps.seenIn(session.account, params.id, seen);
        await demandHolding(call, body.cameras);
        const { id } = await deps
          .acts(session)
          .make({ kind: 'desk', ...seen, seenIn }, { by: session.name, reason: body.reason });
        return viewOf(await find(id));
      },
    }),
    changing(
      '/api/holds/:id/take-over',
      'A request or an order takes a hold over: kind and end change.',
      takeOverInput,
      (acts, id, { kind, end, seen }, who) => acts.takeOver(id, { kind, endUs: end }, who, seen),
    ),
    changing(
      '/api/holds/:id/renew',
      'Lets the hold of an incident or an operating room stand for another term.',
      renewInput,
      (acts, id, { end, seen }, who) => acts.renew(id, { endUs: end }, who, seen),
    ),
    changing(
      '/api/holds/:id/review',
      'Says that a hold is still needed.',
      holdChangeInput,
      (acts, id, { seen }, who) => acts.review(id, who, seen),
    ),
    changing(
      '/api/holds/:id/end',
      'Ends a hold: its copies are erased beyond recovery by the next run.',
      holdChangeInput,
      (acts, id, { seen }, who) => acts.end(id, who, seen),
    ),
  ];
}

function holdView({ hold, files, bytes, missed }: ListedHold, nowUs: number): HoldView {
  const { id, kind, state, cameras, fromUs, toUs, madeUs, reviewUs, endUs } = hold;
  const isThere = state !== 'erased' && state !== 'ended';
  return {
    id,
    kind,
    state,
    cameras: [...cameras],
    from: isoFromUs(fromUs),
    to: isoFromUs(toUs),
    made: isoFromUs(madeUs),
    review: isoFromUs(reviewUs),
    end: isoFromUs(endUs),
    revision: revisionOf(hold),
    files,
    bytes,
    missed: missed.length,
    reviewDue: isThere && nowUs >= reviewUs && reviewUs < endUs,
    endsSoon: isThere && nowUs >= endUs - SOON_US,
    renewable: RENEWABLE.includes(kind),
    reported: hold.seenIn !== undefined,
  };
}
