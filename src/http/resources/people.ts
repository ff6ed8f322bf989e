import { z } from 'zod';
import type { Account } from '../../access/accounts.ts';
import { ROLES } from '../../access/actions.ts';
import type { People } from '../../access/people.ts';
import { idText } from '../../contract/inputs.ts';
import { accountSchema, handedPasswordSchema, instantUs, sessionsSchema } from '../../contract/people.ts';
import { isoFromUs } from '../../lib/clock.ts';
import { GirokError } from '../../lib/errors.ts';
import { command, type Route, route } from '../route.ts';
import { typedLogin } from './auth.ts';
import { sessionView } from './own-account.ts';

export interface PeopleRouteDeps {
  people(): Pick<People, 'accounts' | 'sessions'>;
}

const access = { action: 'manage_people' } as const;
const one = z.strictObject({ id: idText });
/** Accounts. What is done here is entered by `access`, in the same transaction; reading them is entered by the server. */
export function peopleRoutes({ people }: PeopleRouteDeps): Route[] {
  const onAccount = (
    path: string,
    summary: string,
    work: (accounts: People['accounts'], account: string, by: string) => void,
  ) =>
    command({
      method: 'POST',
      path: `/api/people/:id/${path}`,
      access,
      summary,
      params: one,
      handle: ({ params, session }) => work(people().accounts, params.id, session.account),
    });
  return [
    route({
      method: 'GET',
      path: '/api/people',
      access,
      summary: 'All accounts.',
      touchesPeople: true,
      answer: z.strictObject({ people: z.array(accountSchema) }),
      handle: () => ({ people: people().accounts.list().map(accountView) }),
    }),
    route({
      method: 'POST',
      path: '/api/people',
      access,
      summary: 'Opens an account, without any right.',
      body: z.strictObject({
        login: typedLogin,
        name: z.string().min(1).max(200),
        role: z.enum(ROLES),
        kind: z.enum(['staff', 'trustee']),
        contractUntil: instantUs.optional(),
        trainingUntil: instantUs.optional(),
      }),
      answer: handedPasswordSchema,
      handle({ body: { contractUntil, trainingUntil, ...rest }, session }) {
        const terms = {
          ...(contractUntil !== undefined && { contractUntilUs: contractUntil }),
          ...(trainingUntil !== undefined && { trainingUntilUs: trainingUntil }),
        };
        return people().accounts.open({ ...rest, ...terms }, session.account);
      },
    }),
    onAccount('close', 'Ends an account for good, with its sessions and rights.', (accounts, id, by) =>
      accounts.close(id, by),
    ),
    onAccount('suspend', 'Suspends an account at once.', (accounts, id, by) => accounts.suspend(id, by)),
    onAccount('restore', 'Takes a suspension back.', (accounts, id, by) => accounts.restore(id, by)),
    onAccount('unlock', 'Forgets the failures to sign in that were counted.', (accounts, id, by) =>
      accounts.unlock(id, by),
    ),
    onAccount(
      'reset-factors',
      'Takes all second factors away, as after a lost telephone.',
      (accounts, id, by) => accounts.resetFactors(id, by),
    ),
    route({
      method: 'POST',
      path: '/api/people/:id/reset-password',
      access,
      summary: 'A new password to begin with, shown this once.',
      params: one,
      answer: handedPasswordSchema,
      async handle({ params: { id }, session }) {
        return { account: id, password: await people().accounts.resetPassword(id, session.account) };
      },
    }),
    command({
      method: 'PUT',
      path: '/api/people/:id/terms',
      access,
      summary: 'Until when contract and training last; null takes an end away.',
      params: one,
      body: z.strictObject({
        contractUntil: instantUs.nullable().optional(),
        trainingUntil: instantUs.nullable().optional(),
        // What was on screen: whoever changes what somebody else has changed a moment ago is told so.
        seen: z
          .strictObject({ contractUntil: instantUs.nullable(), trainingUntil: instantUs.nullable() })
          .optional(),
      }),
      handle({ params, body: { contractUntil, trainingUntil, seen }, session }) {
        const terms = {
          ...(contractUntil !== undefined && { contractUntilUs: contractUntil }),
          ...(trainingUntil !== undefined && { trainingUntilUs: trainingUntil }),
        };
        const before = seen && {
          contractUntilUs: seen.contractUntil,
          trainingUntilUs: seen.trainingUntil,
        };
        people().accounts.setTerms(params.id, terms, session.account, before);
      },
    }),
    route({
      method: 'GET',
      path: '/api/people/:id/sessions',
      access,
      summary: 'Where somebody is signed in.',
      touchesPeople: true,
      params: one,
      answer: sessionsSchema,
      handle: ({ params }) => ({ sessions: people().sessions.list(params.id).map(sessionView) }),
    }),
    command({
      method: 'DELETE',
      path: '/api/people/:id/sessions/:session',
      access,
      summary: "Ends somebody's session at once.",
      params: z.strictObject({ id: idText, session: idText }),
      handle({ params, session }) {
        const { sessions } = people();
        if (!sessions.list(params.id).some(({ id }) => id === params.session))
          throw new GirokError('request_unknown');
        sessions.end(params.session, 'revoked', session.account);
      },
    }),
  ];
}

function accountView({
  createdUs,
  usedUs,
  contractUntilUs,
  trainingUntilUs,
  ...rest
}: Account): z.infer<typeof accountSchema> {
  return {
    ...rest,
    created: isoFromUs(createdUs),
    ...(usedUs !== undefined && { used: isoFromUs(usedUs) }),
    ...(contractUntilUs !== undefined && { contractUntil: isoFromUs(contractUntilUs) }),
    ...(trainingUntilUs !== undefined && { trainingUntil: isoFromUs(trainingUntilUs) }),
  };
}
