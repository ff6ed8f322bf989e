import cookie from '@fastify/cookie';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/**
 * The browser keeps such a name only over https (or from the machine itself), for this host alone and for all of its
 * paths: no neighbouring host can plant one (RFC 6265bis, 4.1.3.2).
 */
export const SESSION_COOKIE = '__Host-girok';

const LONGEST_TOKEN = 256;
const ATTRIBUTES = { path: '/', secure: true, httpOnly: true, sameSite: 'strict' } as const;

export const useCookies = (app: FastifyInstance) => app.register(cookie, { hook: 'onRequest' });

/** @returns undefined for none, and for what is certainly none of ours */
export function tokenOf(request: FastifyRequest): string | undefined {
  const token = request.cookies[SESSION_COOKIE];
  return token === undefined || token === '' || token.length > LONGEST_TOKEN ? undefined : token;
}

/** Without an end: the browser forgets it when it is closed, and the server long before. */
export function setToken(reply: FastifyReply, token: string | undefined): void {
  if (token === undefined) reply.clearCookie(SESSION_COOKIE, ATTRIBUTES);
  else reply.setCookie(SESSION_COOKIE, token, ATTRIBUTES);
}
