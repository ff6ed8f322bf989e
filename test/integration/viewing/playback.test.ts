import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { type FrameStamp, stampsOfAnnexB, stampsOfSample } from '../../../demo/sei.ts';
import { type SimulatedSite, startSimulatedSite } from '../../../demo/site.ts';
import type { Principal } from '../../../src/access/policy.ts';
import { MINUTE_US, SECOND_US, systemClock } from '../../../src/lib/clock.ts';
import type { Keyring } from '../../../src/vault/keyring.ts';
import { createFolderStore } from '../../../src/vault/segment-store.ts';
import { createPlayback, type Playback } from '../../../src/viewing/playback.ts';
import { keyringOf } from '../../support/keyring-of.ts';
import { openRecordings, type RecordedFrame, type Recordings } from '../../support/recorded-frames.ts';
import { byAddress, createRecorderHome, type RecorderHome } from '../../support/recorder-home.ts';
import { allRecording, type RecorderProcess, startRecorder } from '../../support/recorder-process.ts';
import { servePlayback } from '../../support/viewing/playback-server.ts';
import { openDesk, refusalBy, SEAT } from '../../support/viewing/viewing-desk.ts';

const run = promisify(execFile);

/** cam01 is H.264, cam04 H.265. */
const CAMERAS = ['cam01', 'cam04'] as const;
const REBOOT_MS = 5_000;

let site: SimulatedSite;
let home: RecorderHome;
let recorder: RecorderProcess;
let recordings: Recordings;
let keyring: Keyring;
let begunUs = 0;

beforeAll(async () => {
  const loopback = { addresses: 'one', rtspPort: 0, onvifPort: 0, discoveryPort: false } as const;
  site = await startSimulatedSite({ ...loopback, count: 4 });
  const cameras = site.cameras.filter(({ id }) => CAMERAS.some((camera) => camera === id));
  home = createRecorderHome({
    cameras: cameras.map((camera) => byAddress(camera, 'main', 'sub')),
    login: site,
    segmentSeconds: 10,
  });
  begunUs = systemClock.utcUs();
  recorder = startRecorder(home);
  await recorder.until('recording', 30_000, allRecording(4));
  await pause(14_000);
  for (const camera of CAMERAS) site.faults.set({ camera, kind: 'reboot', durationMs: REBOOT_MS });
  await pause(REBOOT_MS);
  site.faults.clear();
  await recorder.until('recording again', 30_000, allRecording(4));
  await pause(6_000);
  recordings = openRecordings(home);
  keyring = keyringOf(home, { readonly: true });
});
afterAll(async () => {
  keyring?.close();
  await recordings?.close();
  await recorder?.stop();
  await site?.stop();
  home?.remove();
});

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** A guard with a viewing of both cameras from the first frame into the future. */
function sitDown() {
  const desk = openDesk(systemClock);
  const guard: { now: Principal | undefined } = {
    now: desk.person('guard', 'security', { cameras: [...CAMERAS] }),
  };
  const range = { fromUs: begunUs - MINUTE_US, toUs: systemClock.utcUs() + 10 * MINUTE_US };
  const { viewing } = desk.grants.open(guard.now!, desk.asking({ cameras: CAMERAS, range }), SEAT);
  const playback = createPlayback({
    gate: desk.gate,
    catalogue: recordings.reader,
    store: createFolderStore(join(home.storage, 'vault')),
    keyring,
    clock: systemClock,
  });
  const asked = (camera: string, stream: 'main' | 'sub' = 'main') => ({
    principal: () => guard.now,
    viewing,
    camera,
    stream,
  });
  const end = () => {
    playback.close();
    desk.gate.stop();
  };
  const delivered = () =>
    desk.entries('viewing.delivered').map(({ facts }) => facts as { camera: string; bytes: number });
  return { desk, guard, viewing, playback, asked, range, end, delivered };
}

const framesOf = async (camera: string, stream: 'main' | 'sub' = 'main') => {
  const frames: RecordedFrame[] = [];
  for await (const frame of recordings.frames(camera, stream)) frames.push(frame);
  return frames;
};

/** Reads a playlist as ffmpeg does, without decoding. @returns the frames' own numbers, in the order they came */
async function readByFfmpeg(url: string, codec: 'h264' | 'h265'): Promise<FrameStamp[]> {
  const muxer = codec === 'h264' ? 'h264' : 'hevc';
  const { stdout } = await run(
    'ffmpeg',
    ['-v', 'error', '-nostdin', '-i', url, '-c', 'copy', '-f', muxer, '-'],
    { encoding: 'buffer', maxBuffer: 256 * 1024 * 1024 },
  );
  return stampsOfAnnexB(codec, stdout);
}

