import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ServedSession } from '../../../demo/rtsp/served.ts';
import { FRAME_TICKS } from '../../../demo/scenes/profile.ts';
import { type SimulatedCamera, type SimulatedSite, startSimulatedSite } from '../../../demo/site.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import type { CameraId } from '../../../src/lib/ids.ts';
import { Secret } from '../../../src/lib/secret.ts';
import { isSlice, nalType, nalUnits } from '../../../src/media/nal.ts';
import { type Lateness, watchLateness } from '../../../src/recording/lateness.ts';
import { createRtspSource } from '../../../src/recording/rtsp-source.ts';
import { openSentPictures, type Pull, pullUntil, type SentPictures } from '../../support/pulled-frames.ts';
import { openRecordings } from '../../support/recorded-frames.ts';
import { byAddress, createRecorderHome, type RecorderHome } from '../../support/recorder-home.ts';
import { allRecording, startRecorder } from '../../support/recorder-process.ts';

const FRAMES = 10 * 15;
/** After the last loss, so that what was lost before it has been told. */
const QUIET_FRAMES = 20;
const UTC_END_US = 4_000_000_000_000_000;

let site: SimulatedSite;
let sent: SentPictures;
let lateness: Lateness;
let home: RecorderHome | undefined;

beforeAll(async () => {
  site = await startSimulatedSite({ addresses: 'one', rtspPort: 0, onvifPort: 0, discoveryPort: false });
  sent = await openSentPictures();
  lateness = watchLateness(systemClock);
});
afterAll(async () => {
  lateness?.stop();
  await site?.stop();
  home?.remove();
});

const hex = (unit: Buffer) => unit.toString('hex');
const cameraNumber = (number: number): SimulatedCamera => site.cameras[number - 1]!;
const sessionsOf = (camera: SimulatedCamera) => site.served().filter((one) => one.camera === camera.id);
const isHurt = (sessions: readonly ServedSession[], frame: number) =>
  sessions.some(({ damaged }) => damaged.some(([from, to]) => from <= frame && frame <= to));
const slicesOf = ({ codec }: SimulatedCamera, units: readonly Buffer[]) =>
  units.filter((unit) => isSlice(codec, nalType(codec, unit[0]!))).map(hex);

/** Ten seconds under faults that begin with the sixth frame, then some without. */
async function pullUnder(
  camera: SimulatedCamera,
  faults: readonly { kind: 'drop' | 'reorder' | 'duplicate'; rate: number }[],
): Promise<Pull & { session: ServedSession }> {
  const { user, password } = site;
  const source = createRtspSource({ clock: systemClock, lateness });
  const login = { user, password: new Secret(password) };
  let state: 'before' | 'under' | 'after' = 'before';
  const pull = await pullUntil(
    source,
    { url: camera.urls.main, login, transport: 'udp', client: 'rtsp' },
    ({ frames }) => {
      const latest = (frames.at(-1)!.decodeTicks - frames[0]!.decodeTicks) / FRAME_TICKS;
      if (state === 'before' && latest >= 5) {
        state = 'under';
        for (const fault of faults) site.faults.set({ camera: camera.id, ...fault });
      }
      if (state === 'under' && latest >= FRAMES) {
        state = 'after';
        site.faults.clear({ camera: camera.id });
      }
      return latest >= FRAMES + QUIET_FRAMES;
    },
  );
  const [session, ...more] = sessionsOf(camera);
  expect(more).toEqual([]);
  return { ...pull, session: session! };
}

