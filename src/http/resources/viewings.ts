import { z } from 'zod';
import type { Role } from '../../access/actions.ts';
import type { Principal } from '../../access/policy.ts';
import { idText } from '../../contract/inputs.ts';
import { instantUs } from '../../contract/people.ts';
import {
  askingInput,
  decidedGrantSchema,
  grantSchema,
  openedSchema,
  purposeSchema,
  viewingSchema,
} from '../../contract/viewings.ts';
import type { ViewingRow } from '../../db/site/viewing-rows.ts';
import type { PersonalText } from '../../ledger/personal.ts';
import { isoFromUs } from '../../lib/clock.ts';
import type { Gate } from '../../viewing/gate.ts';
import type { Asking, Grants, OpenedViewing, Seat } from '../../viewing/grants.ts';
import type { Grant } from '../../viewing/rules.ts';
import { type Call, command, type Route, route } from '../route.ts';

export interface ViewingDeps {
  grants(): Omit<Grants, 'textsOf' | 'mayReview'>;
  gate(): Pick<Gate, 'close'>;
  /** By grant: reason and requester, of those that this person may decide on. @throws GirokError of the keyring */
  texts(
    reader: Principal,
    grants: readonly Grant[],
  ): ReadonlyMap<string, Readonly<Record<string, PersonalText>>>;
  person(account: string): { readonly name: string; readonly role: Role } | undefined;
  /** For what cameras may be installed here. */
  purposes(): readonly { readonly id: string; readonly ko: string; readonly en: string }[];
}

const MOST = 200;
const one = z.strictObject({ id: idText });
const approves = { action: 'approve' } as const;
const reviews = { either: [approves, { action: 'read_logs' }] } as const;
const STATES = grantSchema.shape.state;

/**
 * Purpose → grant. Whether somebody may see what they ask for is for `viewing` to say, which enters each step, the
 * refused ones too.
 */
export function viewingRoutes({ grants, gate, texts, person, purposes }: ViewingDeps): Route[] {
  const opening = (
    path: string,
    summary: string,
    open: (
      grants: Omit<Grants, 'textsOf' | 'mayReview'>,
      asking: Asking,
      call: SignedInCall,
    ) => OpenedViewing,
  ) =>
    route({
      method: 'POST',
      path,
      access: 'gate',
      summary,
      body: askingInput,
      answer: openedSchema,
      handle: (call) => openedView(open(grants(), askingOf(call.body), call)),
    });
  return [
    opening(
      '/api/viewings',
      "Opens a viewing at once, within the caller's own rights.",
      (all, asking, call) => all.open(call.session.principal, asking, seatOf(call)),
    ),
    opening(
      '/api/break-glass',
      "The night without an officer: half an hour beyond one's rights, told to officer and auditor at once.",
      (all, asking, call) => all.breakGlass(call.session.principal, asking, seatOf(call)),
    ),
    route({
      method: 'GET',
      path: '/api/viewings',
      access: { function: 'own_account' },
      summary: "The caller's own viewings, the newest first.",
      answer: z.strictObject({ viewings: z.array(viewingSchema) }),
      handle: ({ session: { account } }) => ({
        viewings: grants().viewings({ account }, MOST).map(viewingView),
      }),
    }),
    route({
      method: 'GET',
      path: '/api/viewings/:id',
      access: { function: 'own_account' },
      summary:
        "One of the caller's own viewings, with what it rests on: what is granted, until when, how it ended.",
      params: one,
      answer: z.strictObject({ viewing: viewingSchema, grant: grantSchema }),
      handle({ params, session: { account } }) {
        const { viewing, grant } = grants().ownViewing(account, params.id);
        return { viewing: viewingView(viewing), grant: grantView(grant) };
      },
    }),
    route({
      method: 'GET',
      path: '/api/purposes',
      access: { function: 'cameras' },
      summary: 'For what cameras are installed here; one of these is the purpose of each viewing.',
      answer: z.strictObject({ purposes: z.array(purposeSchema) }),
      handle: () => ({ purposes: purposes().map(({ id, ko, en }) => ({ id, ko, en })) }),
    }),
    command({
      method: 'POST',
      path: '/api/viewings/:id/close',
      access: 'gate',
      summary: 'Ends a viewing: nothing was seen, or something was.',
      params: one,
      body: z.strictObject({
        outcome: z.enum(['no_finding', 'incident']),
        incident: z.string().min(1).max(64).optional(),
      }),
      handle: ({ params, body, session }) =>
        gate().close(session.principal, params.id, body.outcome, body.incident),
    }),
    route({
      method: 'POST',
      path: '/api/grants',
      access: 'gate',
      summary: "Asks an officer for what is beyond the caller's own rights.",
      body: askingInput,
      answer: z.strictObject({ grant: z.string() }),
      handle: ({ body, session }) => ({ grant: grants().request(session.principal, askingOf(body)) }),
    }),
    route({
      method: 'GET',
      path: '/api/me/grants',
      access: { function: 'own_account' },
      summary: "The caller's own grants, the newest first.",
      answer: z.strictObject({ grants: z.array(grantSchema) }),
      handle: ({ session: { account } }) => ({ grants: grants().list({ account }, MOST).map(grantView) }),
    }),
    route({
      method: 'GET',
      path: '/api/grants',
      access: reviews,
      summary: "Everybody's grants, the newest first, with who asks and why for whoever decides on them.",
      touchesPeople: true,
      query: z.strictObject({ state: STATES.optional() }),
      answer: z.strictObject({ grants: z.array(decidedGrantSchema) }),
      handle({ query: { state }, session: { principal } }) {
        const listed = grants().list(state ? { state } : {}, MOST);
        const told = texts(principal, listed);
        return {
          grants: listed.map((grant) => decidedView(grant, told.get(grant.id), person(grant.account))),
        };
      },
    }),
    route({
      method: 'POST',
      path: '/api/grants/:id/open',
      access: 'gate',
      summary: 'Opens a viewing on a grant that stands.',
      params: one,
      answer: openedSchema,
      handle: (call) =>
        openedView(grants().openGranted(call.session.principal, call.params.id, seatOf(call))),
    }),
    command({
      method: 'POST',
      path: '/api/grants/:id/approve',
      access: approves,
      summary: 'Grants what somebody asked for; a day unless told.',
      params: one,
      body: z.strictObject({ until: instantUs.optional() }),
      handle: ({ params, body, session }) => grants().approve(session.principal, params.id, body.until),
    }),
    command({
      method: 'POST',
      path: '/api/grants/:id/refuse',
      access: approves,
      summary: 'Refuses what somebody asked for.',
      params: one,
      handle: ({ params, session }) => grants().refuse(session.principal, params.id),
    }),
    command({
      method: 'POST',
      path: '/api/grants/:id/revoke',
      access: 'gate',
      summary: 'Ends a grant, by an officer or by whoever has it; what runs on it is cut.',
      params: one,
      handle: ({ params, session }) => grants().revoke(session.principal, params.id),
    }),
    command({
      method: 'POST',
      path: '/api/grants/:id/review',
      access: reviews,
      summary: 'Says whether the night without an officer was justified.',
      params: one,
      body: z.strictObject({ justified: z.boolean() }),
      handle: ({ params, body, session }) => grants().review(session.principal, params.id, body.justified),
    }),
  ];
}