const numbers = (stamps: readonly (FrameStamp | undefined)[]) => stamps.map((stamp) => stamp?.frame);

async function bodyOf(media: Awaited<ReturnType<Playback['init']>>): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of media.body) pieces.push(piece as Buffer);
  return Buffer.concat(pieces);
}

it.each([
  ['cam01', 'h264'],
  ['cam04', 'h265'],
] as const)(
  'plays %s (%s) in ffmpeg, frame for frame, over a hole and up to the last durable moment',
  async (camera, codec) => {
    const { playback, viewing, guard, range, end, delivered, asked } = sitDown();
    const server = await servePlayback(playback, viewing, () => guard.now);
    const all = { fromUs: range.fromUs, toUs: range.fromUs + 10 * MINUTE_US };
    const before = await framesOf(camera);
    const stamps = await readByFfmpeg(
      `${server.base}/${camera}/main/${all.fromUs}/${all.toUs}/index.m3u8`,
      codec,
    );
    const after = await framesOf(camera);
    // What was durable when it was asked for, all of it and nothing twice; it grew while ffmpeg read.
    expect(stamps.length).toBeGreaterThanOrEqual(before.length);
    expect(numbers(stamps)).toEqual(numbers(after.map(({ stamp }) => stamp)).slice(0, stamps.length));

    const playlist = await playback.playlist(asked(camera), all);
    const lines = playlist.split('\n');
    expect(lines.filter((line) => line.startsWith('#EXT-X-MAP:')).length).toBe(2);
    expect(lines.filter((line) => line === '#EXT-X-DISCONTINUITY').length).toBe(1);
    // From the beginning of the range to the first picture, and while the camera was away.
    const gaps = itemsOf(playlist).filter(({ isGap }) => isGap);
    const away = gaps.filter(({ atUs }) => atUs > before[0]!.wallUs);
    const awayUs = away.reduce((sum, { durationUs }) => sum + durationUs, 0);
    expect(awayUs).toBeGreaterThan((REBOOT_MS - 1500) * 1000);
    expect(awayUs).toBeLessThan((REBOOT_MS + 20_000) * 1000);
    // One clock: every media segment begins when its first picture was taken. The list may have more than was read.
    const listed = await framesOf(camera);
    for (const { atUs, isGap } of itemsOf(playlist)) {
      if (isGap) continue;
      const nearest = Math.min(...listed.map(({ wallUs }) => Math.abs(wallUs - atUs)));
      expect(nearest).toBeLessThanOrEqual(1000);
    }
    await server.close();
    end();
    const bytes = server.served.reduce((sum, one) => sum + one.bytes, 0);
    expect(bytes).toBeGreaterThan(1_000_000);
    expect(delivered().reduce((sum, one) => sum + one.bytes, 0)).toBe(bytes);
    expect(
      server.served.filter(({ status }) => status !== 200).every(({ path }) => path.endsWith('/gap.m4s')),
    ).toBe(true);
  },
);

interface Item {
  readonly uri: string;
  readonly atUs: number;
  readonly durationUs: number;
  readonly isGap: boolean;
}

function itemsOf(playlist: string): Item[] {
  const items: Item[] = [];
  let [atUs, durationUs, isGap] = [0, 0, false];
  for (const line of playlist.split('\n')) {
    if (line.startsWith('#EXT-X-PROGRAM-DATE-TIME:')) atUs = Date.parse(line.slice(25)) * 1000;
    else if (line.startsWith('#EXTINF:')) durationUs = Number.parseFloat(line.slice(8)) * SECOND_US;
    else if (line === '#EXT-X-GAP') isGap = true;
    else if (line !== '' && !line.startsWith('#')) {
      items.push({ uri: line, atUs, durationUs, isGap });
      isGap = false;
    }
  }
  return items;
}

