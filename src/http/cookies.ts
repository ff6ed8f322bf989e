import cookie from '@fastify/cookie';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/**
 * The browser keeps such a name only over https (or from the machine itself), for this host alone and for all of its
 * paths: no neighbouring host can plant one (RFC 6265bis, 4.1.3.2).
 */
export const SESSION_COOKIE = '__Host-girok';

const DEVICE_COOKIE = '__Host-girok-device';
const DEVICE_KEPT_S = 90 * 24 * 3600;

const LONGEST_TOKEN = 256;
const ATTRIBUTES = { path: '/', secure: true, httpOnly: true, sameSite: 'strict' } as const;

export const useCookies = (app: FastifyInstance) => app.register(cookie, { hook: 'onRequest' });

/** @returns undefined for none, and for what is certainly none of ours */
export const tokenOf = (request: FastifyRequest): string | undefined =>
  bounded(request.cookies[SESSION_COOKIE]);

/** By what a browser is known from which somebody signed in before: whoever guesses elsewhere does not lock it out. */
export const deviceOf = (request: FastifyRequest): string | undefined =>
  bounded(request.cookies[DEVICE_COOKIE]);

const bounded = (value: string | undefined) =>
  value === undefined || value === '' || value.length > LONGEST_TOKEN ? undefined : value;

/** Without an end: the browser forgets it when it is closed, and the server long before. */
export function setToken(reply: FastifyReply, token: string | undefined): void {
  if (token === undefined) reply.clearCookie(SESSION_COOKIE, ATTRIBUTES);
  else reply.setCookie(SESSION_COOKIE, token, ATTRIBUTES);
}

export function setDevice(reply: FastifyReply, device: string): void {
  reply.setCookie(DEVICE_COOKIE, device, { ...ATTRIBUTES, maxAge: DEVICE_KEPT_S });
}
