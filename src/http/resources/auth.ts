import { z } from 'zod';
import { ROLES } from '../../access/actions.ts';
import type { People } from '../../access/people.ts';
import type { SignedIn } from '../../access/sign-in.ts';
import { isoFromUs } from '../../lib/clock.ts';
import { type Call, command, type Route, route } from '../route.ts';

export interface AuthDeps {
  people(): Pick<People, 'signIn' | 'askPasskey' | 'secondFactor' | 'prove' | 'sessions' | 'accounts'>;
}

const KINDS = ['totp', 'webauthn', 'recovery'] as const;
const token = z.string().min(1).max(128);
export const typedLogin = z.string().min(1).max(64);
export const typedPassword = z.string().min(1).max(512);
export const typedCode = z.string().min(1).max(40);
/** What a browser's authenticator answers (WebAuthn 3, 5.1): read by the library that verifies it. */
export const passkeyResponse = z.looseObject({ id: z.string().max(1024), type: z.literal('public-key') });

const signedIn = z.discriminatedUnion('state', [
  z.strictObject({ state: z.literal('signed_in') }),
  z.strictObject({ state: z.literal('factor'), ceremony: z.string(), kinds: z.array(z.enum(KINDS)) }),
]);

/** Signing in and out. Tokens go into cookies alone, and no answer holds one. */
export function authRoutes({ people }: AuthDeps): Route[] {
  return [
    route({
      method: 'POST',
      path: '/api/sign-in',
      access: 'public',
      summary: 'Signs in, or asks for one of the second factors that are named.',
      body: z.strictObject({ login: typedLogin, password: typedPassword }),
      answer: signedIn,
      async handle(call) {
        const { login, password } = call.body;
        await call.attempt(login);
        const { address } = call.caller;
        return answered(call, await people().signIn({ login, password, address, device: call.device }));
      },
    }),
    route({
      method: 'POST',
      path: '/api/sign-in/passkey',
      access: 'public',
      summary: 'What the browser needs to show a passkey.',
      body: z.strictObject({ ceremony: token }),
      answer: z.strictObject({ options: z.looseObject({}) }),
      async handle({ body: { ceremony }, attempt }) {
        await attempt(ceremony);
        return { options: { ...(await people().askPasskey(ceremony)) } };
      },
    }),
    route({
      method: 'POST',
      path: '/api/sign-in/factor',
      access: 'public',
      summary: 'Shows a second factor: exactly one of the three.',
      body: z.strictObject({
        ceremony: token,
        shown: z.union([
          z.strictObject({ totp: typedCode }),
          z.strictObject({ recovery: typedCode }),
          z.strictObject({ passkey: passkeyResponse }),
        ]),
      }),
      answer: signedIn,
      async handle(call) {
        const { ceremony, shown } = call.body;
        await call.attempt(ceremony);
        const { address } = call.caller;
        return answered(call, await people().secondFactor({ ceremony, shown, address, device: call.device }));
      },
    }),
    command({
      method: 'POST',
      path: '/api/first-administrator',
      access: 'public',
      summary: "Opens the first administrator's account with the code that the machine itself showed.",
      body: z.strictObject({
        code: typedCode,
        login: typedLogin,
        name: z.string().min(1).max(200),
        password: typedPassword,
      }),
      async handle({ body: { code, ...person }, attempt }) {
        await attempt(person.login);
        await people().accounts.firstAdministrator(code, person);
      },
    }),
    command({
      method: 'POST',
      path: '/api/sign-out',
      access: { function: 'own_account' },
      summary: 'Ends this session.',
      handle({ session, setToken }) {
        people().sessions.end(session.id, 'asked', session.account);
        setToken(undefined);
      },
    }),
    command({
      method: 'POST',
      path: '/api/proof',
      access: { function: 'own_account' },
      summary: 'Proves once more who sits there, before what matters.',
      body: z.strictObject({
        proof: z.union([z.strictObject({ password: typedPassword }), z.strictObject({ totp: typedCode })]),
        for: z.enum(['right', 'export', 'approval', 'account']),
      }),
      handle: ({ session, body }) => people().prove(session.id, body.proof, body.for),
    }),
    route({
      method: 'GET',
      path: '/api/me',
      access: { function: 'own_account' },
      summary: 'Who is signed in, and what is still asked of them.',
      answer: z.strictObject({
        account: z.string(),
        name: z.string(),
        role: z.enum(ROLES),
        session: z.strictObject({
          id: z.string(),
          ends: z.iso.datetime(),
          factor: z.boolean(),
          outside: z.boolean(),
          mustChangePassword: z.boolean(),
          proven: z.iso.datetime(),
        }),
      }),
      handle({ session: { id, account, name, principal } }) {
        const { endsUs, factor, outside, mustChangePassword, provenUs } = principal.session;
        const session = { id, factor, outside, mustChangePassword };
        const { role } = principal;
        return {
          account,
          name,
          role,
          session: { ...session, ends: isoFromUs(endsUs), proven: isoFromUs(provenUs) },
        };
      },
    }),
  ];
}

function answered(
  { setToken, setDevice }: Pick<Call<unknown, unknown, unknown>, 'setToken' | 'setDevice'>,
  outcome: SignedIn,
): z.input<typeof signedIn> {
  if (outcome.state === 'factor')
    return { state: 'factor', ceremony: outcome.ceremony, kinds: [...outcome.kinds] };
  setToken(outcome.token);
  setDevice(outcome.device);
  return { state: 'signed_in' };
}
