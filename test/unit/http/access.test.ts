import { describe, expect, it } from 'vitest';
import { ROLES, type Role } from '../../../src/access/actions.ts';
import { decide } from '../../../src/access/policy.ts';
import { MOST_A_MINUTE } from '../../../src/http/limits.ts';
import type { Session } from '../../../src/http/ports.ts';
import type { Route } from '../../../src/http/route.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import { allRoutes } from '../../support/http/all-routes.ts';
import { cookieOf, OWN, type Served, served, sessionOf } from '../../support/http/served.ts';

/** Somebody who asks. undefined: a cookie of nobody. */
interface Asker {
  readonly name: string;
  readonly cookie?: string;
  readonly session?: Session;
}

const ASKERS: readonly Asker[] = [
  { name: 'nobody' },
  { name: 'a session that never was', cookie: 'x'.repeat(43) },
  { name: 'an endless cookie', cookie: 'x'.repeat(5000) },
  ...ROLES.flatMap((role): Asker[] => [
    { name: role, session: sessionOf(role) },
    { name: `${role}, over`, session: sessionOf(role, { session: { endsUs: 1 } }) },
    { name: `${role}, suspended`, session: sessionOf(role, { state: 'suspended' }) },
    { name: `${role}, closed`, session: sessionOf(role, { state: 'closed' }) },
    { name: `${role}, without a right`, session: sessionOf(role, { rights: [] }) },
    { name: `${role}, without a factor`, session: sessionOf(role, { session: { factor: false } }) },
    {
      name: `${role}, outside without a factor`,
      session: sessionOf(role, { session: { factor: false, outside: true } }),
    },
    {
      name: `${role}, password to be changed`,
      session: sessionOf(role, { session: { mustChangePassword: true } }),
    },
  ]),
];

/** Written down by hand: which role may ask what, when everything else is in order. Everything that is not here is shut. */
const MAY: Readonly<Record<string, readonly Role[]>> = {
  'GET /api/cameras': ['security', 'officer', 'auditor', 'technician', 'administrator'],
  'GET /api/cameras/health': ['security', 'officer', 'auditor', 'technician', 'administrator'],
  'GET /api/alarms': ['security', 'officer', 'auditor', 'technician', 'administrator'],
  'POST /api/alarms/:id/take': ['security', 'officer', 'auditor', 'technician', 'administrator'],
  'POST /api/alarms/:id/acknowledge': ['security', 'officer', 'auditor', 'technician', 'administrator'],
  'GET /api/logs/:view': ['officer', 'auditor'],
  'GET /api/openapi.json': ['administrator'],
  'GET /api/documentation': ['administrator'],
};
const FOR_MACHINES = ['GET /healthz', 'GET /metrics'];
const NEEDS_RIGHT = ['GET /api/logs/:view'];
const WITHOUT_FACTOR: readonly Role[] = ['security', 'technician', 'kiosk'];

const nameOf = ({ method, path }: Route) => `${method} ${path}`;
const addressOf = ({ path }: Route) => path.replace(':id', '06h0a72vta2hwxnh').replace(':view', 'access');

function expected(name: string, { session }: Asker): 'in' | 401 | 403 {
  if (FOR_MACHINES.includes(name)) return 403;
  if (!session || session.principal.session.endsUs === 1) return 401;
  const { role, state, rights, session: facts } = session.principal;
  const isWell =
    state === 'active' &&
    !facts.mustChangePassword &&
    (facts.factor || (!facts.outside && WITHOUT_FACTOR.includes(role))) &&
    (rights.length > 0 || !NEEDS_RIGHT.includes(name));
  return isWell && MAY[name]?.includes(role) ? 'in' : 403;
}

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'] as const;

