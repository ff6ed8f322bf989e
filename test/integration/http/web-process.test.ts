import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { en } from '../../../src/i18n/en.ts';
import {
  createStewardHome,
  type Started,
  startSteward,
  startWeb,
} from '../../support/ledger/steward-home.ts';

/** The real web process beside a real steward: people, sessions, ledger and keyring are the real ones. */

const GIROK = fileURLToPath(new URL('../../../src/main/girok.ts', import.meta.url));
const PASSWORD = '보라색 우산 열두 개와 낡은 지도';
const home = createStewardHome();
let web: Started;
let url = '';
const girok = (...args: string[]): unknown =>
  JSON.parse(
    execFileSync(
      process.execPath,
      [GIROK, ...args, '--json', '--config', home.config, '--storage', home.storage],
      {
        encoding: 'utf8',
        env: { PATH: process.env.PATH ?? '', LANG: 'en_US.UTF-8' },
      },
    ),
  );

beforeAll(async () => {
  const steward = startSteward(home);
  await vi.waitFor(() => expect(steward.said()).toContain('steward.started'), 30_000);
  web = startWeb(home);
  await vi.waitFor(() => expect(web.said()).toContain('web.started'), 30_000);
  url = /"address":"([^"]+)"/.exec(web.said())?.[1] ?? '';
});
afterAll(() => home.remove());

const post = (path: string, body: object, cookie = '') =>
  fetch(`${url}${path}`, {
    method: 'POST',
    // The commands between hold this process up for longer than a server keeps a quiet connection.
    headers: { origin: url, 'content-type': 'application/json', connection: 'close', cookie },
    body: JSON.stringify(body),
  });
const cookiesOf = (answer: Response) =>
  answer.headers
    .getSetCookie()
    .map((line) => line.split(';', 1)[0])
    .join('; ');

describe('the web process', () => {
  it('answers nobody before there is anybody', async () => {
    expect((await fetch(`${url}/api/me`, { headers: { connection: 'close' } })).status).toBe(401);
    const refused = await post('/api/sign-in', { login: 'admin', password: PASSWORD });
    expect([refused.status, ((await refused.json()) as { error: string }).error]).toEqual([
      401,
      'sign_in_refused',
    ]);
  });

  it('lets the first administrator in with the code of the machine, once, and asks for a factor before anything else', async () => {
    const { code } = girok('people', 'first-code') as { code: string };
    const person = { code, login: 'admin', name: '송은서', password: PASSWORD };
    const both = await Promise.all([1, 2].map(() => post('/api/first-administrator', person)));
    expect(both.map(({ status }) => status).sort()).toEqual([204, 401]);

    const signedIn = await post('/api/sign-in', { login: 'admin', password: PASSWORD });
    expect([signedIn.status, await signedIn.json()]).toEqual([200, { state: 'signed_in' }]);
    for (const line of signedIn.headers.getSetCookie())
      expect(line).toMatch(
        /^__Host-girok(-device)?=[\w-]{20,}; (Max-Age=\d+; )?Path=\/; HttpOnly; Secure; SameSite=Strict$/,
      );
    const cookie = cookiesOf(signedIn);
    const get = (path: string) => fetch(`${url}${path}`, { headers: { connection: 'close', cookie } });
    expect(await (await get('/api/me')).json()).toMatchObject({
      name: '송은서',
      role: 'administrator',
      session: { factor: false, outside: false },
    });
    const people = await get('/api/people');
    expect([people.status, ((await people.json()) as { error: string }).error]).toEqual([403, 'not_allowed']);

    const out = await post('/api/sign-out', {}, cookie);
    expect(out.status).toBe(204);
    // What a browser keeps in spite of it opens nothing.
    expect((await get('/api/me')).status).toBe(401);
  });

  it('has entered all of it, with the names sealed', () => {
    const { rows } = girok('ledger', 'show', 'access') as { rows: (string | number)[][] };
    const text = rows.map((row) => row.join(' | ')).join('\n');
    expect(text).toContain('송은서');
    expect(text).toContain('127.0.0.1');
    const words = ['access.refused', 'access.signed_in', 'access.signed_out'] as const;
    expect(rows.map((row) => row[6])).toEqual(words.map((event) => en.ledger.views.events[event]));
    expect(text).not.toContain(PASSWORD);
    expect(web.said()).not.toContain(PASSWORD);
  });

  it('ends within seconds when it is told to', async () => {
    web.child.kill('SIGTERM');
    expect(await web.ended).toBe(0);
    expect(web.said()).toContain('web.stopped');
  });
});
