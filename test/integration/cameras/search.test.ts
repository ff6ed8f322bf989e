import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type SimulatedSite, startSimulatedSite } from '../../../demo/site.ts';
import { loadConfig } from '../../../src/config/load.ts';
import { cameraSearchRoutes } from '../../../src/http/resources/camera-search.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import { createCameraSearch } from '../../../src/main/web/camera-search.ts';
import { cookieOf, OWN, served, sessionOf } from '../../support/http/served.ts';
import { SOUND } from '../../unit/config/sample.ts';

/** The search of the web server before simulated cameras: real discovery, ONVIF child and RTSP. */

const PASSWORD = 's3cret/&pass';
const folder = mkdtempSync(join(tmpdir(), 'girok-search-'));
const failures: unknown[] = [];
let site: SimulatedSite;
let ask: (
  method: 'GET' | 'POST' | 'DELETE',
  path: string,
  body?: object,
) => Promise<{ status: number; text: string }>;
const entries = () => served_.entries.map(({ event }) => event.event);
let served_: Awaited<ReturnType<typeof served>>;

beforeAll(async () => {
  site = await startSimulatedSite({
    profile: 'small',
    count: 2,
    baseAddress: '127.0.43.1',
    rtspPort: 0,
    onvifPort: 0,
    discoveryPort: 3702,
    user: 'girok',
    password: PASSWORD,
  });
  const file = join(folder, 'cameras.yml');
  writeFileSync(
    file,
    SOUND.replace('127.0.0.0/8', '127.0.43.0/24').replace(
      "onvif: 'http://127.0.0.101:8080/onvif/device_service'",
      `onvif: '${site.cameras[1]?.onvif}'`,
    ),
  );
  const search = createCameraSearch({
    config: () => loadConfig(file),
    clock: systemClock,
    failed: (error) => failures.push(error),
  });
  served_ = await served(cameraSearchRoutes(search));
  served_.sessions.set('token', sessionOf('officer'));
  ask = async (method, path, body) => {
    const answer = await served_.ask(`/api/camera-search${path}`, {
      method,
      headers: { ...cookieOf('token'), ...(method === 'GET' ? {} : OWN), 'accept-language': 'en' },
      ...(method === 'GET' ? {} : { payload: JSON.stringify(body ?? {}) }),
    });
    return { status: answer.statusCode, text: answer.body };
  };
});
afterAll(async () => {
  await site.stop();
  rmSync(folder, { recursive: true });
});

interface Shown {
  readonly state: string;
  readonly found?: {
    readonly devices?: { deviceUrl: string; registered: boolean }[];
    readonly device?: object;
    readonly streams?: object[];
  };
  readonly error?: { error: string; message: string };
}
const shown = async (): Promise<Shown | undefined> =>
  (JSON.parse((await ask('GET', '')).text) as { search?: Shown }).search;
const over = () =>
  vi.waitFor(
    async () => {
      const search = await shown();
      expect(search?.state).not.toBe('running');
      return search;
    },
    { timeout: 60_000, interval: 200 },
  );
const login = { user: 'girok', password: PASSWORD };
const first = () => ({ kind: 'onvif', deviceUrl: site.cameras[0]?.onvif ?? '' });

describe('looking for cameras over the API', () => {
  it('finds those of the allowed networks, says which are registered, and is entered', async () => {
    const targets = ['127.0.43.0/28'];
    expect((await ask('POST', '/discovery', { targets, multicast: false })).status).toBe(200);
    expect((await ask('POST', '/discovery', { targets, multicast: false })).status).toBe(409);
    const search = await over();
    expect(search?.state).toBe('done');
    expect(search?.found?.devices?.map(({ deviceUrl, registered }) => [deviceUrl, registered])).toEqual([
      [site.cameras[0]?.onvif, false],
      [site.cameras[1]?.onvif, true],
    ]);
    expect(entries()).toEqual(['access.handled', 'access.handled']);
  });

  it('contacts nothing outside of them', async () => {
    expect((await ask('POST', '/discovery', { targets: ['127.0.44.1'], multicast: false })).status).toBe(400);
    expect((await ask('POST', '/discovery', { targets: ['10.0.0.0/8'], multicast: false })).status).toBe(400);
    const source = { kind: 'onvif', deviceUrl: 'http://127.0.44.1:1/onvif/device_service' };
    await ask('POST', '/probe', { source, login, zone: 'public' });
    expect((await over())?.error?.error).toBe('camera_outside_networks');
  });

  it('looks at a camera and says what it is, without its addresses and without the login', async () => {
    const asked = await ask('POST', '/probe', { source: first(), login, zone: 'public' });
    expect(asked.status).toBe(200);
    const search = await over();
    expect(search).toMatchObject({
      state: 'done',
      found: {
        kind: 'probe',
        device: { manufacturer: expect.any(String), model: expect.any(String) },
        streams: [
          { stream: 'main', codec: 'h264', fps: expect.any(Number), keyFrameSeconds: expect.any(Number) },
          { stream: 'sub', codec: 'h264' },
        ],
      },
    });
    const { text } = await ask('GET', '');
    for (const secret of [PASSWORD, 's3cret', 'girok', 'rtsp:', '127.0.43.'])
      expect(text).not.toContain(secret);
    expect(JSON.stringify(served_.entries)).not.toContain('s3cret');
  });

  it('says that a login was refused, in words, and not which', async () => {
    await ask('POST', '/probe', {
      source: first(),
      login: { user: 'girok', password: 'wrong-swordfish' },
      zone: 'public',
    });
    const search = await over();
    expect([search?.state, search?.error?.error]).toEqual(['failed', 'camera_login_refused']);
    expect(JSON.stringify(search)).not.toContain('swordfish');
  });

  it('is cancelled at once, and can be begun again', async () => {
    await ask('POST', '/probe', { source: first(), login, zone: 'public' });
    expect((await ask('DELETE', '')).status).toBe(204);
    expect((await shown())?.state).toBe('cancelled');
    await vi.waitFor(
      async () =>
        expect((await ask('POST', '/discovery', { targets: [], multicast: true })).status).toBe(200),
      { timeout: 20_000, interval: 100 },
    );
    expect((await over())?.state).toBe('done');
    expect(failures).toEqual([]);
  });

  it('ends in an entry that cameras.yml takes', async () => {
    const words = { ko: '현관', en: 'Entrance' };
    const draft = {
      id: 'cam14',
      name: words,
      place: words,
      coverage: words,
      zone: 'public',
      purposes: ['FIRE_PREVENTION'],
      source: first(),
      login: true,
      record: 'main+sub',
    };
    const ready = JSON.parse((await ask('POST', '/entry', draft)).text) as {
      entry: string;
      faults: unknown[];
    };
    expect(ready.faults).toEqual([]);
    expect(ready.entry).toContain('- id: cam14');
    const twice = JSON.parse((await ask('POST', '/entry', { ...draft, id: 'cam01' })).text);
    expect(twice.faults).toEqual([{ path: 'id', sentence: expect.stringContaining('cam01') }]);
  });
});