describe('every route', () => {
  it('opens to whom it is for, by each method and with each kind of request, and to nobody else', async () => {
    const handled = { alarms: [], logs: [] };
    const routes = allRoutes(handled);
    let site: Served | undefined;
    let [checks, allowed] = [0, 0];
    for (const asker of ASKERS) {
      // The counters of refused requests are not what this is about.
      site = await served(routes);
      if (asker.session) site.sessions.set('token', asker.session);
      const cookie = asker.cookie ?? (asker.session ? 'token' : undefined);
      for (const route of routes)
        for (const method of METHODS)
          for (const more of [{}, { range: 'bytes=0-1' }]) {
            const reads = method === 'GET' || method === 'HEAD';
            const answer = await site.ask(addressOf(route), {
              method,
              remoteAddress: '192.0.2.1',
              headers: { ...(cookie === undefined ? {} : cookieOf(cookie)), ...(reads ? {} : OWN), ...more },
              ...(reads ? {} : { payload: '{}' }),
            });
            checks += 1;
            const told = `${asker.name}: ${method} ${addressOf(route)} ${JSON.stringify(more)}`;
            const isIts = method === route.method || (method === 'HEAD' && route.method === 'GET');
            const wanted = isIts ? expected(nameOf(route), asker) : 405;
            if (wanted === 'in') {
              expect([200, 204], told).toContain(answer.statusCode);
              allowed += 1;
            } else {
              expect(answer.statusCode, told).toBe(wanted);
              if (method !== 'HEAD') expect(answer.json().message, told).toMatch(/[가-힣]/);
            }
          }
    }
    expect(checks).toBeGreaterThanOrEqual(2000);
    // What is in the table was really let in.
    expect(allowed).toBeGreaterThan(100);
    expect(new Set(routes.map(nameOf))).toEqual(new Set([...Object.keys(MAY), ...FOR_MACHINES]));
  }, 120_000);

  it('that one may not ask leaves an entry of who asked for what, and only so many', async () => {
    const site = await served(allRoutes());
    site.sessions.set('technician', sessionOf('technician'));
    const ask = () => site.ask('/api/logs/access?rows=1', { headers: cookieOf('technician') });
    expect((await ask()).json().error).toBe('not_allowed');
    expect(site.entries).toEqual([
      {
        event: {
          event: 'access.denied',
          facts: { session: 'session-technician', work: 'GET /api/logs/:view', why: 'not_of_role' },
        },
        actor: 'person:technician-1',
        personal: { name: '홍길동', ip: '127.0.0.1' },
      },
    ]);
    const statuses = [];
    for (let at = 0; at < 100; at++) statuses.push((await ask()).statusCode);
    expect(statuses.filter((status) => status === 403)).toHaveLength(59);
    expect(statuses.filter((status) => status === 429)).toHaveLength(41);
    expect(site.entries).toHaveLength(60);
  });

  it('is not answered where its refusal cannot be entered', async () => {
    const site = await served(allRoutes(), {
      accessLog: {
        enter: () => {
          throw Object.assign(new Error('disk full'), { code: 'SQLITE_FULL' });
        },
      },
    });
    site.sessions.set('technician', sessionOf('technician'));
    const answer = await site.ask('/api/logs/access', { headers: cookieOf('technician') });
    expect(answer.statusCode).toBeGreaterThanOrEqual(400);
    expect(answer.body).not.toContain('disk full');
  });

  it('counts one account from wherever it asks', async () => {
    const site = await served(allRoutes());
    site.sessions.set('guard', sessionOf('security'));
    const answers = [];
    for (let at = 0; at < MOST_A_MINUTE.account + 10; at++)
      answers.push(
        await site.ask('/api/alarms', {
          headers: cookieOf('guard'),
          remoteAddress: `192.0.2.${(at % 200) + 1}`,
        }),
      );
    expect(answers.filter(({ statusCode }) => statusCode === 429)).toHaveLength(10);
  });
});

describe('cameras', () => {
  it('are listed with what the policy allows there, and without how they are reached', async () => {
    const site = await served(allRoutes());
    const session = sessionOf('security');
    site.sessions.set('guard', session);
    const answer = await site.ask('/api/cameras', { headers: cookieOf('guard') });
    const [first, second] = answer.json().cameras;
    expect(first).toMatchObject({ id: 'cam01', may: ['live', 'playback', 'hold'] });
    // There is no right to it, and no right could open an operating room.
    expect(second).toMatchObject({ id: 'cam02', zone: 'operating_room', may: [] });
    expect(
      decide(
        session.principal,
        { action: 'live', camera: { id: 'cam01', zone: 'public' } },
        systemClock.utcUs(),
      ),
    ).toMatchObject({ allowed: true });
    for (const secret of ['rtsp', 'credential', 'secret', 'password'])
      expect(answer.body).not.toContain(secret);
    const some = await site.ask('/api/cameras?may=live', { headers: cookieOf('guard') });
    expect(some.json().cameras.map(({ id }: { id: string }) => id)).toEqual(['cam01']);
  });
});

describe('registers', () => {
  it('are shown from their end, in pieces', async () => {
    const site = await served(allRoutes());
    site.sessions.set('auditor', sessionOf('auditor'));
    const ask = async (query: string) =>
      (await site.ask(`/api/logs/viewing${query}`, { headers: cookieOf('auditor') })).json();
    const last = await ask('');
    expect([last.total, last.rows.length, last.rows[0], last.rows.at(-1)]).toEqual([
      1200,
      500,
      [701],
      [1200],
    ]);
    expect((await ask('?rows=2&before=1198')).rows).toEqual([[1], [2]]);
    expect((await ask('?before=5000')).rows).toEqual([]);
  });
});

describe('an alarm', () => {
  it('is dealt with in the name of whoever is signed in, whatever else is sent', async () => {
    const handled = { alarms: [], logs: [] };
    const site = await served(allRoutes(handled));
    site.sessions.set('guard', sessionOf('security'));
    const send = (payload: object) =>
      site.ask('/api/alarms/06h0a72vta2hwxnh/acknowledge', {
        method: 'POST',
        headers: { ...OWN, ...cookieOf('guard') },
        payload: JSON.stringify(payload),
      });
    expect((await send({ note: '디스크 주문함' })).statusCode).toBe(204);
    expect((await send({ note: 'x', actor: 'person:officer-1' })).statusCode).toBe(400);
    expect((await send({ note: '\n' })).statusCode).toBe(400);
    expect(handled.alarms).toEqual([
      {
        id: '06h0a72vta2hwxnh',
        does: 'acknowledge',
        actor: 'person:security-1',
        personal: { by: '홍길동', note: '디스크 주문함' },
      },
    ]);
  });
});