describe.concurrent('over UDP', () => {
  it.each([
    { rate: 0.01, number: 1 },
    { rate: 0.01, number: 4 },
    { rate: 0.05, number: 2 },
    { rate: 0.05, number: 12 },
  ])(
    '$rate of the packets of camera $number lost: each is counted, the other pictures are whole',
    async ({ rate, number }) => {
      const camera = cameraNumber(number);
      const { pulled, health, session, end } = await pullUnder(camera, [{ kind: 'drop', rate }]);
      expect(end.cause).toBe('stopped');
      expect(session.packetsLost).toBeGreaterThan(0);
      expect(pulled.missingPackets).toBe(session.packetsLost);
      expect(health).toMatchObject({
        transport: 'udp',
        ...{ missingPackets: session.packetsLost, damagedFrames: pulled.damagedFrames },
        ...{ reorderedPackets: 0, duplicatePackets: 0, foreignPackets: 0 },
      });

      const first = pulled.frames[0]!.stamp!.frame;
      const kept = new Set<number>();
      let [torn, leftovers] = [0, 0];
      for (const { decodeTicks, units, stamp } of pulled.frames) {
        const frame = first + decodeTicks / FRAME_TICKS;
        kept.add(frame);
        const own = sent.units(camera, { ...pulled.frames[0]!.stamp!, ...stamp, frame });
        if (!isHurt([session], frame)) {
          expect(stamp?.frame).toBe(frame);
          const before = units.length - own.length;
          expect(units.slice(before).map(hex)).toEqual(own.map(hex));
          // Nothing is thrown away: what is left of a picture without a slice comes with the next one.
          expect(slicesOf(camera, units.slice(0, before))).toEqual([]);
          leftovers += before;
        } else if (slicesOf(camera, units).join() !== slicesOf(camera, own).join()) torn++;
      }
      const all = Array.from({ length: Math.max(...kept) - first + 1 }, (_, i) => first + i);
      expect(all.filter((frame) => !kept.has(frame) && !isHurt([session], frame))).toEqual([]);
      const hurt = all.filter((frame) => isHurt([session], frame));
      const gone = hurt.filter((frame) => !kept.has(frame));
      if (gone.length === 0) expect(leftovers).toBe(0);
      expect(pulled.damagedFrames).toBeGreaterThanOrEqual(torn);
      expect(pulled.damagedFrames).toBeLessThanOrEqual(hurt.length);
    },
  );

  it('reordered and doubled packets: each is counted, every picture is whole', async () => {
    const camera = cameraNumber(3);
    const { pulled, health, session } = await pullUnder(camera, [
      { kind: 'reorder', rate: 0.05 },
      { kind: 'duplicate', rate: 0.05 },
    ]);
    expect(session.packetsReordered).toBeGreaterThan(0);
    expect(session.packetsDuplicated).toBeGreaterThan(0);
    expect(health).toMatchObject({
      reorderedPackets: session.packetsReordered,
      duplicatePackets: session.packetsDuplicated,
      ...{ missingPackets: 0, damagedFrames: 0, foreignPackets: 0 },
    });
    expect({ ...pulled }).toMatchObject({ missingPackets: 0, damagedFrames: 0 });
    pulled.frames.forEach(({ units, stamp }, i) => {
      expect(stamp!.frame).toBe(session.firstFrame! + i);
      expect(units.map(hex)).toEqual(sent.units(camera, stamp!).map(hex));
    });
  });
});

describe('a whole recorder over UDP', () => {
  it('writes down every packet that was lost, 1 % of one camera and 5 % of another', async () => {
    const cameras = [
      { camera: cameraNumber(5), rate: 0.01 },
      { camera: cameraNumber(6), rate: 0.05 },
    ];
    home = createRecorderHome({
      cameras: cameras.map(({ camera }) => byAddress(camera)),
      login: site,
      transport: 'udp',
    });
    const recorder = startRecorder(home);
    await recorder.until('recording', 20_000, allRecording(cameras.length));
    for (const { camera, rate } of cameras) site.faults.set({ camera: camera.id, kind: 'drop', rate });
    const framesOf = (camera: SimulatedCamera) => sessionsOf(camera).at(-1)?.framesSent ?? 0;
    const served = (frames: number) => () =>
      Math.min(...cameras.map(({ camera }) => framesOf(camera))) >= frames;
    const waiting = { timeout: 30_000, interval: 100 };
    await expect.poll(served(FRAMES), waiting).toBe(true);
    for (const { camera } of cameras) site.faults.clear({ camera: camera.id });
    await expect.poll(served(FRAMES + 2 * QUIET_FRAMES), waiting).toBe(true);
    await recorder.stop();

    const recordings = openRecordings(home);
    for (const { camera } of cameras) {
      const sessions = sessionsOf(camera);
      expect(sessions.every(({ transport, open }) => transport === 'udp' && !open)).toBe(true);
      const lost = sessions.reduce((sum, { packetsLost }) => sum + packetsLost, 0);
      expect(lost).toBeGreaterThan(0);
      const ref = { camera: camera.id as CameraId, stream: 'main' } as const;
      const losses = await recordings.reader.losses(ref, 0, UTC_END_US);
      expect(losses.reduce((sum, { missingPackets }) => sum + missingPackets, 0)).toBe(lost);
      expect(new Set(losses.map(({ cause }) => cause))).toEqual(new Set(['network']));

      let whole = 0;
      for await (const { stamp, sample } of recordings.frames(camera.id)) {
        if (!stamp || isHurt(sessions, stamp.frame)) continue;
        whole++;
        expect([...nalUnits(sample)].map(hex)).toEqual(sent.units(camera, stamp).map(hex));
      }
      expect(whole).toBeGreaterThan(FRAMES / 3);
      expect(losses.reduce((sum, { damagedFrames }) => sum + damagedFrames, 0)).toBeGreaterThan(0);
    }
    expect((await recordings.check('full')).findings).toEqual([]);
    await recordings.close();
  });
});
