import { z } from 'zod';
import type { People } from '../../access/people.ts';
import type { RightTerms } from '../../access/right-terms.ts';
import type { ListedRight } from '../../access/rights.ts';
import { idText } from '../../contract/inputs.ts';
import { allRightsSchema, type RightTermsView, rightSchema, rightTermsInput } from '../../contract/people.ts';
import type { PersonalText } from '../../ledger/personal.ts';
import { isoFromUs } from '../../lib/clock.ts';
import { command, type Route, route } from '../route.ts';

export interface RightDeps {
  people(): Pick<People, 'rights' | 'accounts'>;
  /** Why these were asked for, by their ids. @throws GirokError of ledger and keyring */
  reasons(rights: readonly string[]): ReadonlyMap<string, PersonalText>;
}

const manages = { action: 'manage_people' } as const;
/** Whoever decides on rights; that nobody decides on their own is for `access` to see to. */
const decides = { either: [manages, { action: 'approve' }] } as const;
const one = z.strictObject({ id: idText });
const reason = z.string().min(1).max(500);
const answer = z.strictObject({ rights: z.array(rightSchema) });

/** Who may see what: asked for, granted by another person, changed and revoked. Each step is an entry of its own. */
export function rightRoutes({ people, reasons }: RightDeps): Route[] {
  const decision = (
    path: string,
    summary: string,
    access: typeof manages | typeof decides,
    work: (rights: People['rights'], right: string, by: string) => void,
  ) =>
    command({
      method: 'POST',
      path: `/api/rights/:id/${path}`,
      access,
      summary,
      params: one,
      handle: ({ params, session }) => work(people().rights, params.id, session.account),
    });
  return [
    route({
      method: 'GET',
      path: '/api/me/rights',
      access: { function: 'own_account' },
      summary: "The caller's own rights.",
      answer,
      handle: ({ session }) => ({
        rights: people()
          .rights.list(session.account)
          .map((right) => rightView(right)),
      }),
    }),
    route({
      method: 'GET',
      path: '/api/rights',
      access: decides,
      summary: 'All rights, and what waits to be decided on, with why it was asked for.',
      touchesPeople: true,
      answer: allRightsSchema,
      handle() {
        const rights = people().rights.list();
        const waiting = rights.filter(({ state, proposed }) => state === 'requested' || proposed);
        const why = reasons(waiting.map(({ id }) => id));
        return {
          rights: rights.map((right) => rightView(right, why.get(right.id))),
          people: people()
            .accounts.list()
            .filter(({ state }) => state !== 'closed')
            .map(({ id, name, role }) => ({ id, name, role })),
        };
      },
    }),
    route({
      method: 'POST',
      path: '/api/rights',
      access: manages,
      summary: 'Asks for a right for somebody. It allows nothing before it is approved.',
      body: z.strictObject({ account: idText, terms: rightTermsInput, reason }),
      answer: z.strictObject({ right: z.string() }),
      handle: ({ body: { account, terms, reason }, session }) => ({
        right: people().rights.request({ account, terms: termsOf(terms), reason }, session.account),
      }),
    }),
    command({
      method: 'PUT',
      path: '/api/rights/:id',
      access: manages,
      summary: 'Asks that a right may be another one; until that is approved it stays as it is.',
      params: one,
      body: z.strictObject({ terms: rightTermsInput, reason }),
      handle: ({ params, body: { terms, reason }, session }) =>
        people().rights.requestChange(params.id, { terms: termsOf(terms), reason }, session.account),
    }),
    decision('approve', 'Grants what waits. Never by whose right it is.', decides, (rights, id, by) =>
      rights.approve(id, by),
    ),
    decision('refuse', 'Refuses what waits.', decides, (rights, id, by) => rights.refuse(id, by)),
    decision('revoke', 'Ends a right at once; what runs on it is cut.', decides, (rights, id, by) =>
      rights.revoke(id, by),
    ),
  ];
}

const termsOf = ({ from, until, ...rest }: z.output<typeof rightTermsInput>): RightTerms => ({
  ...rest,
  fromUs: from,
  ...(until !== undefined && { untilUs: until }),
});

const viewOfTerms = ({ actions, cameras, lookBackHours, fromUs, untilUs }: RightTerms): RightTermsView => ({
  actions: [...actions],
  cameras: [...cameras],
  ...(lookBackHours !== undefined && { lookBackHours }),
  from: isoFromUs(fromUs),
  ...(untilUs !== undefined && { until: isoFromUs(untilUs) }),
});

function rightView(right: ListedRight, reason?: PersonalText): z.infer<typeof rightSchema> {
  const { id, account, state, requestedBy, requestedUs, approvedBy, decidedUs, proposed, proposedBy } = right;
  return {
    id,
    account,
    state,
    terms: viewOfTerms(right),
    requestedBy,
    requested: isoFromUs(requestedUs),
    ...(approvedBy !== undefined && { approvedBy }),
    ...(decidedUs !== undefined && { decided: isoFromUs(decidedUs) }),
    ...(proposed && { proposed: viewOfTerms(proposed) }),
    ...(proposedBy !== undefined && { proposedBy }),
    ...(reason !== undefined && { reason }),
  };
}
