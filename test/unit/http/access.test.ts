import { describe, expect, it } from 'vitest';
import { ROLES, type Role } from '../../../src/access/actions.ts';
import { decide } from '../../../src/access/policy.ts';
import { MOST_A_MINUTE } from '../../../src/http/limits.ts';
import type { Session } from '../../../src/http/ports.ts';
import { MINUTE_US, systemClock } from '../../../src/lib/clock.ts';
import { allRoutes } from '../../support/http/all-routes.ts';
import { addressOf, BODIES, nameOf, QUERIES } from '../../support/http/example-requests.ts';
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
const STAFF: readonly Role[] = ['security', 'officer', 'auditor', 'technician', 'administrator'];
const ALL: readonly Role[] = [...STAFF, 'reviewer'];
const MAY: Readonly<Record<string, readonly Role[]>> = {
  'GET /api/cameras': STAFF,
  'GET /api/cameras/health': STAFF,
  'GET /api/timeline': STAFF,
  'GET /api/calendar': STAFF,
  'GET /api/purposes': STAFF,
  'GET /api/cameras/:id/register': STAFF,
  'GET /api/cameras/:id/history': STAFF,
  'GET /api/cameras/:id/view': STAFF,
  'POST /api/cameras/:id/view/look': ['officer', 'technician'],
  'POST /api/cameras/:id/view/accept': ['officer', 'technician'],
  'POST /api/camera-search/discovery': ['officer', 'administrator'],
  'POST /api/camera-search/probe': ['officer', 'administrator'],
  'POST /api/camera-search/entry': ['officer', 'administrator'],
  'GET /api/camera-search': ['officer', 'administrator'],
  'DELETE /api/camera-search': ['officer', 'administrator'],
  'GET /api/settings': ['officer', 'auditor', 'administrator'],
  'GET /api/settings/changes': ['officer', 'auditor', 'administrator'],
  'GET /api/alarms': STAFF,
  'POST /api/alarms/:id/take': STAFF,
  'POST /api/alarms/:id/acknowledge': STAFF,
  'POST /api/kiosks': ['officer'],
  'GET /api/logs/:view': ['officer', 'auditor'],
  'GET /api/logs/:view/choices': ['officer', 'auditor'],
  'GET /api/logs/:view/export': ['officer', 'auditor'],
  'GET /api/ledger': STAFF,
  'GET /api/ledger/entries/:seq': ['officer', 'auditor'],
  'GET /api/ledger/entries/:seq/proof': ['officer', 'auditor'],
  'GET /api/ledger/checkpoint': ['officer', 'auditor'],
  'GET /api/ledger/verification': ['officer', 'auditor'],
  'POST /api/ledger/verification': ['officer', 'auditor'],
  'DELETE /api/ledger/verification': ['officer', 'auditor'],
  'GET /api/openapi.json': ['administrator'],
  'GET /api/documentation': ['administrator'],
  'GET /api/people': ['administrator'],
  'POST /api/people': ['administrator'],
  'POST /api/people/:id/close': ['administrator'],
  'POST /api/people/:id/suspend': ['administrator'],
  'POST /api/people/:id/restore': ['administrator'],
  'POST /api/people/:id/unlock': ['administrator'],
  'POST /api/people/:id/reset-factors': ['administrator'],
  'POST /api/people/:id/reset-password': ['administrator'],
  'PUT /api/people/:id/terms': ['administrator'],
  'GET /api/people/:id/sessions': ['administrator'],
  'DELETE /api/people/:id/sessions/:session': ['administrator'],
  'POST /api/rights': ['administrator'],
  'PUT /api/rights/:id': ['administrator'],
  'GET /api/rights': ['administrator', 'officer'],
  'POST /api/rights/:id/approve': ['administrator', 'officer'],
  'POST /api/rights/:id/refuse': ['administrator', 'officer'],
  'POST /api/rights/:id/revoke': ['administrator', 'officer'],
  'GET /api/holds': ['security', 'officer', 'auditor', 'administrator', 'reviewer'],
  'GET /api/holds/reasons': ['officer', 'auditor'],
  'GET /api/holds/:id': ['officer', 'auditor'],
  'POST /api/holds/:id/take-over': ['officer'],
  'POST /api/holds/:id/renew': ['officer'],
  'POST /api/holds/:id/review': ['officer'],
  'POST /api/holds/:id/end': ['officer'],
  'GET /api/retention': ['officer', 'auditor', 'administrator'],
  'GET /api/retention/runs': ['officer', 'auditor', 'administrator'],
  'GET /api/retention/runs/:run': ['officer', 'auditor', 'administrator'],
  'GET /api/retention/runs/:run/text': ['officer', 'auditor', 'administrator'],
  'GET /api/tasks': ['security', 'officer', 'auditor', 'administrator', 'reviewer'],
  'GET /api/tasks/:id/report': ['officer', 'auditor'],
  'POST /api/tasks/:id/confirm': ['officer'],
  'GET /api/items': ['officer', 'auditor'],
  'POST /api/items': ['officer'],
  'POST /api/items/:item/returned': ['officer'],
  'POST /api/items/:item/destroyed': ['officer'],
  'GET /api/grants': ['officer', 'auditor'],
  'POST /api/grants/:id/approve': ['officer'],
  'POST /api/grants/:id/refuse': ['officer'],
  'POST /api/grants/:id/review': ['officer', 'auditor'],
};
/** These are for anybody who is signed in and active, as far as the server is concerned: `viewing` says the rest. */
const GATE: readonly string[] = [
  'POST /api/viewings',
  'POST /api/break-glass',
  'POST /api/viewings/:id/close',
  'POST /api/viewings/:id/marks',
  'POST /api/grants',
  'POST /api/grants/:id/open',
  'POST /api/grants/:id/revoke',
  'GET /api/today',
  'GET /api/viewings/:id/footage/:camera/:stream/playlist.m3u8',
  'GET /api/viewings/:id/footage/:camera/:stream/init/:name',
  'GET /api/viewings/:id/footage/:camera/:stream/media/:name',
  'GET /api/viewings/:id/footage/:camera/:stream/key-frame',
  'GET /api/viewings/:id/footage/:camera/:stream/transcoded/playlist.m3u8',
  'GET /api/viewings/:id/footage/:camera/:stream/transcoded/init/:name',
  'GET /api/viewings/:id/footage/:camera/:stream/transcoded/media/:name',
  'GET /api/viewings/:id/live/:camera',
];
/** The same, and then the policy is asked about the cameras that the request names. */
const HOLDS_THERE: readonly string[] = ['POST /api/holds', 'POST /api/viewings/:id/incident'];
const MAY_HOLD: readonly Role[] = ['security', 'officer'];
/** Let in, and then told that it opens as a WebSocket alone. */
const SOCKETS: readonly string[] = ['GET /api/viewings/:id/live/:camera'];
/** A person's own account: before a factor is shown or a password changed as well, since that is how it is done. */
const OWN_ACCOUNT: readonly string[] = [
  'GET /api/about',
  'GET /api/me',
  'GET /api/me/sessions',
  'DELETE /api/me/sessions/:id',
  'POST /api/me/password',
  'PUT /api/me/language',
  'GET /api/me/factors',
  'DELETE /api/me/factors/:id',
  'POST /api/me/totp',
  'POST /api/me/totp/confirm',
  'POST /api/me/passkeys',
  'POST /api/me/passkeys/finish',
  'POST /api/me/recovery-codes',
  'GET /api/me/rights',
  'DELETE /api/kiosks/:id',
  'GET /api/me/grants',
  'GET /api/viewings',
  'GET /api/viewings/:id',
  'GET /api/viewings/:id/marks',
  'POST /api/sign-out',
  'POST /api/proof',
];
const FOR_ALL = [
  'GET /api/site',
  'POST /api/sign-in',
  'POST /api/sign-in/passkey',
  'POST /api/sign-in/factor',
  'POST /api/first-administrator',
  'POST /api/kiosk/enter',
];
const FOR_KIOSKS = ['GET /api/kiosk'];
const FOR_MACHINES = ['GET /healthz', 'GET /metrics'];
const NEEDS_RIGHT = /^\w+ \/api\/(logs|ledger\/|people|rights|grants|items|holds\/|tasks\/|kiosks$)/;
const WITHOUT_FACTOR: readonly Role[] = ['security', 'technician', 'kiosk'];

