import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readStrip } from '../../../demo/scenes/read-strip.ts';
import { type SimulatedSite, startSimulatedSite } from '../../../demo/site.ts';
import { decodeGray, missing, pull } from './pull.ts';

let site: SimulatedSite;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'girok-demo-'));
  site = await startSimulatedSite({ addresses: 'one', rtspPort: 0, onvifPort: 0, discoveryPort: 0 });
});

afterAll(async () => {
  await site?.stop();
  await rm(folder, { recursive: true, force: true });
});

describe('the streams of the simulated site', () => {
  it.concurrent.each([
    [1, 'main', 'tcp'],
    [1, 'main', 'udp'],
    [1, 'sub', 'tcp'],
    [4, 'main', 'tcp'],
    [4, 'main', 'udp'],
    [4, 'sub', 'udp'],
    [7, 'night', 'tcp'],
  ] as const)(
    'camera %i %s over %s is pulled whole by ffmpeg with a Digest login',
    async (camera, stream, transport) => {
      const got = await pull(site, camera, { stream, transport, frames: 40, folder });
      expect(got.code, got.errors).toBe(0);
      expect(got.stamps).toHaveLength(40);
      expect(missing(got.stamps)).toEqual([]);
      expect(got.stamps[0]!.frame % 15).toBe(0);
      expect(got.stamps.every((stamp) => stamp.camera === camera && stamp.stream === stream)).toBe(true);
      const periodsUs = got.stamps.slice(1).map((stamp, i) => stamp.utcUs - got.stamps[i]!.utcUs);
      expect(periodsUs.every((us) => Math.abs(us - 66_667) < 6000)).toBe(true);

      const size = stream === 'main' ? { width: 640, height: 360 } : { width: 320, height: 180 };
      const { pictures, errors } = await decodeGray(got.path, 40, size);
      expect(errors).toBe('');
      const strips = pictures.map((picture) => readStrip(picture, size.width, size.height));
      const room = stream === 'night' ? 11 : camera;
      expect(strips).toEqual(got.stamps.map((stamp) => ({ camera: room, frame: stamp.frame % 150 })));
    },
  );

  it('accounts for every frame that a session was sent', async () => {
    const got = await pull(site, 2, { frames: 30, folder });
    const session = site.served().findLast((one) => one.camera === 'cam02')!;
    expect(session.firstFrame).toBe(got.stamps[0]!.frame);
    expect(session.lastFrame).toBeGreaterThanOrEqual(got.stamps.at(-1)!.frame);
    expect(session.framesSent).toBe(session.lastFrame! - session.firstFrame! + 1);
    expect([session.droppedSlow, session.droppedFault, session.damaged]).toEqual([[], [], []]);
  });

  it('counts the same frames for everybody who watches at once', async () => {
    const [a, b] = await Promise.all([
      pull(site, 3, { frames: 30, folder }),
      pull(site, 3, { frames: 30, folder, transport: 'udp' }),
    ]);
    const first = new Map(a.stamps.map((stamp) => [stamp.frame, stamp.utcUs]));
    const shared = b.stamps.filter((stamp) => first.has(stamp.frame));
    expect(shared.length).toBeGreaterThan(5);
    expect(shared.every((stamp) => Math.abs(first.get(stamp.frame)! - stamp.utcUs) < 6000)).toBe(true);
  });

  it('refuses a wrong password and an unknown stream', async () => {
    const wrong = await pull({ ...site, password: 'wrong' }, 1, { frames: 5, folder });
    expect(wrong.code).not.toBe(0);
    expect(wrong.errors).toContain('401');
    const camera = {
      ...site.cameras[0]!,
      urls: { ...site.cameras[0]!.urls, main: `${site.cameras[0]!.urls.main}x` },
    };
    const unknown = await pull({ ...site, cameras: [camera] }, 1, { frames: 5, folder });
    expect(unknown.errors).toContain('404');
  });
});
