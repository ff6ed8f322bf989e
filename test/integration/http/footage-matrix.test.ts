import { request } from 'node:http';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ROLES } from '../../../src/access/actions.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import { type Browser, type FootageSite, startFootageSite } from '../../support/http/footage-site.ts';
import { byAddress } from '../../support/recorder-home.ts';

/** Own: what the guard's right names. Other: recorded like it, and not the guard's. Theatre: an operating room. */
const OWN = 'cam01';
const OTHER = 'cam02';
const THEATRE = 'cam03';
const CAMERAS = [OWN, OTHER, THEATRE];
const NO_ID = '0123456789abcdef';
const RESOURCES = ['playlist', 'init', 'media', 'key-frame', 'live'] as const;
type Resource = (typeof RESOURCES)[number];
const METHODS = ['GET', 'HEAD', 'RANGE', 'POST'] as const;

let site: FootageSite;
let from = '';
let to = '';
let beforeFrom = '';
/** Names of real segments, by camera and stream. */
const names = new Map<string, { readonly init: string; readonly media: string }>();

beforeAll(async () => {
  site = await startFootageSite(3, (cameras) =>
    cameras.map((camera) => ({
      ...byAddress(camera, 'main', 'sub'),
      ...(camera.id === THEATRE && { zone: 'operating_room' as const }),
    })),
  );
  site.confine(site.people.security.account, [OWN]);
  beforeFrom = new Date().toISOString();
  await pause(3000);
  from = new Date().toISOString();
  await pause(14_000);
  to = new Date().toISOString();
}, 180_000);
afterAll(() => site?.stop());

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const asking = (kind: 'recorded' | 'live', cameras: readonly string[], range = { from, to }) => ({
  kind,
  purpose: 'A',
  reason: '정문 앞 접촉 사고 확인',
  cameras,
  ...(kind === 'recorded' && { range }),
});
const opened = async (who: Browser, kind: 'recorded' | 'live', cameras: readonly string[]) => {
  const answer = await who.ask('/api/viewings', { method: 'POST', body: asking(kind, cameras) });
  return { status: answer.status, ...answer.json<{ viewing: string; error?: string }>() };
};

const addressOf = (viewing: string, camera: string, stream: string, resource: Resource) => {
  const base = `/api/viewings/${viewing}/footage/${camera}/${stream}`;
  const { init, media } = names.get(`${camera}/${stream}`) ?? { init: `init/${NO_ID}.mp4`, media: '' };
  if (resource === 'playlist') return `${base}/playlist.m3u8?from=${from}&to=${to}`;
  if (resource === 'init') return `${base}/${init}`;
  if (resource === 'media') return `${base}/${media || `media/${NO_ID}-0.m4s`}`;
  if (resource === 'key-frame')
    return `${base}/key-frame?at=${new Date(Date.parse(to) - 2000).toISOString()}`;
  return `/api/viewings/${viewing}/live/${camera}?stream=${stream}`;
};

/** Asks for a WebSocket, and hangs up on it if there is one. @returns 101, or the status of the refusal */
const upgrade = (who: Browser, path: string): Promise<number> =>
  new Promise((resolve, reject) => {
    const asked = request(`${site.url}${path}`, {
      headers: {
        cookie: who.cookie,
        origin: site.url,
        connection: 'Upgrade',
        upgrade: 'websocket',
        'sec-websocket-version': '13',
        'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
      },
    });
    asked.on('upgrade', (answer, socket) => {
      socket.destroy();
      resolve(answer.statusCode ?? 0);
    });
    asked.on('response', (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    });
    asked.on('error', reject);
    asked.end();
  });