function expected(name: string, { session }: Asker): 'in' | 401 | 403 {
  if (FOR_MACHINES.includes(name)) return 403;
  if (FOR_ALL.includes(name)) return 'in';
  // No person's session is one of a kiosk.
  if (FOR_KIOSKS.includes(name)) return 401;
  if (!session || session.principal.session.endsUs === 1) return 401;
  const { role, state, rights, session: facts } = session.principal;
  if (OWN_ACCOUNT.includes(name)) return state === 'active' && ALL.includes(role) ? 'in' : 403;
  const isWhole =
    state === 'active' &&
    !facts.mustChangePassword &&
    (facts.factor || (!facts.outside && WITHOUT_FACTOR.includes(role)));
  if (GATE.includes(name)) return isWhole ? 'in' : 403;
  if (HOLDS_THERE.includes(name)) return isWhole && rights.length > 0 && MAY_HOLD.includes(role) ? 'in' : 403;
  const isWell = isWhole && (rights.length > 0 || !NEEDS_RIGHT.test(name));
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
      site = await served(routes);
      const cookie = asker.cookie ?? (asker.session ? 'token' : undefined);
      for (const [at, route] of routes.entries()) {
        // One account each: how many refusals of one are taken is not what this is about.
        if (asker.session) site.sessions.set('token', { ...asker.session, account: `a${at}` });
        for (const method of METHODS) {
          const reads = method === 'GET' || method === 'HEAD';
          for (const more of reads ? [{}, { range: 'bytes=0-1' }] : [{}]) {
            const same = routes.filter(({ path }) => addressOf({ path }) === addressOf(route));
            // Of footage there is no head alone.
            const its = same.find((one) =>
              method === 'HEAD' ? one.method === 'GET' && one.access !== 'gate' : one.method === method,
            );
            const before = site.entries.length;
            const answer = await site.ask(`${addressOf(route)}${(its && QUERIES[nameOf(its)]) ?? ''}`, {
              method,
              remoteAddress: '192.0.2.1',
              headers: { ...(cookie === undefined ? {} : cookieOf(cookie)), ...(reads ? {} : OWN), ...more },
              ...(reads ? {} : { payload: JSON.stringify((its && BODIES[nameOf(its)]) ?? {}) }),
            });
            checks += 1;
            const told = `${asker.name}: ${method} ${addressOf(route)} ${JSON.stringify(more)}`;
            const wanted = its ? expected(nameOf(its), asker) : 405;
            if (wanted === 'in') {
              expect(its && SOCKETS.includes(nameOf(its)) ? [426] : [200, 204], told).toContain(
                answer.statusCode,
              );
              allowed += 1;
              const made = site.entries.slice(before).map(({ event }) => event.event);
              expect(made, told).toEqual(its?.touchesPeople ? ['access.handled'] : []);
            } else {
              expect(answer.statusCode, told).toBe(wanted);
              if (method !== 'HEAD') expect(answer.json().message, told).toMatch(/[가-힣]/);
            }
          }
        }
      }
    }
    expect(checks).toBeGreaterThanOrEqual(2000);
    // What is in the table was really let in.
    expect(allowed).toBeGreaterThan(100);
    expect(new Set(routes.map(nameOf))).toEqual(
      new Set([
        ...Object.keys(MAY),
        ...OWN_ACCOUNT,
        ...GATE,
        ...HOLDS_THERE,
        ...FOR_ALL,
        ...FOR_KIOSKS,
        ...FOR_MACHINES,
      ]),
    );
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