it('begins at the picture that was asked for, and hands on a key frame that decodes', async () => {
  const { playback, asked, end, delivered } = sitDown();
  for (const camera of CAMERAS) {
    const frames = await framesOf(camera);
    const wanted = frames[Math.floor(frames.length / 4)]!;
    // While it stands on the screen: at the instant of its change two groups touch, to within what is rounded.
    const shownUs = Math.round(wanted.wallUs) + 5000;
    const narrow = { fromUs: shownUs, toUs: shownUs + 1000 };
    const items = itemsOf(await playback.playlist(asked(camera), narrow));
    expect(items).toHaveLength(1);
    const name = /^media\/(.*)\.m4s$/.exec(items[0]!.uri)![1]!;
    const body = await bodyOf(await playback.mediaSegment(asked(camera), name));
    const codec = camera === 'cam01' ? 'h264' : 'h265';
    expect(body.includes(wanted.sample)).toBe(true);
    expect(body.length).toBeLessThan(wanted.entry.bytes);

    const subs = await framesOf(camera, 'sub');
    const key = await playback.keyFrame(asked(camera, 'sub'), narrow.fromUs);
    const expected = subs.findLast((frame) => frame.keyFrame && frame.wallUs <= narrow.fromUs)!;
    expect(key.sample.equals(expected.sample)).toBe(true);
    expect(stampsOfSample(subs[0]!.entry.codec.startsWith('avc') ? 'h264' : 'h265', key.sample)[0]).toEqual(
      expected.stamp,
    );
    expect(Math.abs(key.atUs - expected.wallUs)).toBeLessThanOrEqual(1);
    expect(key).toMatchObject({ codec: expected.entry.codec, width: expected.entry.width });
    expect(key.description[0]).toBe(1);
    expect(codec).toBe(wanted.entry.codec.startsWith('avc') ? 'h264' : 'h265');
  }
  end();
  expect(new Set(delivered().map(({ camera }) => camera))).toEqual(new Set(CAMERAS));
});

it('accounts for every byte of random seeks that are broken off, and cuts a stream that is being read', async () => {
  const { playback, asked, end, delivered, range, guard } = sitDown();
  const whole = { fromUs: range.fromUs, toUs: range.fromUs + 10 * MINUTE_US };
  const lists = new Map<string, Item[]>();
  for (const camera of CAMERAS)
    lists.set(
      camera,
      itemsOf(await playback.playlist(asked(camera), whole)).filter(({ isGap }) => !isGap),
    );
  let read = 0;
  const seek = fc.record({
    camera: fc.constantFrom(...CAMERAS),
    /** Where to, and after how much of it whoever looks goes elsewhere; parts of the whole. */
    at: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
    leaves: fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
  });
  await fc.assert(
    fc.asyncProperty(seek, async ({ camera, at, leaves }) => {
      const items = lists.get(camera)!;
      const name = /\/(.*)\./.exec(items[Math.floor(at * items.length)]!.uri)![1]!;
      const { body, bytes } = await playback.mediaSegment(asked(camera), name);
      let got = 0;
      for await (const piece of body) {
        got += (piece as Buffer).length;
        if (leaves !== null && got >= leaves * bytes) break;
      }
      read += got;
      if (leaves === null) expect(got).toBe(bytes);
    }),
    { numRuns: 120, endOnFailure: true },
  );
  const first = lists.get('cam01')!.at(0)!;
  const { body } = await playback.mediaSegment(asked('cam01'), /\/(.*)\./.exec(first.uri)![1]!);
  const ended = new Promise<unknown>((resolve) => body.once('error', resolve));
  const piece = await new Promise<Buffer>((resolve) => {
    body.once('readable', () => resolve((body.read(1000) ?? body.read()) as Buffer));
  });
  read += piece.length;
  const revokedMs = performance.now();
  guard.now = { ...guard.now!, rights: [] };
  await ended;
  expect(performance.now() - revokedMs).toBeLessThan(5000);
  expect(body.destroyed).toBe(true);
  await expect(playback.mediaSegment(asked('cam01'), /\/(.*)\./.exec(first.uri)![1]!)).rejects.toMatchObject({
    code: 'viewing_over',
  });
  end();
  expect(delivered().reduce((sum, { bytes }) => sum + bytes, 0)).toBe(read);
});

it('is cut within five seconds of a revocation, a hundred times of a hundred', async () => {
  const cuts = await Promise.all(
    Array.from({ length: 100 }, async (_, i) => {
      const { playback, asked, end, delivered, range, guard } = sitDown();
      const camera = CAMERAS[i % CAMERAS.length]!;
      const whole = { fromUs: range.fromUs, toUs: range.fromUs + 10 * MINUTE_US };
      const items = itemsOf(await playback.playlist(asked(camera), whole)).filter(({ isGap }) => !isGap);
      const name = /\/(.*)\./.exec(items[i % items.length]!.uri)![1]!;
      const { body } = await playback.mediaSegment(asked(camera), name);
      const ended = new Promise<void>((resolve) => body.once('error', () => resolve()));
      await new Promise((resolve) => body.once('readable', resolve));
      const read = (body.read(1000) as Buffer).length;
      // Spread over the time between two looks.
      await pause(i * 20);
      guard.now = { ...guard.now!, rights: [] };
      const revokedMs = performance.now();
      await ended;
      const lateMs = performance.now() - revokedMs;
      end();
      return {
        lateMs,
        isOver: body.destroyed,
        accounted: delivered().reduce((sum, { bytes }) => sum + bytes, 0) - read,
      };
    }),
  );
  expect(
    cuts.filter(({ lateMs, isOver, accounted }) => lateMs < 5000 && isOver && accounted === 0),
  ).toHaveLength(100);
});