it('opens recorded and live pictures to whoever opened the viewing, of its cameras, and to nobody else', async () => {
  const { people, nobody } = site;
  // Somebody with every right there is, to learn what the segments are called.
  const all = await opened(people.officer, 'recorded', [OWN, OTHER]);
  for (const camera of [OWN, OTHER])
    for (const stream of ['main', 'sub']) {
      const playlist = await people.officer.ask(addressOf(all.viewing, camera, stream, 'playlist'));
      const lines = playlist.bytes.toString().split('\n');
      const init = /URI="([^"]+)"/.exec(lines.find((line) => line.startsWith('#EXT-X-MAP')) ?? '')?.[1];
      const media = lines.filter((line) => line.startsWith('media/'));
      names.set(`${camera}/${stream}`, { init: init ?? '', media: media[1] ?? '' });
      expect(media.length, playlist.bytes.toString()).toBeGreaterThan(5);
    }
  await people.officer.ask(`/api/viewings/${all.viewing}/close`, {
    method: 'POST',
    body: { outcome: 'no_finding' },
  });

  // Who may open what at all.
  const askers: readonly (readonly [string, Browser])[] = [
    ['nobody', nobody],
    ...ROLES.filter((role) => role !== 'kiosk').map((role) => [role, people[role]] as const),
  ];
  const before = site.entries('viewing.opened').length;
  let openedCount = 0;
  for (const [name, who] of askers)
    for (const kind of ['recorded', 'live'] as const)
      for (const camera of CAMERAS) {
        const { status } = await opened(who, kind, [camera]);
        const may = (name === 'security' && camera === OWN) || (name === 'officer' && camera !== THEATRE);
        expect(status, `${name} opens ${kind} ${camera}`).toBe(may ? 200 : name === 'nobody' ? 401 : 403);
        openedCount += may ? 1 : 0;
      }
  expect(site.entries('viewing.opened').length - before).toBe(openedCount);

  interface Known {
    readonly whose: string;
    readonly kind: 'recorded' | 'live' | 'none';
    readonly id: string;
    readonly isOver: boolean;
  }
  const viewings: Known[] = [{ whose: 'nobody', kind: 'none', id: NO_ID, isOver: false }];
  for (const name of ['security', 'officer'] as const)
    for (const kind of ['recorded', 'live'] as const)
      viewings.push({
        whose: name,
        kind,
        id: (await opened(people[name], kind, [OWN])).viewing,
        isOver: false,
      });
  viewings.push({ whose: 'officer', kind: 'recorded', id: all.viewing, isOver: true });

  let [checks, allowed, received] = [0, 0, 0];
  const received_of = new Map<string, number>();
  const seen = new Set<string>();
  for (const [name, who] of askers)
    for (const viewing of viewings)
      for (const camera of CAMERAS)
        for (const stream of ['main', 'sub'] as const)
          for (const resource of RESOURCES)
            for (const method of METHODS) {
              const path = addressOf(viewing.id, camera, stream, resource);
              const isSocket = resource === 'live' && method === 'GET';
              const answer = isSocket
                ? { status: await upgrade(who, path), bytes: Buffer.alloc(0) }
                : await who.ask(path, {
                    method: method === 'RANGE' ? 'GET' : method,
                    ...(method === 'RANGE' && { headers: { range: 'bytes=0-99' } }),
                  });
              checks += 1;
              const told = `${name} ${method} ${path} (${viewing.kind} of ${viewing.whose})`;
              const fits = resource === 'live' ? viewing.kind === 'live' : viewing.kind === 'recorded';
              const may =
                name === viewing.whose &&
                fits &&
                !viewing.isOver &&
                camera === OWN &&
                (method === 'GET' || method === 'RANGE');
              if (resource === 'live' && method !== 'GET') {
                // Without a WebSocket there is nothing to be had, whoever asks.
                expect([401, 403, 404, 405, 410, 426], told).toContain(answer.status);
                expect(answer.status, told).not.toBe(200);
              } else if (may) {
                expect(answer.status, told).toBe(isSocket ? 101 : 200);
                allowed += 1;
                if (resource !== 'playlist' && !isSocket && answer.bytes.length > 0) {
                  const key = `${viewing.id} ${camera} ${stream}`;
                  received_of.set(key, (received_of.get(key) ?? 0) + answer.bytes.length);
                  received += answer.bytes.length;
                  seen.add(key);
                }
              } else {
                expect([401, 403, 404, 405, 410], told).toContain(answer.status);
                // A refusal is words, and never a byte of footage.
                if (answer.bytes.length > 0)
                  expect(() => JSON.parse(answer.bytes.toString()), told).not.toThrow();
              }
            }
  expect(checks).toBeGreaterThanOrEqual(2000);
  // Two people, two streams: four kinds of recorded answer, whole or with Range, and the live picture.
  expect(allowed).toBe(2 * 2 * (4 * 2 + 1));

  // Side doors: what belongs to another camera, stream or time is not there under an address that is allowed.
  const own = viewings.find(({ whose, kind }) => whose === 'security' && kind === 'recorded')?.id ?? '';
  const guard = people.security;
  const base = (stream: string) => `/api/viewings/${own}/footage/${OWN}/${stream}`;
  const [foreign, main] = [names.get(`${OTHER}/main`), names.get(`${OWN}/main`)];
  for (const [path, status] of [
    [`${base('main')}/${foreign?.init}`, 404],
    [`${base('main')}/${foreign?.media}`, 404],
    [`${base('sub')}/${main?.init}`, 404],
    [`${base('sub')}/${main?.media}`, 404],
    [`${base('main')}/gap.m4s`, 404],
    [`${base('main')}/media/${NO_ID}-0.m4s`, 404],
    [`${base('main')}/playlist.m3u8?from=${beforeFrom}&to=${from}`, 403],
    [`${base('main')}/key-frame?at=${beforeFrom}`, 403],
    [`${base('main')}/media/..%2f..%2f${OTHER}%2fmain%2fx.m4s`, 400],
    [`/api/viewings/${own}/footage/${OWN}%2f..%2f${OTHER}/main/playlist.m3u8?from=${from}&to=${to}`, 400],
  ] as const)
    expect((await guard.ask(path)).status, path).toBe(status);

  // Every allow has its entry, byte for byte, once the viewings are closed.
  for (const { whose, id, isOver } of viewings)
    if (whose !== 'nobody' && !isOver)
      expect(
        (
          await people[whose as 'security' | 'officer'].ask(`/api/viewings/${id}/close`, {
            method: 'POST',
            body: { outcome: 'no_finding' },
          })
        ).status,
      ).toBe(204);
  const ids = new Set(viewings.map(({ id }) => id));
  const delivered = new Map<string, number>();
  for (const { facts } of site.entries('viewing.delivered')) {
    const { viewing, camera, stream, bytes } = facts as Record<string, string> & { bytes: number };
    if (!ids.has(viewing ?? '') || viewings.find(({ id }) => id === viewing)?.kind === 'live') continue;
    const key = `${viewing} ${camera} ${stream}`;
    delivered.set(key, (delivered.get(key) ?? 0) + bytes);
  }
  expect(Object.fromEntries(delivered)).toEqual(Object.fromEntries(received_of));
  expect(received).toBeGreaterThan(300_000);
  expect(site.entries('viewing.refused').length).toBeGreaterThan(10);
}, 600_000);