describe('a camera’s page of the register', () => {
  const ask = async (role: Role, id = 'cam01') => {
    const site = await served(allRoutes());
    site.sessions.set('token', sessionOf(role));
    return site.ask(`/api/cameras/${id}/register`, { headers: cookieOf('token') });
  };

  it('says what its sign says, and what the camera says it is', async () => {
    expect((await ask('security')).json()).toMatchObject({
      id: 'cam01',
      pulled: true,
      sign: {
        purposes: [{ ko: '화재예방', en: 'Fire prevention' }],
        hours: 'always',
        manager: { title: { ko: '이사', en: 'Director' }, phone: '1' },
      },
      device: { manufacturer: 'Hanwha', model: 'XNO-6080R' },
    });
  });

  it('says where it is to whoever looks after it, never how it is opened', async () => {
    for (const role of ['technician', 'officer', 'auditor', 'administrator'] as const) {
      const answer = await ask(role);
      expect(answer.json().addresses).toEqual([{ use: 'main', at: 'rtsp://127.0.0.101' }]);
      for (const secret of ['swordfish', 'credential', 'secret', 'password', '홍'])
        expect(answer.body).not.toContain(secret);
    }
    expect((await ask('security')).json().addresses).toBeUndefined();
  });

  it('is of a camera that is configured, and of nothing else', async () => {
    expect((await ask('officer', 'cam99')).statusCode).toBe(404);
    expect((await ask('officer', '..%2f..%2fetc')).statusCode).toBe(400);
  });
});

