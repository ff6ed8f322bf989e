import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { MOST_A_MINUTE } from '../../../src/http/limits.ts';
import { command, raw, route } from '../../../src/http/route.ts';
import { en } from '../../../src/i18n/en.ts';
import { ko } from '../../../src/i18n/ko.ts';
import { GirokError } from '../../../src/lib/errors.ts';
import { Secret } from '../../../src/lib/secret.ts';
import { allRoutes } from '../../support/http/all-routes.ts';
import { cookieOf, IN_CLEAR, OWN, served, sessionOf } from '../../support/http/served.ts';

const TAKE = '/api/alarms/06h0a72vta2hwxnh/take';
const taken: unknown[] = [];
const site = await served([
  ...allRoutes({ alarms: [], logs: [] }),
  command({
    method: 'POST',
    path: '/test/taking',
    access: 'public',
    summary: 'Takes what it is sent.',
    body: z.strictObject({ text: z.string().max(20), count: z.number(), on: z.boolean().optional() }),
    handle: ({ body }) => void taken.push(body),
  }),
  raw({
    method: 'GET',
    path: '/test/broken',
    access: 'public',
    summary: 'Breaks.',
    handle: () => {
      throw new TypeError('secret words /srv/girok/site.db');
    },
  }),
  raw({
    method: 'GET',
    path: '/test/away',
    access: 'public',
    summary: 'Its database is away.',
    handle: () => {
      throw new GirokError('ledger_missing', { path: '/srv/girok/site.db' });
    },
  }),
  route({
    method: 'GET',
    path: '/test/lying',
    access: 'public',
    summary: 'Answers what it did not promise.',
    answer: z.strictObject({ name: z.string() }),
    handle: () => ({ name: 'x', password: 'secret words' }),
  }),
]);
site.sessions.set('guard', sessionOf('security'));
const guard = cookieOf('guard');
const post = (url: string, payload: string | object = {}, headers: Record<string, string | undefined> = {}) =>
  site.ask(url, {
    method: 'POST',
    payload: typeof payload === 'string' ? payload : JSON.stringify(payload),
    headers: Object.fromEntries(
      Object.entries({ ...OWN, ...headers }).filter(
        (pair): pair is [string, string] => pair[1] !== undefined,
      ),
    ),
  });

