import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { z } from 'zod';
import type { Route } from '../../../src/http/route.ts';
import { allRoutes } from '../../support/http/all-routes.ts';
import { addressOf, BODIES, nameOf, QUERIES } from '../../support/http/example-requests.ts';
import { type OversightSite, startOversightSite } from '../../support/http/oversight-site.ts';

const ASKERS = ['officer', 'administrator', 'security', 'technician'] as const;
/** As they are sent, in JSON: what no `JSON.stringify` would write is among them. */
const VALUES: readonly string[] = [
  'null',
  'true',
  '-1',
  '1e309',
  '9007199254740993',
  '[]',
  '["cam01","cam01"]',
  '{}',
  '{"$gt":""}',
  '{"__proto__":{"polluted":true}}',
  '{"constructor":{"prototype":{"polluted":true}}}',
  ...[
    '',
    ' ',
    'a'.repeat(9000),
    "'; drop table account; --",
    '" or 1=1 --',
    "x' union select login, password from account --",
    '<script>alert(1)</script>',
    '<img src=x onerror=alert(1)>',
    '../../secrets/root.key',
    '..%2f..%2fsecrets%2froot.key',
    '$(touch polluted)',
    '-i file:///etc/passwd',
    '\0',
    '\u202e',
    '٣',
    '__proto__',
    'constructor',
    'NaN',
    '2026-02-30T00:00:00Z',
    '9999-12-31T23:59:59Z',
    '0000-01-01T00:00:00Z',
    '2026-11-22T00:00:00+99:00',
  ].map((text) => JSON.stringify(text)),
  '"\\ud800"',
];
/** Ends the session with which everything else is asked. */
const LEFT_OUT = ['POST /api/sign-out'];
/** Nothing records here, so there is neither a catalogue nor a recorder to ask: that is said, and is no fault. */
const NOT_THERE = new Set(['storage_missing']);
const INNARDS = /SQLITE|sqlite|node_modules|\.ts\b|\n {4}at |better-sqlite3|ZodError|undefined is not/;

let site: OversightSite;
const cookies = new Map<string, string>();

beforeAll(async () => {
  site = await startOversightSite('2026-11-23T00:00:00Z');
  for (const role of ASKERS) cookies.set(role, await site.signInAs(role));
  // The counters of requests a minute look at the wall; everything else has the clock of the test.
  vi.useFakeTimers({ toFake: ['Date'] });
}, 60_000);
afterAll(async () => {
  vi.useRealTimers();
  await site?.stop();
});

interface Ask {
  readonly method: Route['method'];
  readonly url: string;
  readonly payload?: string;
}

async function ask({ method, url, payload }: Ask, role: string, language: 'ko' | 'en') {
  const send = () =>
    site.inject({
      method,
      url,
      headers: {
        cookie: cookies.get(role) ?? '',
        host: 'localhost',
        'accept-language': language,
        ...(method !== 'GET' && { origin: 'http://localhost', 'content-type': 'application/json' }),
      },
      ...(payload !== undefined && { payload }),
    });
  const answer = await send();
  if (answer.statusCode !== 429) return answer;
  vi.setSystemTime(Date.now() + 61_000);
  return send();
}

/** Fields by their paths: those of the example, and those that may be there as well. */
function fieldsOf(example: unknown, schema: z.core.JSONSchema.BaseSchema | undefined): string[][] {
  const known = schema?.properties ?? {};
  const there = typeof example === 'object' && example !== null && !Array.isArray(example) ? example : {};
  const names = new Set([...Object.keys(there), ...Object.keys(known), 'polluted']);
  return [...names].flatMap((name) => {
    const inner = (there as Record<string, unknown>)[name];
    const below = known[name];
    const deeper = typeof inner === 'object' && inner !== null && !Array.isArray(inner);
    return [
      [name],
      ...(deeper
        ? fieldsOf(inner, typeof below === 'object' ? below : undefined).map((path) => [name, ...path])
        : []),
    ];
  });
}

