import type { AddressInfo } from 'node:net';
import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify';
import { createSelfSigned } from '../../../demo/rtsp/certificate.ts';
import { ACTIONS, type Role } from '../../../src/access/actions.ts';
import type { Right } from '../../../src/access/policy.ts';
import { type AppDeps, createApp, type Refused } from '../../../src/http/app.ts';
import { SESSION_COOKIE } from '../../../src/http/cookies.ts';
import type { NewEntry, Session } from '../../../src/http/ports.ts';
import type { Route } from '../../../src/http/route.ts';
import { HOUR_US, systemClock } from '../../../src/lib/clock.ts';

export interface Served {
  readonly app: FastifyInstance;
  readonly entries: NewEntry[];
  readonly failures: unknown[];
  readonly refusals: Refused[];
  /** By token. */
  readonly sessions: Map<string, Session>;
  ask(url: string, more?: InjectOptions): Promise<LightMyRequestResponse>;
}

const { certificate, key } = createSelfSigned('127.0.0.1', systemClock.utcUs());
export const CERTIFICATE = { cert: Buffer.from(certificate), key: Buffer.from(key) };
export const IN_CLEAR = { secure: false, proxies: [] };

/** A server with these routes whose sessions, log and ledger are of memory. */
export async function served(routes: readonly Route[], more: Partial<AppDeps> = {}): Promise<Served> {
  const entries: NewEntry[] = [];
  const failures: unknown[] = [];
  const refusals: Refused[] = [];
  const sessions = new Map<string, Session>();
  const app = await createApp({
    routes,
    sessions: { session: (token) => sessions.get(token) },
    accessLog: { enter: (entry) => void entries.push(entry) },
    clock: systemClock,
    monitorToken: () => undefined,
    behindLocalProxy: false,
    listening: { tls: CERTIFICATE, secure: true, proxies: [] },
    names: ['recorder.clinic.example'],
    siteLanguage: 'ko',
    failed: (error) => failures.push(error),
    refused: (refusal) => refusals.push(refusal),
    ...more,
  });
  return {
    app,
    entries,
    failures,
    refusals,
    sessions,
    ask: (url, { headers, ...rest } = {}) =>
      app.inject({ method: 'GET', url, headers: { host: '127.0.0.1:8400', ...headers }, ...rest }),
  };
}

/** What the same page sends with what changes something. */
export const OWN = {
  origin: 'https://127.0.0.1:8400',
  'sec-fetch-site': 'same-origin',
  'content-type': 'application/json',
};

export const cookieOf = (token: string) => ({ cookie: `${SESSION_COOKIE}=${token}` });

/** Somebody who is signed in with a second factor, and has every right that one can write down. */
export function sessionOf(
  role: Role,
  over: Partial<Omit<Session['principal'], 'session'>> & {
    readonly session?: Partial<Session['principal']['session']>;
  } = {},
): Session {
  const nowUs = systemClock.utcUs();
  const everything: Right = {
    id: 'r1',
    actions: ACTIONS,
    cameras: ['cam01'],
    fromUs: nowUs - HOUR_US,
  };
  const { session, ...principal } = over;
  return {
    id: `session-${role}`,
    account: `${role}-1`,
    name: '홍길동',
    principal: {
      account: `${role}-1`,
      role,
      state: 'active',
      rights: [everything],
      ...principal,
      session: {
        endsUs: nowUs + HOUR_US,
        factor: true,
        outside: false,
        mustChangePassword: false,
        provenUs: nowUs,
        ...session,
      },
    },
  };
}

/** Opens it on a free port of 127.0.0.1. */
export async function listening(app: FastifyInstance): Promise<{ port: number; url: string }> {
  await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as AddressInfo;
  return { port, url: `http://127.0.0.1:${port}` };
}
