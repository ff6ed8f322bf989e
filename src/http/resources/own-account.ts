import { z } from 'zod';
import type { People } from '../../access/people.ts';
import type { ListedSession } from '../../access/sessions.ts';
import { languageSchema, passkeyBegunSchema, recoveryCodesSchema, totpSchema } from '../../contract/auth.ts';
import { idText } from '../../contract/inputs.ts';
import { factorsSchema, type sessionSchema, sessionsSchema } from '../../contract/people.ts';
import { isoFromUs } from '../../lib/clock.ts';
import { GirokError } from '../../lib/errors.ts';
import { command, type Route, route } from '../route.ts';
import { passkeyResponse, typedCode, typedPassword } from './auth.ts';

export interface OwnAccountDeps {
  people(): Pick<People, 'sessions' | 'ownAccount' | 'factors'>;
}

const access = { function: 'own_account' } as const;
const one = z.strictObject({ id: idText });

/** What a person does with their own account, whatever their rights are. */
export function ownAccountRoutes({ people }: OwnAccountDeps): Route[] {
  return [
    route({
      method: 'GET',
      path: '/api/me/sessions',
      access,
      summary: 'Where this person is signed in.',
      answer: sessionsSchema,
      handle: ({ session }) => ({ sessions: people().sessions.list(session.account).map(sessionView) }),
    }),
    command({
      method: 'DELETE',
      path: '/api/me/sessions/:id',
      access,
      summary: 'Ends one of them.',
      params: one,
      handle({ session, params: { id } }) {
        const { sessions } = people();
        // Of others nothing is told, not even that they are there.
        if (!sessions.list(session.account).some((own) => own.id === id))
          throw new GirokError('request_unknown');
        sessions.end(id, 'revoked', session.account);
      },
    }),
    command({
      method: 'POST',
      path: '/api/me/password',
      access,
      summary: 'Changes the password; all other sessions end.',
      body: z.strictObject({ current: typedPassword, next: typedPassword }),
      handle: ({ session, body }) => people().ownAccount.changePassword(session.id, body.current, body.next),
    }),
    command({
      method: 'PUT',
      path: '/api/me/language',
      access,
      summary: 'In which language this person reads, wherever they sign in; null: as each browser wishes.',
      body: z.strictObject({ language: languageSchema.nullable() }),
      handle: ({ session, body }) => people().ownAccount.setLanguage(session.account, body.language),
    }),
    route({
      method: 'GET',
      path: '/api/me/factors',
      access,
      summary: 'The second factors there are.',
      answer: factorsSchema,
      handle: ({ session }) => ({
        factors: people()
          .factors.list(session.account)
          .map(({ id, kind, sinceUs, usedUs }) => ({
            id,
            kind,
            since: isoFromUs(sinceUs),
            ...(usedUs !== undefined && { used: isoFromUs(usedUs) }),
          })),
      }),
    }),
    command({
      method: 'DELETE',
      path: '/api/me/factors/:id',
      access,
      summary: 'Takes a second factor away.',
      params: one,
      handle: ({ session, params }) => people().factors.remove(session.id, params.id),
    }),
    route({
      method: 'POST',
      path: '/api/me/totp',
      access,
      summary: 'A secret for an authenticator app, of no use before its first code is confirmed.',
      answer: totpSchema,
      handle({ session }) {
        const { uri, secret } = people().factors.beginTotp(session.id);
        return { uri, secret };
      },
    }),
    route({
      method: 'POST',
      path: '/api/me/totp/confirm',
      access,
      summary: 'The first code. Recovery codes are shown this once.',
      body: z.strictObject({ code: typedCode }),
      answer: recoveryCodesSchema,
      handle: ({ session, body }) => ({ recoveryCodes: people().factors.confirmTotp(session.id, body.code) }),
    }),
    route({
      method: 'POST',
      path: '/api/me/passkeys',
      access,
      summary: 'What the browser needs to make a passkey.',
      answer: passkeyBegunSchema,
      async handle({ session }) {
        const { ceremony, options } = await people().factors.beginPasskey(session.id);
        return { ceremony, options: { ...options } };
      },
    }),
    route({
      method: 'POST',
      path: '/api/me/passkeys/finish',
      access,
      summary: 'The passkey that was made. Recovery codes are shown this once.',
      body: z.strictObject({ ceremony: z.string().min(1).max(128), response: passkeyResponse }),
      answer: recoveryCodesSchema,
      async handle({ session, body: { ceremony, response } }) {
        return { recoveryCodes: await people().factors.finishPasskey(session.id, ceremony, response) };
      },
    }),
    route({
      method: 'POST',
      path: '/api/me/recovery-codes',
      access,
      summary: 'New recovery codes in place of the old.',
      answer: recoveryCodesSchema,
      handle: ({ session }) => ({ recoveryCodes: people().factors.newRecoveryCodes(session.id) }),
    }),
  ];
}

export function sessionView({
  sinceUs,
  usedUs,
  endsUs,
  ...rest
}: ListedSession): z.infer<typeof sessionSchema> {
  return { ...rest, since: isoFromUs(sinceUs), used: isoFromUs(usedUs), ends: isoFromUs(endsUs) };
}