it('cuts a recording within five seconds of the right to it', async () => {
  const guard = site.people.security;
  site.confine(guard.account, [OWN]);
  const { viewing } = await opened(guard, 'recorded', [OWN]);
  const path = `/api/viewings/${viewing}/footage/${OWN}/main/${names.get(`${OWN}/main`)?.media}`;
  expect((await guard.ask(path)).status).toBe(200);
  // Somebody who reads so slowly that it would take for ever.
  const slow = new Promise<number>((resolve, reject) => {
    const asked = request(`${site.url}${path}`, { headers: { cookie: guard.cookie } }, (answer) => {
      answer.pause();
      const startedMs = performance.now();
      site.revokeRights(guard.account);
      answer.on('close', () => resolve(performance.now() - startedMs));
      answer.on('error', () => undefined);
      setTimeout(() => answer.resume(), 4500).unref();
    });
    asked.on('error', reject);
    asked.end();
  });
  const startedUs = systemClock.utcUs();
  expect(await slow).toBeLessThan(5000);
  expect((await guard.ask(path)).status).toBe(410);
  expect(systemClock.utcUs() - startedUs).toBeLessThan(6_000_000);
  expect(site.entries('viewing.closed').at(-1)?.facts).toMatchObject({ viewing, outcome: 'revoked' });
});