describe('the web server', () => {
  it.each(['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH', 'TRACE'] as const)(
    'answers %s where there is only GET with 405',
    async (method) => {
      const answer = await site.ask('/healthz', { method });
      expect(answer.statusCode).toBe(405);
      expect(answer.headers.allow).toBe('GET, HEAD');
      expect(answer.json().error).toBe('request_method');
    },
  );

  it.each([
    'evil.example',
    'evil.example:8400',
    '127.0.0.1.evil.example',
    'a@127.0.0.1',
    '127.0.0.1/x',
    'a b',
  ])('does not answer for the host "%s"', async (host) => {
    const answer = await site.ask('/metrics', { headers: { host } });
    expect(answer.statusCode).toBe(421);
    expect(answer.json().error).toBe('request_wrong_host');
  });

  it.each(['localhost:8400', '127.0.0.1', '192.168.10.2:8400', '[::1]:8400', 'Recorder.Clinic.example'])(
    'answers for the host "%s"',
    async (host) => {
      expect((await site.ask('/healthz', { headers: { host } })).statusCode).toBe(200);
    },
  );

  it('names no software, and lets nothing be cached, sniffed, framed, run or shared', async () => {
    for (const url of ['/nowhere', '/healthz', '/api/alarms', '/test/broken']) {
      const { headers } = await site.ask(url);
      expect(headers).toMatchObject({
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'referrer-policy': 'no-referrer',
        'cross-origin-resource-policy': 'same-origin',
        'content-security-policy':
          "default-src 'none';base-uri 'none';form-action 'none';frame-ancestors 'none'",
      });
      for (const name of ['server', 'x-powered-by', 'access-control-allow-origin'])
        expect(headers).not.toHaveProperty(name);
    }
  });

  it('asks browsers for https for a year where it is reached by it', async () => {
    expect((await site.ask('/nowhere')).headers['strict-transport-security']).toBe('max-age=31536000');
    const clear = await served(allRoutes(), { listening: IN_CLEAR });
    expect((await clear.ask('/nowhere')).headers).not.toHaveProperty('strict-transport-security');
  });

  it('takes connections in clear from this machine and from named proxies alone, and believes these whom they bring', async () => {
    const clear = await served(allRoutes(), {
      listening: { secure: true, proxies: ['192.0.2.1'] },
      behindLocalProxy: false,
    });
    const from = async (remoteAddress: string, forwarded?: string) => {
      const headers = forwarded === undefined ? {} : { 'x-forwarded-for': forwarded };
      return (await clear.ask('/metrics', { remoteAddress, headers })).json().error as string;
    };
    expect(await from('192.0.2.9')).toBe('request_in_clear');
    expect(await from('192.0.2.9', '127.0.0.1')).toBe('request_in_clear');
    expect(await from('192.0.2.1', '198.51.100.7')).toBe('monitoring_refused');
    // What the proxy was told by whoever asked it stands in front of what the proxy saw.
    expect(await from('192.0.2.1', '127.0.0.1, 198.51.100.7')).toBe('monitoring_refused');
    expect((await clear.ask('/metrics', { remoteAddress: '127.0.0.1' })).statusCode).toBe(200);
  });

  it('does not start with a route that does not say who may ask', async () => {
    const [first] = allRoutes();
    if (!first) throw new Error('no routes');
    const { access: _left, ...without } = first;
    await expect(served([without as typeof first])).rejects.toMatchObject({ code: 'internal' });
  });

  it('tells a fault of its own without its words, and says it in the log', async () => {
    const broken = await site.ask('/test/broken');
    expect(broken.statusCode).toBe(500);
    expect(broken.json()).toEqual({
      error: 'internal',
      message: ko.errors.internal({}),
      reference: expect.stringMatching(/^[0-9a-hjkmnp-tv-z]{8}$/),
    });
    expect(site.failures.at(-1)).toBeInstanceOf(TypeError);

    const away = await site.ask('/test/away');
    expect(away.statusCode).toBe(503);
    expect(away.body).not.toContain('/srv');
    expect(away.json().message).toBe(ko.errors.ledger_missing({}));
  });

  it('sends no answer that is not what its route promises', async () => {
    const answer = await site.ask('/test/lying');
    expect(answer.statusCode).toBe(500);
    expect(answer.body).not.toContain('secret');
  });

  it.each([
    [undefined, 'ko'],
    ['en', 'en'],
    ['en-US,en;q=0.9,ko;q=0.8', 'en'],
    ['fr, ko;q=0.1, en;q=0.05', 'ko'],
    ['de', 'ko'],
    ['en;q=0, ko;q=0.1', 'ko'],
    ['*', 'ko'],
    [';;;,,,q=', 'ko'],
    [`${'x,'.repeat(300)}en`, 'ko'],
  ])('answers in the language that is wished: %s', async (wish, language) => {
    const answer = await site.ask('/nowhere', {
      headers: wish === undefined ? {} : { 'accept-language': wish },
    });
    const words = language === 'ko' ? ko : en;
    expect(answer.json()).toEqual({ error: 'request_unknown', message: words.errors.request_unknown({}) });
  });

  it('lets one address ask only so often, and tells when it may again', async () => {
    const busy = await served(allRoutes());
    const answers = [];
    for (let at = 0; at < MOST_A_MINUTE.address + 20; at++) answers.push(await busy.ask('/nowhere'));
    const refused = answers.filter(({ statusCode }) => statusCode === 429);
    expect(refused).toHaveLength(20);
    expect(Number(refused[0]?.headers['retry-after'])).toBeGreaterThan(0);
    expect(refused[0]?.json().error).toBe('too_many_requests');
    const other = await busy.ask('/nowhere', { remoteAddress: '192.0.2.7' });
    expect(other.statusCode).toBe(404);
  });
});