it('means the same bytes by the name of a group that is still growing, also once its file is sealed', async () => {
  const { playback, asked, end, range } = sitDown();
  const whole = { fromUs: range.fromUs, toUs: range.fromUs + 10 * MINUTE_US };
  // In the moment between two files the last group is one of the sealed file.
  const name = await vi.waitFor(
    async () => {
      const growing = itemsOf(await playback.playlist(asked('cam01'), whole)).at(-1)!;
      const found = /\/(.*)\./.exec(growing.uri)![1]!;
      expect(found).toMatch(/^[0-9a-z]{16}-\d+-\d+$/);
      return found;
    },
    { timeout: 5000, interval: 100 },
  );
  const read = async () => bodyOf(await playback.mediaSegment(asked('cam01'), name));
  const now = await read();
  const segment = name.slice(0, 16);
  await vi.waitFor(
    async () => {
      const entries = await recordings.segments('cam01');
      expect(entries.find((entry) => entry.segment === segment)?.state).toBe('sealed');
    },
    { timeout: 30_000, interval: 200 },
  );
  expect((await read()).equals(now)).toBe(true);
  const full = await bodyOf(
    await playback.mediaSegment(asked('cam01'), name.split('-').slice(0, 2).join('-')),
  );
  expect(full.length).toBeGreaterThanOrEqual(now.length);
  expect(full.subarray(0, now.length).equals(now)).toBe(true);
  end();
});

it('gives nothing for names and ranges that are none, and nothing of another camera', async () => {
  const { playback, asked, end, range, delivered, desk } = sitDown();
  const whole = { fromUs: range.fromUs, toUs: range.fromUs + 10 * MINUTE_US };
  const [item] = itemsOf(await playback.playlist(asked('cam04'), whole)).filter(({ isGap }) => !isGap);
  const name = /\/(.*)\./.exec(item!.uri)![1]!;
  const [segment] = name.split('-');
  for (const bad of [
    '',
    'x',
    '../../etc/passwd',
    `${segment}`,
    `${segment}-99999`,
    `${segment}-00`,
    `${name}-0`,
    `${name}-999`,
    `${name}\n`,
  ])
    await expect(playback.mediaSegment(asked('cam04'), bad)).rejects.toMatchObject({
      code: 'footage_missing',
    });
  await expect(playback.mediaSegment(asked('cam01'), name)).rejects.toMatchObject({
    code: 'footage_missing',
  });
  await expect(playback.mediaSegment(asked('cam04', 'sub'), name)).rejects.toMatchObject({
    code: 'footage_missing',
  });
  await expect(playback.init(asked('cam01'), segment!)).rejects.toMatchObject({ code: 'footage_missing' });
  for (const bad of [
    { fromUs: 5, toUs: 5 },
    { fromUs: Number.NaN, toUs: 5 },
    { fromUs: range.fromUs, toUs: range.fromUs + 15 * MINUTE_US + 1 },
  ])
    await expect(playback.playlist(asked('cam01'), bad)).rejects.toMatchObject({ code: 'viewing_input' });
  await expect(playback.playlist(asked('cam01'), { fromUs: 1, toUs: 9 })).rejects.toMatchObject({
    facts: { why: 'not_approved' },
  });
  await expect(playback.keyFrame(asked('cam01'), range.fromUs)).rejects.toMatchObject({
    code: 'footage_missing',
  });
  expect(refusalBy(() => desk.gate.open(asked('cam02'))).facts).toEqual({ why: 'no_right' });
  end();
  expect(delivered()).toEqual([]);
});

it('tells of up to 13 cameras what is there and what is not, with causes', async () => {
  const { playback, end, range } = sitDown();
  const toUs = systemClock.utcUs() - 2 * SECOND_US;
  const lanes = await playback.timeline(CAMERAS, { fromUs: range.fromUs, toUs, bucketUs: SECOND_US });
  expect(lanes.map(({ ref }) => ref.camera)).toEqual(CAMERAS);
  for (const { recorded, gaps } of lanes) {
    expect(recorded.length).toBeGreaterThanOrEqual(2);
    expect(gaps.map(({ cause }) => cause).some((cause) => cause !== undefined)).toBe(true);
  }
  const many = Array.from({ length: 14 }, (_, i) => `cam${String(i + 1).padStart(2, '0')}`);
  const quick = { fromUs: toUs - MINUTE_US, toUs, bucketUs: SECOND_US };
  await expect(playback.timeline(many, quick)).rejects.toMatchObject({ facts: { field: 'cameras' } });
  await expect(playback.timeline(CAMERAS, { ...quick, bucketUs: 1 })).rejects.toMatchObject({
    facts: { field: 'bucket' },
  });
  end();
});