describe('a camera’s history', () => {
  it('is of a time that begins before it ends, and of three months at most', async () => {
    const site = await served(allRoutes());
    site.sessions.set('guard', sessionOf('security'));
    const ask = async (from: string, to: string) =>
      (await site.ask(`/api/cameras/cam01/history?from=${from}&to=${to}`, { headers: cookieOf('guard') }))
        .statusCode;
    expect(await ask('2026-11-22T00:00:00Z', '2026-11-23T00:00:00Z')).toBe(200);
    expect(await ask('2026-11-23T00:00:00Z', '2026-11-23T00:00:00Z')).toBe(400);
    expect(await ask('2026-08-01T00:00:00Z', '2026-11-23T00:00:00Z')).toBe(400);
    expect(await ask('yesterday', 'today')).toBe(400);
  });
});

describe('a register', () => {
  it('is taken out of the house only by somebody who has just proved who they are', async () => {
    const site = await served(allRoutes());
    const tenMinutesAgo = systemClock.utcUs() - 10 * MINUTE_US;
    site.sessions.set('auditor', sessionOf('auditor', { session: { provenUs: tenMinutesAgo } }));
    const ask = (address: string) => site.ask(address, { headers: cookieOf('auditor') });
    expect((await ask('/api/logs/access')).statusCode).toBe(200);
    const refused = await ask('/api/logs/access/export?format=csv');
    expect([refused.statusCode, refused.json().error]).toEqual([403, 'not_allowed']);
    // What its person reads aloud is what the log has.
    expect(site.refusals.at(-1)).toMatchObject({ reference: refused.json().reference, code: 'not_allowed' });
    site.sessions.set('auditor', sessionOf('auditor'));
    const taken = await ask('/api/logs/access/export?format=csv');
    expect([taken.statusCode, taken.headers['content-disposition'], taken.body]).toEqual([
      200,
      'attachment; filename="access.csv"',
      'n\r\n',
    ]);
  });

  it('is asked for in one spelling, and for nothing that it does not have', async () => {
    const site = await served(allRoutes());
    site.sessions.set('auditor', sessionOf('auditor'));
    for (const query of [
      '?rows=0',
      '?rows=201',
      '?rows=1&rows=2',
      '?before=3',
      '?behind=-1',
      '?from=yesterday',
      '?kind=%27%20or%201=1',
      '?person=%00',
      '?order=up',
      '/export?format=exe',
      '/export',
      '/choices?kind=a',
    ])
      expect(
        (await site.ask(`/api/logs/access${query}`, { headers: cookieOf('auditor') })).statusCode,
        query,
      ).toBe(400);
    for (const address of ['/api/logs/entries', '/api/ledger/entries/07', '/api/ledger/entries/x'])
      expect((await site.ask(address, { headers: cookieOf('auditor') })).statusCode, address).toBe(400);
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