describe('health and metrics', () => {
  const token = 'a'.repeat(32);
  it('are for this machine, and for whoever has the token', async () => {
    const guarded = await served(allRoutes(), { monitorToken: () => new Secret(token) });
    for (const url of ['/healthz', '/metrics']) {
      expect((await guarded.ask(url)).statusCode).toBe(200);
      expect((await guarded.ask(url, { remoteAddress: '::ffff:127.0.0.1' })).statusCode).toBe(200);
      const remoteAddress = '192.0.2.7';
      for (const authorization of [undefined, '', 'Bearer ', `Bearer ${token}x`, `Basic ${token}`, token]) {
        const headers = authorization === undefined ? {} : { authorization };
        expect((await guarded.ask(url, { remoteAddress, headers })).statusCode, authorization).toBe(403);
      }
    }
  });

  it('are for the token alone where a proxy on this machine makes everybody look like it', async () => {
    const guarded = await served(allRoutes(), {
      monitorToken: () => new Secret(token),
      behindLocalProxy: true,
    });
    expect((await guarded.ask('/metrics')).statusCode).toBe(403);
    const headers = { authorization: `Bearer ${token}` };
    expect((await guarded.ask('/metrics', { headers })).statusCode).toBe(200);
  });
});

describe('what another site makes a browser send', () => {
  const cookie = guard.cookie;
  const kinds = [
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'text/plain',
    undefined,
  ];
  const foreign: [string, Record<string, string | undefined>][] = [
    ...kinds.map((kind): [string, Record<string, string | undefined>] => [
      `a form of our own page as ${kind}`,
      { 'content-type': kind },
    ]),
    ...[
      'http://evil.example',
      'http://127.0.0.1:8400',
      'https://127.0.0.1',
      'https://127.0.0.1:8401',
      'http://127.0.0.2:8400',
      'https://localhost:8400',
      'https://127.0.0.1:8400.evil.example',
      'https://127.0.0.1:8400@evil.example',
      'http://evil.example/https://127.0.0.1:8400',
      'https://127.0.0.1:8400/',
      'https://127.0.0.1:8400, http://evil.example',
      'null',
      '',
      'file://',
      'chrome-extension://abcdefgh',
      'https://2130706433:8400',
      'https://0x7f.1:8400',
    ].map((origin): [string, Record<string, string>] => [`the origin ${origin}`, { origin }]),
    ['no origin', { origin: undefined }],
    [
      'no origin, and the word of the browser that it is ours',
      { origin: undefined, 'sec-fetch-site': 'same-origin' },
    ],
    ...['cross-site', 'same-site', 'none', '', 'same-origin, cross-site', 'SAME-ORIGIN'].map(
      (site): [string, Record<string, string>] => [`Sec-Fetch-Site: ${site}`, { 'sec-fetch-site': site }],
    ),
    ['JSON that calls itself text', { 'content-type': 'text/plain; application/json' }],
    ['a type with a tail', { 'content-type': 'application/json\tx' }],
    ['two types', { 'content-type': 'application/json, text/plain' }],
    ['another character set', { 'content-type': 'application/json; charset=utf-7' }],
  ];

  it.each(foreign)('changes nothing: %s', async (_what, headers) => {
    const answer = await post(TAKE, {}, { cookie, ...headers });
    expect([403, 415]).toContain(answer.statusCode);
    expect(answer.json().message).toMatch(/[가-힣]/);
  });

  it('is at least thirty ways, and our own page goes through', async () => {
    expect(foreign.length).toBeGreaterThanOrEqual(30);
    expect((await post(TAKE, {}, { cookie })).statusCode).toBe(204);
  });

  it('reads nothing either', async () => {
    for (const headers of [
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { origin: 'null' },
    ])
      expect((await site.ask('/api/alarms', { headers: { ...guard, ...headers } })).statusCode).toBe(403);
    expect(
      (await site.ask('/api/alarms', { headers: { ...guard, 'sec-fetch-site': 'none' } })).statusCode,
    ).toBe(200);
  });

  it('asks before (CORS) in vain', async () => {
    const answer = await site.ask(TAKE, {
      method: 'OPTIONS',
      headers: { origin: 'http://evil.example', 'access-control-request-method': 'POST' },
    });
    expect(answer.statusCode).toBe(405);
    expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
  });
});

