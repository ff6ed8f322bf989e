import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { decide, type Question, type Refusal } from '../access/policy.ts';
import { UNASKED_HEADER } from '../contract/unasked.ts';
import type { Clock } from '../lib/clock.ts';
import { GirokError } from '../lib/errors.ts';
import type { Secret } from '../lib/secret.ts';
import { tokenOf } from './cookies.ts';
import type { Limits } from './limits.ts';
import { isLoopback } from './listening.ts';
import type { AccessLog, Session, Sessions } from './ports.ts';
import type { Access } from './route.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Who may ask; a route without it is not served at all. */
    access?: Access;
    touchesPeople?: boolean;
  }
}

export interface AccessDeps {
  readonly sessions: Sessions;
  readonly accessLog: AccessLog;
  readonly clock: Clock;
  /** What `http.monitor` names; absent: only this machine may monitor. @throws GirokError `credential_*` */
  monitorToken(): Secret | undefined;
  /** Whether a kiosk stands that this token is of. */
  kiosk?(token: string): boolean;
  /** A proxy on this machine makes everybody look like this machine. */
  readonly behindLocalProxy: boolean;
}

/** Refusals that a screen answers by asking for something: not worth an entry each time. */
const ASKS_FOR_MORE: ReadonlySet<Refusal> = new Set([
  'password_to_be_changed',
  'second_factor_needed',
  'proof_needed',
]);

/** Every route says who may ask, those too that the framework makes by itself. */
export function demandAccess(app: FastifyInstance): void {
  app.addHook('onRoute', ({ method, url, config }) => {
    if (!config?.access) throw new GirokError('internal', { reason: `no access declared: ${method} ${url}` });
  });
}

/**
 * The one place that lets a request in, before anything of it is read but its head.
 *
 * @returns whose session it is; undefined for `public`, `monitor` and `kiosk`
 * @throws GirokError `not_signed_in`, `not_allowed`, `monitoring_refused`, `too_many_requests`
 */
export async function admit(
  request: FastifyRequest,
  deps: AccessDeps,
  limits: Limits,
): Promise<Session | undefined> {
  const access = request.routeOptions.config.access;
  if (access === 'public') return undefined;
  if (access === 'monitor') return admitMonitor(request, deps);
  const token = tokenOf(request);
  if (access === 'kiosk') {
    if (token === undefined || !deps.kiosk?.(token)) throw new GirokError('not_signed_in');
    return undefined;
  }
  const from = { address: request.ip, unasked: UNASKED_HEADER in request.headers };
  const session = token === undefined ? undefined : deps.sessions.session(token, from);
  if (!session || !access) throw new GirokError('not_signed_in');
  await limits.count('account', request, session.account);
  // Footage is for `viewing` to hand out; who is not wholly signed in, or nobody here any more, does not get so far.
  if (access === 'gate') {
    const standing = decide(session.principal, { function: 'cameras' }, deps.clock.utcUs());
    if (!standing.allowed && standing.why !== 'not_of_role') throw refusalFor(standing.why);
    return session;
  }
  await judge(request, session, access, deps, limits);
  return session;
}

async function judge(
  request: FastifyRequest,
  session: Session,
  access: Exclude<Access, string>,
  deps: AccessDeps,
  limits: Limits,
): Promise<void> {
  const questions: readonly Question[] = 'either' in access ? access.either : [access];
  await demand(request, session, questions, deps, limits);
}

/**
 * Whoever may do one of these goes on. For a handler too, about what only the request itself names.
 *
 * @throws GirokError `not_allowed`, `not_signed_in`, `too_many_requests`; a refusal is entered
 */
export async function demand(
  request: FastifyRequest,
  session: Session,
  questions: readonly Question[],
  { clock, accessLog }: Pick<AccessDeps, 'clock' | 'accessLog'>,
  limits: Limits,
): Promise<void> {
  const answers = questions.map((question) => decide(session.principal, question, clock.utcUs()));
  const refusals = answers.flatMap((answer) => (answer.allowed ? [] : [answer.why]));
  if (refusals.length < answers.length) return;
  // What a role can never do says less than what only a right or a proof is missing for.
  const why = refusals.find((one) => one !== 'not_of_role') ?? 'not_of_role';
  if (!ASKS_FOR_MORE.has(why) && why !== 'session_over') {
    await limits.count('refused', request, session.account);
    accessLog.enter({
      event: { event: 'access.denied', facts: { session: session.id, work: workOf(request), why } },
      ...ofPerson(session, request),
    });
  }
  throw refusalFor(why);
}

const refusalFor = (why: Refusal): GirokError =>
  why === 'session_over' ? new GirokError('not_signed_in') : new GirokError('not_allowed', { why });

/** `GET /api/alarms`: the route, and nothing of what was asked of it. */
export const workOf = ({ routeOptions }: FastifyRequest): string =>
  `${routeOptions.method} ${routeOptions.url}`.slice(0, 64);

export const ofPerson = (session: Session, request: FastifyRequest) => ({
  actor: `person:${session.account}` as const,
  personal: { name: session.name, ip: request.ip },
});

/** The entry of a request that handles what concerns people. On disk before it is answered. */
export function enterWork(request: FastifyRequest, session: Session, accessLog: AccessLog): void {
  accessLog.enter({
    event: { event: 'access.handled', facts: { session: session.id, work: workOf(request) } },
    ...ofPerson(session, request),
  });
}

function admitMonitor(request: FastifyRequest, { monitorToken, behindLocalProxy }: AccessDeps): undefined {
  if (isLoopback(request.ip) && !behindLocalProxy) return undefined;
  const given = /^Bearer (\S{1,256})$/.exec(request.headers.authorization ?? '')?.[1];
  const known = monitorToken();
  if (given === undefined || !known || !isEqual(given, known.reveal()))
    throw new GirokError('monitoring_refused');
  return undefined;
}

/** In a time that says nothing of either. */
function isEqual(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
