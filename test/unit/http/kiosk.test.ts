import { expect, it } from 'vitest';
import type { KioskSession } from '../../../src/access/kiosk.ts';
import { MOST_A_MINUTE } from '../../../src/http/limits.ts';
import { kioskRoutes } from '../../../src/http/resources/kiosks.ts';
import { GirokError } from '../../../src/lib/errors.ts';
import { allRoutes } from '../../support/http/all-routes.ts';
import { notedKiosks } from '../../support/http/noted-kiosks.ts';
import { cookieOf, OWN, served, sessionOf } from '../../support/http/served.ts';

const AT_US = Date.parse('2026-11-23T01:00:00Z') * 1000;
const TOKEN = 'k'.repeat(43);

const standing: KioskSession = {
  id: '0123456789abcdef',
  clip: {
    id: '0123456789abcdef',
    request: '2026-0007',
    applicant: '박민원',
    cameras: ['cam01'],
    fromUs: AT_US,
    toUs: AT_US,
  },
  principal: sessionOf('kiosk', { rights: [], session: { endsUs: AT_US } }).principal,
};

/** All routes, with a kiosk that stands under {@link TOKEN} and waits for one code. */
async function open() {
  const kiosks = {
    ...notedKiosks,
    enter(code: string) {
      if (code !== 'ABCD-EFGH') throw new GirokError('kiosk_code_refused');
      return { token: TOKEN, endsUs: AT_US };
    },
    session: (token: string) => (token === TOKEN ? standing : undefined),
  };
  const isOurs = ({ path }: { path: string }) => path.startsWith('/api/kiosk');
  const routes = [...allRoutes().filter((route) => !isOurs(route)), ...kioskRoutes({ kiosks: () => kiosks })];
  return { routes, ...(await served(routes, { kiosk: (token) => kiosks.session(token) !== undefined })) };
}

it('is entered with the code alone, and tells what it was opened for', async () => {
  const { ask } = await open();
  const type = (code: string) =>
    ask('/api/kiosk/enter', { method: 'POST', headers: OWN, payload: JSON.stringify({ code }) });
  const wrong = await type('AAAA-AAAA');
  expect([wrong.statusCode, wrong.json().error, wrong.headers['set-cookie']]).toEqual([
    401,
    'kiosk_code_refused',
    undefined,
  ]);
  const right = await type('ABCD-EFGH');
  expect(right.statusCode).toBe(200);
  expect(String(right.headers['set-cookie'])).toContain(TOKEN);
  const told = await ask('/api/kiosk', { headers: cookieOf(TOKEN) });
  expect(told.json()).toEqual({
    request: '2026-0007',
    applicant: '박민원',
    cameras: ['cam01'],
    from: '2026-11-23T01:00:00.000Z',
    to: '2026-11-23T01:00:00.000Z',
    ends: '2026-11-23T01:00:00.000Z',
  });
});

it('opens nothing but its own route, and no person’s session opens that', async () => {
  const { routes, ask, sessions, entries } = await open();
  sessions.set('officer', sessionOf('officer'));
  for (const token of ['officer', 'nobody'])
    expect((await ask('/api/kiosk', { headers: cookieOf(token) })).statusCode).toBe(401);
  for (const { method, path, access } of routes) {
    if (access === 'public' || access === 'kiosk' || access === 'monitor') continue;
    const url = path.replace(/:\w+/g, '0123456789abcdef');
    const headers = { ...(method === 'GET' ? {} : OWN), ...cookieOf(TOKEN) };
    const answer = await ask(url, { method, headers, ...(method !== 'GET' && { payload: '{}' }) });
    expect(answer.statusCode, `${method} ${path}`).toBe(401);
  }
  expect(entries).toEqual([]);
});

it('tells an address that guesses to wait, and lets the next one in all the same', async () => {
  const { ask } = await open();
  const type = async (code: string, remoteAddress: string) => {
    const payload = JSON.stringify({ code });
    const how = { method: 'POST' as const, headers: OWN, payload, remoteAddress };
    return (await ask('/api/kiosk/enter', how)).statusCode;
  };
  const statuses: number[] = [];
  for (let i = 0; i < MOST_A_MINUTE.signIn + 2; i++) statuses.push(await type(`AAAA-${i}`, '127.0.0.2'));
  expect(statuses).toEqual([...Array<number>(MOST_A_MINUTE.signIn).fill(401), 429, 429]);
  expect(await type('ABCD-EFGH', '127.0.0.3')).toBe(200);
});