describe('malformed requests', () => {
  const bodies: [string, string][] = [
    ['nothing', ''],
    ['null', 'null'],
    ['a list', '[]'],
    ['a text', '"x"'],
    ['a number', '1'],
    ['half a document', '{"text":"x","count":'],
    ['two documents', '{"text":"x","count":1}{"text":"y","count":2}'],
    ['a list for a text', '{"text":["x"],"count":1}'],
    ['an object for a text', '{"text":{"toString":"x"},"count":1}'],
    ['a number for a text', '{"text":7,"count":1}'],
    ['a text for a number', '{"text":"x","count":"1"}'],
    ['Arabic digits', '{"text":"x","count":"٣"}'],
    ['a number beyond all', '{"text":"x","count":1e309}'],
    ['not a number', '{"text":"x","count":NaN}'],
    ['null for a number', '{"text":"x","count":null}'],
    ['a list of one number', '{"text":"x","count":[1]}'],
    ['yes for true', '{"text":"x","count":1,"on":"true"}'],
    ['1 for true', '{"text":"x","count":1,"on":1}'],
    ['a key that is not known', '{"text":"x","count":1,"role":"administrator"}'],
    ['a prototype', '{"text":"x","count":1,"__proto__":{"isAdmin":true}}'],
    ['a prototype alone', '{"__proto__":{"text":"x","count":1}}'],
    ['a constructor', '{"text":"x","count":1,"constructor":{"prototype":{"isAdmin":true}}}'],
    ['a prototype inside', '{"text":"x","count":1,"on":{"__proto__":{"isAdmin":true}}}'],
    ['an escaped prototype', '{"text":"x","count":1,"\\u005f_proto__":{"isAdmin":true}}'],
    ['a long text', JSON.stringify({ text: 'x'.repeat(21), count: 1 })],
    ['a deep document', `${'['.repeat(10_000)}${']'.repeat(10_000)}`],
    ['control characters', '{"text":"\u0000","count":1}'],
    ['no UTF-8', '{"text":"x","count":1,"\ufffd":1}'],
  ];
  it.each(bodies)('are refused with their place, and reach no handler: %s', async (_what, body) => {
    const before = taken.length;
    const answer = await post('/test/taking', body);
    expect(answer.statusCode).toBe(400);
    expect(answer.json().error).toBe('request_malformed');
    expect(answer.json().message).toMatch(/[가-힣]/);
    expect(taken).toHaveLength(before);
    expect(({} as { isAdmin?: unknown }).isAdmin).toBeUndefined();
  });

  it('are told where, and never what was there', async () => {
    const answer = await post('/test/taking', { text: 'x'.repeat(30), count: 'hunter2', extra: 1 });
    expect(answer.json().message).toContain('body.text, body.count, body.extra');
    expect(answer.body).not.toContain('hunter2');
  });

  it.each([
    '?over=no',
    '?over=yes&over=yes',
    '?over[]=yes',
    '?over[a]=yes',
    '?over',
    '?over=',
    '?over=YES',
    '?Over=yes',
    '?over=yes&x=1',
    '?__proto__=1',
    '?__proto__[isAdmin]=1',
    '?constructor=1',
    '?over=%00yes',
    '?over=yes%00',
    '?over=%ff',
    '?over=yes;x=1',
  ])('are refused in the query too: %s', async (query) => {
    const answer = await site.ask(`/api/alarms${query}`, { headers: guard });
    expect(answer.statusCode).toBe(400);
    expect(answer.json().error).toBe('request_malformed');
  });

  it.each([
    'rows=0',
    'rows=501',
    'rows=07',
    'rows=1.0',
    'rows=1e2',
    'rows=-1',
    'rows=+1',
    'rows=٣',
    'rows= 1',
    'before=1e309',
    'rows=0x10',
    'rows=99999999999999999',
  ])('have numbers in one spelling alone: %s', async (query) => {
    site.sessions.set('auditor', sessionOf('auditor'));
    const answer = await site.ask(`/api/logs/access?${encodeURI(query)}`, { headers: cookieOf('auditor') });
    expect(answer.statusCode).toBe(400);
  });

  it('are too large from 64 KiB on', async () => {
    const answer = await post('/test/taking', JSON.stringify({ text: 'x'.repeat(70_000), count: 1 }));
    expect(answer.statusCode).toBe(413);
    expect(answer.json()).toEqual({ error: 'request_too_large', message: ko.errors.request_too_large({}) });
  });

  it('read nothing with a body', async () => {
    const answer = await site.ask('/api/alarms', { headers: { ...guard, ...OWN }, payload: '{}' });
    expect(answer.statusCode).toBe(400);
  });
});