type SignedInCall = Pick<Call<unknown, unknown, unknown>, 'session' | 'caller'>;

const seatOf = ({ session, caller }: SignedInCall): Seat => ({
  viewer: session.name,
  terminal: caller.address,
});

const askingOf = ({ range, ...rest }: z.output<typeof askingInput>): Asking => ({
  ...rest,
  ...(range && { range: { fromUs: range.from, toUs: range.to } }),
});

const openedView = ({ viewing, grant, untilUs }: OpenedViewing): z.infer<typeof openedSchema> => ({
  viewing,
  grant,
  until: isoFromUs(untilUs),
});

const grantView = (grant: Grant): z.infer<typeof grantSchema> => ({
  id: grant.id,
  account: grant.account,
  kind: grant.kind,
  state: grant.state,
  ...(grant.basis !== null && { basis: grant.basis }),
  purpose: grant.purpose,
  cameras: [...grant.cameras],
  ...(grant.fromUs !== null && { from: isoFromUs(grant.fromUs) }),
  ...(grant.toUs !== null && { to: isoFromUs(grant.toUs) }),
  asked: isoFromUs(grant.askedUs),
  ...(grant.untilUs !== null && { until: isoFromUs(grant.untilUs) }),
  ...(grant.approvedBy !== null && { approvedBy: grant.approvedBy }),
  ...(grant.reviewedUs !== null && { reviewed: isoFromUs(grant.reviewedUs) }),
});

const decidedView = (
  grant: Grant,
  { reason, requester }: Readonly<Record<string, PersonalText>> = {},
  by: ReturnType<ViewingDeps['person']>,
): z.infer<typeof decidedGrantSchema> => ({
  ...grantView(grant),
  ...(by && { by: { name: by.name, role: by.role } }),
  ...(reason !== undefined && { reason }),
  ...(requester !== undefined && { requester }),
});

const viewingView = (row: ViewingRow): z.infer<typeof viewingSchema> => ({
  id: row.id,
  grant: row.grantId,
  kind: row.kind,
  opened: isoFromUs(row.openedUs),
  ...(row.closedUs !== null && { closed: isoFromUs(row.closedUs) }),
  ...(row.outcome !== null && { outcome: row.outcome }),
});
