import { z } from 'zod';
import type { People } from '../../access/people.ts';
import { decide, type Principal } from '../../access/policy.ts';
import type { SignedIn } from '../../access/sign-in.ts';
import { meSchema, PROOF_REASONS, passkeyQuestionSchema, signedInSchema } from '../../contract/auth.ts';
import { isoFromUs } from '../../lib/clock.ts';
import { type Call, command, type Route, route } from '../route.ts';

export interface AuthDeps {
  people(): Pick<People, 'signIn' | 'askPasskey' | 'secondFactor' | 'prove' | 'sessions' | 'firstRun'>;
}

const token = z.string().min(1).max(128);
export const typedLogin = z.string().min(1).max(64);
export const typedPassword = z.string().min(1).max(512);
export const typedCode = z.string().min(1).max(40);
/** What a browser's authenticator answers (WebAuthn 3, 5.1): read by the library that verifies it. */
export const passkeyResponse = z.looseObject({ id: z.string().max(1024), type: z.literal('public-key') });

/** Signing in and out. Tokens go into cookies alone, and no answer holds one. */
export function authRoutes({ people }: AuthDeps): Route[] {
  return [
    route({
      method: 'POST',
      path: '/api/sign-in',
      access: 'public',
      summary: 'Signs in, or asks for one of the second factors that are named.',
      body: z.strictObject({ login: typedLogin, password: typedPassword }),
      answer: signedInSchema,
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
      answer: passkeyQuestionSchema,
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
      answer: signedInSchema,
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
        await people().firstRun.firstAdministrator(code, person);
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
        for: z.enum(PROOF_REASONS),
      }),
      handle: ({ session, body }) => people().prove(session.id, body.proof, body.for),
    }),
    route({
      method: 'GET',
      path: '/api/me',
      access: { function: 'own_account' },
      summary: 'Who is signed in, and what is still asked of them.',
      answer: meSchema,
      handle({ session: { id, account, name, language, principal } }) {
        const { endsUs, factor, outside, mustChangePassword, provenUs } = principal.session;
        const session = { id, factor, outside, mustChangePassword };
        const { role } = principal;
        const asked = askedOf(principal);
        return {
          account,
          name,
          role,
          ...(language && { language }),
          ...(asked && { asked }),
          session: { ...session, ends: isoFromUs(endsUs), proven: isoFromUs(provenUs) },
        };
      },
    }),
  ];
}

/** What the policy asks for first, before whatever else. The session itself stands: it was let in. */
function askedOf(principal: Principal): 'password' | 'factor' | undefined {
  const answer = decide(principal, { function: 'cameras' }, principal.session.provenUs);
  if (answer.allowed) return undefined;
  if (answer.why === 'password_to_be_changed') return 'password';
  return answer.why === 'second_factor_needed' ? 'factor' : undefined;
}

function answered(
  { setToken, setDevice }: Pick<Call<unknown, unknown, unknown>, 'setToken' | 'setDevice'>,
  outcome: SignedIn,
): z.input<typeof signedInSchema> {
  if (outcome.state === 'factor')
    return { state: 'factor', ceremony: outcome.ceremony, kinds: [...outcome.kinds] };
  setToken(outcome.token);
  setDevice(outcome.device);
  return { state: 'signed_in' };
}