describe('other spellings of an address', () => {
  /** Each is another one, so it opens nothing; where it is read as the same, it is guarded as the same. */
  const spellings = (path: string) => [
    `/${path}`,
    `${path}/`,
    `${path}//`,
    `/.${path}`,
    `/x/..${path}`,
    `/%2e${path}`,
    `/x/%2e%2e${path}`,
    `/x/..%2f${path.slice(1)}`,
    `${path};x=1`,
    `${path};.css`,
    `${path}/.`,
    `${path}/..`,
    `${path}%00`,
    `${path}%2f`,
    `${path}%20`,
    `${path}.json`,
    `${path}%3f`,
    `${path}%23`,
    path.toUpperCase(),
    path.replace('/api', '/API'),
    path.replace('/api/', '/api//'),
    path.replace('/api/', '/api/./'),
    path.replace('/api/', '/api%2f'),
    path.replace('/api/', '/api\\'),
    path.replace('a', '%61'),
    path.replace('api', 'ａｐｉ'),
    `https://127.0.0.1:8400${path}`,
    `//evil.example${path}`,
    `${path}?`,
    `${path}#x`,
  ];
  const headers: Record<string, string>[] = [
    {},
    { 'x-original-url': '/healthz' },
    { 'x-rewrite-url': '/healthz' },
    { 'x-http-method-override': 'GET' },
    { 'x-method-override': 'POST' },
    { 'x-forwarded-for': '127.0.0.1' },
    { 'x-forwarded-host': 'localhost' },
    { 'x-forwarded-proto': 'https' },
    { forwarded: 'for=127.0.0.1;host=localhost' },
    { 'x-real-ip': '127.0.0.1' },
    { authorization: 'Basic YWRtaW46YWRtaW4=' },
    { cookie: '__Host-girok=; __Host-girok=guard2; girok=guard' },
    { upgrade: 'websocket', connection: 'Upgrade' },
  ];

  it('open nothing for somebody who is not signed in', async () => {
    const paths = [
      '/api/alarms',
      '/api/cameras',
      '/api/cameras/health',
      '/api/logs/access',
      '/api/openapi.json',
      '/metrics',
    ];
    let tried = 0;
    for (const path of paths)
      for (const url of spellings(path))
        for (const more of headers) {
          const answer = await site.ask(url, {
            headers: more,
            remoteAddress: `192.0.2.${(tried % 250) + 1}`,
          });
          tried += 1;
          expect(answer.statusCode, `${url} ${JSON.stringify(more)}`).toBeGreaterThanOrEqual(400);
          expect(answer.statusCode, `${url} ${JSON.stringify(more)}`).toBeLessThan(500);
          expect(answer.json().message).toMatch(/[가-힣]/);
        }
    expect(tried).toBeGreaterThanOrEqual(300);
  });

  it('are no way around the guarded address for an id either', async () => {
    for (const id of [
      '..',
      '%2e%2e',
      '1%2f..%2f2',
      '%00',
      '٣',
      "1'or'1'='1",
      '__proto__',
      'constructor',
      'a'.repeat(500),
      '%ff',
      '%',
    ]) {
      const answer = await post(`/api/alarms/${id}/take`, {}, { cookie: guard.cookie });
      expect([400, 404, 413], id).toContain(answer.statusCode);
    }
  });
});