/** The example with one field exchanged. */
function exchanged(example: unknown, [name = '', ...rest]: readonly string[], value: string): string {
  const there = Object.entries((example ?? {}) as Record<string, unknown>).filter(([key]) => key !== name);
  const inner = (example as Record<string, unknown> | undefined)?.[name];
  const of = rest.length === 0 ? value : exchanged(inner, rest, value);
  return `{${[...there.map(([key, one]) => `${JSON.stringify(key)}:${JSON.stringify(one)}`), `${JSON.stringify(name)}:${of}`].join(',')}}`;
}

function* asksOf(route: Route): Generator<Ask> {
  const { method } = route;
  const query = QUERIES[nameOf(route)] ?? '';
  const url = `${addressOf(route)}${query}`;
  const schemaOf = (type: z.ZodType) => z.toJSONSchema(type, { io: 'input', unrepresentable: 'any' });
  const texts = VALUES.map((value) => {
    const is: unknown = JSON.parse(value);
    return encodeURIComponent((typeof is === 'string' ? is : value).toWellFormed());
  });
  const parts = addressOf(route).split('/');
  for (const [at, part] of route.path.split('/').entries())
    if (part.startsWith(':'))
      for (const text of [...texts, '%ff%fe'])
        yield {
          method,
          url: `${parts.with(at, text).join('/')}${query}`,
          ...(method !== 'GET' && { payload: JSON.stringify(BODIES[nameOf(route)] ?? {}) }),
        };
  const asked = new URLSearchParams(query);
  for (const name of new Set([...asked.keys(), ...fieldsOf({}, schemaOf(route.input.query)).flat()]))
    for (const text of texts) {
      const others = [...asked]
        .filter(([key]) => key !== name)
        .map(([key, is]) => `${key}=${encodeURIComponent(is)}`);
      const mine = `${name}=${text}`;
      yield {
        method,
        url: `${addressOf(route)}?${[...others, mine].join('&')}`,
        ...(method !== 'GET' && { payload: JSON.stringify(BODIES[nameOf(route)] ?? {}) }),
      };
    }
  if (!route.input.body) return;
  const example = BODIES[nameOf(route)];
  for (const value of VALUES) yield { method, url, payload: value };
  for (const path of fieldsOf(example ?? {}, schemaOf(route.input.body)))
    for (const value of VALUES) yield { method, url, payload: exchanged(example, path, value) };
}

it('is told what is wrong with it, in the language of whoever asks, and is never a fault of ours', async () => {
  let [asked, refused] = [0, 0];
  for (const route of allRoutes()) {
    const name = nameOf(route);
    if (LEFT_OUT.includes(name)) continue;
    const { method } = route;
    const plain: Ask = {
      method,
      url: `${addressOf(route)}${QUERIES[name] ?? ''}`,
      ...(method !== 'GET' && { payload: JSON.stringify(BODIES[name] ?? {}) }),
    };
    // Whoever gets as far as anybody: what the door refuses reaches nothing behind it.
    let role: string = ASKERS[0];
    for (const one of ASKERS) {
      const { statusCode } = await ask(plain, one, 'ko');
      role = one;
      if (statusCode !== 401 && statusCode !== 403) break;
    }
    for (const one of asksOf(route)) {
      const language = asked++ % 2 === 0 ? 'ko' : 'en';
      const answer = await ask(one, role, language);
      const told = `${role}: ${one.method} ${one.url.slice(0, 200)} ${one.payload?.slice(0, 300) ?? ''} → ${answer.statusCode} ${answer.body.slice(0, 300)}`;
      if (answer.statusCode < 400) continue;
      refused += 1;
      const { error, message } = answer.json<{ error: string; message: string }>();
      if (answer.statusCode !== 503 || !NOT_THERE.has(error))
        expect(answer.statusCode, told).toBeLessThan(500);
      expect(error, told).toMatch(/^[a-z_]+$/);
      expect(message, told).toMatch(language === 'ko' ? /[가-힣]/ : /[a-z]{2}/);
      expect(answer.body, told).not.toMatch(INNARDS);
    }
  }
  expect(asked).toBeGreaterThan(5000);
  // Almost all of it is wrong, and was seen to be.
  expect(refused / asked).toBeGreaterThan(0.9);
  expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
}, 300_000);
