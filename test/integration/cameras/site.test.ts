import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SimulatedSite, startSimulatedSite } from '../../../demo/site.ts';
import { COMMANDS } from '../../../src/cli/commands.ts';
import { runCli } from '../../../src/cli/run.ts';
import { systemClock } from '../../../src/lib/clock.ts';

const PASSWORD = 's3cret/&pass';
let site: SimulatedSite;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'girok-cameras-'));
  site = await startSimulatedSite({
    profile: 'small',
    count: 4,
    baseAddress: '127.0.41.1',
    rtspPort: 0,
    onvifPort: 0,
    discoveryPort: 0,
    user: 'girok',
    password: PASSWORD,
  });
  const camera = (index: number, source: string, more = '') =>
    `  - { id: cam0${index}, name: { ko: 가, en: a }, place: { ko: 가, en: a }, coverage: { ko: 가, en: a }, zone: { class: public }, purposes: [A], source: { ${source} }${more} }`;
  const login = "credential: { user: girok, password: 'env:CAMERA_PASSWORD' }";
  const [first, , , fourth] = site.cameras;
  writeFileSync(
    join(folder, 'cameras.yml'),
    [
      'site: { id: test, name: { ko: 가, en: a } }',
      'storage: { folder: s, keys: { root: "file:k", mirror: m } }',
      'purposes: [{ id: A, ko: 가, en: a }]',
      'manager: { name: { ko: 가, en: a }, title: { ko: 가, en: a }, department: { ko: 가, en: a }, phone: x, email: x }',
      'cameraNetworks: [127.0.41.0/24]',
      'cameras:',
      camera(1, `onvif: '${first?.onvif}', ${login}`),
      camera(2, `rtsp: { main: '${fourth?.urls.main}' }, ${login}`),
      camera(3, `onvif: '${first?.onvif}', credential: { user: girok, password: 'env:WRONG_PASSWORD' }`),
      camera(
        4,
        `rtsp: { main: '${first?.urls.main}' }, credential: { user: girok, password: 'env:WRONG_PASSWORD' }`,
      ),
      camera(5, `rtsp: { main: '${first?.urls.main.replace('/main', '/nothing')}' }, ${login}`),
    ].join('\n'),
  );
});
afterAll(async () => {
  await site.stop();
  rmSync(folder, { recursive: true });
});

async function girok(...argv: string[]) {
  const said = { out: '', err: '' };
  const code = await runCli([...argv, '--json', '--config', join(folder, 'cameras.yml')], {
    commands: COMMANDS,
    env: { LANG: 'en_US', CAMERA_PASSWORD: PASSWORD, WRONG_PASSWORD: 'wrong/pass&word' },
    clock: systemClock,
    signal: new AbortController().signal,
    terminal: {
      out: (text) => {
        said.out += text;
      },
      err: (text) => {
        said.err += text;
      },
      live: false,
    },
  });
  for (const secret of [PASSWORD, encodeURIComponent(PASSWORD), 'wrong/pass', 'wrong%2Fpass'])
    expect(said.out + said.err).not.toContain(secret);
  return { code, ...said, document: JSON.parse(said.out) };
}

describe('the simulated site', () => {
  it('is probed: both streams of an ONVIF camera with their key frames and its clock', async () => {
    const { code, document } = await girok('cameras', 'probe', 'cam01');
    expect(document).toMatchObject({
      camera: 'cam01',
      device: { manufacturer: 'Girok', serial: 'GIROK-0001' },
      streams: [
        { stream: 'main', codec: 'h264', width: 640, height: 360, url: site.cameras[0]?.urls.main },
        { stream: 'sub', codec: 'h264', width: 320, height: 180, url: site.cameras[0]?.urls.sub },
      ],
      warnings: [],
    });
    expect(Math.abs(document.clockOffsetMs)).toBeLessThanOrEqual(1000);
    expect(document.streams[0].fps).toBeCloseTo(15, 0);
    for (const seconds of document.streams[0].keyFrameSeconds) expect(seconds).toBeCloseTo(1, 1);
    expect(code).toBe(0);
  });

  it('is probed by a fixed address in H.265, with a word about the missing sub-stream', async () => {
    const { code, document } = await girok('cameras', 'probe', 'cam02');
    expect(document.streams).toMatchObject([{ stream: 'main', codec: 'h265', width: 640 }]);
    expect(document.warnings).toMatchObject([{ kind: 'no_sub' }]);
    expect(code).toBe(1);
  });

  it.each([
    ['cam03', 'ONVIF', 'camera_login_refused'],
    ['cam04', 'RTSP', 'camera_login_refused'],
    ['cam05', 'a stream that is not there by RTSP', 'camera_no_stream'],
  ])('refuses %s over %s in one sentence', async (id, _way, expected) => {
    const { code, document } = await girok('cameras', 'probe', id);
    expect(document.error).toMatchObject({ code: expected, facts: { camera: id } });
    expect(code).toBe(5);
  });

  it('is found by asking its addresses, and what is registered is not offered again', async () => {
    const { document } = await girok(
      ...['cameras', 'discover', '127.0.41.0/29', '--no-multicast', '--port', String(site.discovery?.port)],
    );
    expect(document.devices.map((device: { address: string }) => device.address)).toEqual(
      site.cameras.map(({ address }) => address),
    );
    expect(document.entries).not.toContain(site.cameras[0]?.onvif);
    expect(document.entries).toContain(site.cameras[1]?.onvif);
  });

  it('is not asked outside the allowed networks', async () => {
    const { code, document } = await girok('cameras', 'discover', '127.0.42.1');
    expect(document.error.code).toBe('camera_outside_networks');
    expect(code).toBe(5);
  });
});
