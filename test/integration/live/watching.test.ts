import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SimulatedSite, startSimulatedSite } from '../../../demo/site.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import type { CameraId } from '../../../src/lib/ids.ts';
import { pipeToWebSocket } from '../../../src/live/pipe-to-web-socket.ts';
import { createRelay } from '../../../src/live/relay-process.ts';
import { createLiveFeeds } from '../../../src/live/wall.ts';
import { accountFrames, NOTHING_LOST, sessionsOf } from '../../support/frame-account.ts';
import { listeningOf, spokenOf } from '../../support/live/listening.ts';
import { type Watcher, watch } from '../../support/live/watch.ts';
import { openRecordings } from '../../support/recorded-frames.ts';
import { byOnvif, createRecorderHome, type RecorderHome } from '../../support/recorder-home.ts';
import {
  allRecording,
  childrenOf,
  type RecorderProcess,
  startRecorder,
} from '../../support/recorder-process.ts';

const CAMERAS = 13;
const VIEWERS = 3;
const NEW_US = 3_000_000;
/** Of what was sent before the recorder was told to stop, nothing may be missing but what was on its way. */
const ON_ITS_WAY_US = 200_000;
/** Five seconds after the last viewer, and the time to end. */
const ENDED_MS = 9000;

let site: SimulatedSite;
let home: RecorderHome;
let recorder: RecorderProcess;
const said: string[] = [];
const note = (event: string, facts?: object) => void said.push(`${event} ${JSON.stringify(facts)}`);
const log = { info: note, warn: note, error: note };
const relay = createRelay({ clock: systemClock, random: Math.random, log });
const feedsOf = (at: RecorderHome) =>
  createLiveFeeds({
    clock: systemClock,
    random: Math.random,
    log,
    recorderSocket: join(at.storage, 'run', 'recorder.sock'),
    relay,
  });
let feeds: ReturnType<typeof feedsOf>;

beforeAll(async () => {
  site = await startSimulatedSite({ addresses: 'one', rtspPort: 0, onvifPort: 0, discoveryPort: false });
  home = createRecorderHome({ cameras: site.cameras.map((camera) => byOnvif(camera)), login: site });
  recorder = startRecorder(home);
  feeds = feedsOf(home);
  await recorder.until('recording everything', 30_000, allRecording(2 * CAMERAS));
});
afterAll(async () => {
  await feeds?.close();
  await relay.stop();
  home?.remove();
  await site?.stop();
});

const processes = (name: string) =>
  childrenOf(process.pid).filter(
    ({ command }) => command.includes(name) && !command.includes('main/recorder'),
  );
const ours = () => [...processes('ffmpeg'), ...processes('main/relay')];
const frames = ({ pictures }: Watcher) => pictures.map(({ stamp }) => stamp.frame);
const consecutive = (numbers: readonly number[]) =>
  numbers.every((number, i) => i === 0 || number === (numbers[i - 1] ?? 0) + 1);
const rising = (watcher: Watcher) =>
  watcher.pictures.every(
    ({ timestampMs }, i, all) => i === 0 || timestampMs > (all[i - 1]?.timestampMs ?? 0),
  );
const pictures =
  (count: number) =>
  (watcher: Watcher): boolean =>
    watcher.pictures.length >= count;

describe('a live picture', () => {
  it('costs no process while nobody watches, and none some seconds after the last viewer', async () => {
    expect(ours()).toEqual([]);
    const watcher = watch(feeds, 'cam01', 'main');
    await watcher.until('showing', 15_000, pictures(1));
    expect(processes('ffmpeg')).toHaveLength(1);
    expect(processes('main/relay')).toHaveLength(1);
    watcher.viewing.cut();
    expect(await watcher.viewing.ended).toBe('cut');
    expect(watcher.viewing.bytes).toBe(watcher.bytes);
    await expect.poll(ours, { timeout: ENDED_MS }).toEqual([]);
    expect(feeds.counts).toEqual({ feeds: 0, viewers: 0 });
  });

  it('is whole from a key frame on, newer than three seconds, and the same for who comes later', async () => {
    const watcher = watch(feeds, 'cam01', 'main');
    await watcher.until('showing', 15_000, pictures(40));
    expect(watcher.tags[0]).toMatchObject({ kind: 'video', config: true });
    expect(watcher.tags[1]).toMatchObject({ kind: 'video', config: false, keyFrame: true });
    expect(watcher.tags.every(({ kind }) => kind === 'video')).toBe(true);
    const later = watch(feeds, 'cam01', 'main');
    // It need not wait for a key frame.
    await later.until('showing', 500, pictures(1));
    expect(later.tags[0]).toMatchObject({ config: true });
    expect(later.pictures[0]).toMatchObject({ keyFrame: true });
    await later.until('going on', 10_000, pictures(40));
    for (const one of [watcher, later]) {
      expect(consecutive(frames(one))).toBe(true);
      expect(rising(one)).toBe(true);
    }
    expect(Math.max(...watcher.pictures.map(({ ageUs }) => ageUs))).toBeLessThan(NEW_US);
    // The first ones of a latecomer are those of the group that was under way.
    expect(later.pictures.at(-1)?.ageUs).toBeLessThan(NEW_US);
    expect(frames(watcher)).toEqual(expect.arrayContaining(frames(later).slice(0, 20)));
    watcher.viewing.cut();
    later.viewing.cut();
  });

  it('of 13 cameras is one feed each for any number of viewers, and no one else can ask for it or read how', async () => {
    const ids = site.cameras.map(({ id }) => id);
    const watchers = Array.from({ length: VIEWERS }, () => ids.map((id) => watch(feeds, id, 'sub'))).flat();
    await Promise.all(watchers.map((one) => one.until('showing', 30_000, pictures(1))));
    expect(feeds.counts).toMatchObject({ viewers: VIEWERS * CAMERAS });
    const running = processes('ffmpeg');
    const [relaying, ...others] = processes('main/relay');
    expect(others).toEqual([]);
    expect(relaying?.pid).toBe(relay.pid);
    await Promise.all(watchers.map((one) => one.until('going on', 30_000, pictures(45))));
    for (const one of watchers) {
      expect(consecutive(frames(one)), one.viewing.ref.camera).toBe(true);
      expect(one.pictures.at(-1)?.ageUs).toBeLessThan(NEW_US);
      expect(one.viewing.dropped).toEqual({ groups: 0, bytes: 0 });
      expect(
        one.pictures.every(({ stamp }) => stamp.camera === Number(one.viewing.ref.camera.slice(3))),
      ).toBe(true);
    }
    // The main stream of cam01 may still linger.
    expect(running.length - processes('ffmpeg').length + CAMERAS).toBeLessThanOrEqual(CAMERAS + 1);
    await expect.poll(() => feeds.counts.feeds, { timeout: ENDED_MS }).toBe(CAMERAS);
    await expect.poll(() => processes('ffmpeg').length, { timeout: ENDED_MS }).toBe(CAMERAS);
    for (const { pid, command } of ours()) {
      expect(spokenOf(pid)).not.toMatch(/[0-9a-f]{32}|sign=/);
      const heard = listeningOf(pid);
      if (command.includes('ffmpeg')) expect(heard).toEqual([]);
      else expect(heard).toEqual([expect.stringMatching(/^127\.0\.0\.1:\d+$/)]);
    }
    expect(said.join('\n')).not.toMatch(/[0-9a-f]{32}|sign=/);
    for (const one of watchers) one.viewing.cut();
  });

  it('that is H.265 is not shown, and says so', async () => {
    const h265 = site.cameras.find(({ codec }) => codec === 'h265');
    const viewing = feeds.open(h265?.id as CameraId, 'main');
    expect(await viewing.ended).toBe('codec_not_live');
    const sub = watch(feeds, h265?.id ?? '', 'sub');
    await sub.until('showing', 15_000, pictures(1));
    sub.viewing.cut();
  });

  it('is taken from a viewer who takes nothing, and from nobody else', async () => {
    const watcher = watch(feeds, 'cam02', 'main');
    const viewing = feeds.open('cam02' as CameraId, 'main');
    await watcher.until('showing', 15_000, pictures(1));
    const shown = watcher.pictures.length;
    expect(await viewing.ended).toBe('too_slow');
    expect(viewing.bytes).toBe(0);
    expect(watcher.end).toBeUndefined();
    expect(watcher.pictures.length - shown).toBeGreaterThan(8 * 15);
    expect(consecutive(frames(watcher))).toBe(true);
    watcher.viewing.cut();
  });

  it.each([
    ['the relay is killed', () => processes('main/relay')],
    ['its ffmpeg is killed', () => processes('ffmpeg')],
  ])('goes on after %s, in the same viewing', async (_what, victims) => {
    const watchers = ['cam01', 'cam02', 'cam03'].map((id) => watch(feeds, id, 'main'));
    await Promise.all(watchers.map((one) => one.until('showing', 15_000, pictures(20))));
    const before = watchers.map((one) => frames(one).at(-1) ?? 0);
    const killed = victims();
    expect(killed.length).toBeGreaterThan(0);
    for (const { pid } of killed) process.kill(pid, 'SIGKILL');
    await Promise.all(
      watchers.map((one, i) =>
        // More than what was on its way when it died.
        one.until('showing again', 20_000, () => (frames(one).at(-1) ?? 0) > (before[i] ?? 0) + 90),
      ),
    );
    for (const one of watchers) {
      expect(one.tags.filter(({ config }) => config).length).toBeGreaterThanOrEqual(2);
      expect(rising(one)).toBe(true);
      const resumed = one.tags.findLastIndex(({ config }) => config);
      expect(one.tags[resumed + 1]).toMatchObject({ keyFrame: true });
      expect(one.pictures.at(-1)?.ageUs).toBeLessThan(NEW_US);
      one.viewing.cut();
    }
    expect(ours().some(({ pid }) => killed.some((one) => one.pid === pid))).toBe(false);
  });

  it('is cut within five seconds of a revocation, a hundred times of a hundred', async () => {
    const cuts = await Promise.all(
      Array.from({ length: 100 }, async (_, i) => {
        let may = true;
        let bytes = 0;
        let accounted = 0;
        let closed: () => void = () => undefined;
        const viewing = feeds.open(site.cameras[i % CAMERAS]?.id as CameraId, 'sub');
        const ended = pipeToWebSocket(
          viewing,
          {
            send(piece, sent) {
              bytes += piece.length;
              setImmediate(sent);
            },
            close: () => closed(),
            terminate: () => undefined,
            on: (event, listener) => {
              if (event === 'close') closed = listener;
            },
          },
          {
            clock: systemClock,
            onBytes: (count) => {
              accounted += count;
            },
            recheck: async () => may,
          },
        );
        while (bytes === 0) await new Promise((resolve) => setTimeout(resolve, 50));
        // Spread over the time between two looks.
        await new Promise((resolve) => setTimeout(resolve, i * 20));
        may = false;
        const revokedMs = performance.now();
        const end = await ended;
        return { end, lateMs: performance.now() - revokedMs, isExact: bytes === accounted };
      }),
    );
    expect(
      cuts.filter(({ end, lateMs, isExact }) => end === 'revoked' && lateMs < 5000 && isExact),
    ).toHaveLength(100);
    expect(feeds.counts.viewers).toBe(0);
  });

  it('costs the recording no frame', async () => {
    const status = await recorder.status();
    expect(status.cameras.flatMap(({ streams }) => streams.map((one) => one.droppedFragments))).toEqual(
      Array.from({ length: 2 * CAMERAS }, () => 0),
    );
    const untilUs = Date.now() * 1000 - ON_ITS_WAY_US;
    expect(await recorder.stop()).toEqual({ code: 0, signal: null });
    const recordings = openRecordings(home);
    for (const { id } of site.cameras)
      for (const stream of ['main', 'sub'] as const)
        expect(
          accountFrames(sessionsOf(site.served(), id, stream), await recordings.stamps(id, stream), {
            untilUs,
          }),
          `${id}/${stream}`,
        ).toMatchObject(NOTHING_LOST);
    await recordings.close();
  });

  it('goes on after the recorder was killed and is back', async () => {
    const other = createRecorderHome({
      cameras: site.cameras.slice(0, 1).map((camera) => byOnvif(camera)),
      login: site,
    });
    const first = startRecorder(other);
    const near = feedsOf(other);
    try {
      await first.until('recording', 30_000, allRecording(2));
      const watcher = watch(near, 'cam01', 'sub');
      await watcher.until('showing', 15_000, pictures(20));
      await first.kill();
      const before = frames(watcher).at(-1) ?? 0;
      const second = startRecorder(other);
      await watcher.until('showing again', 25_000, () => (frames(watcher).at(-1) ?? 0) > before + 30);
      expect(rising(watcher)).toBe(true);
      expect(watcher.pictures.at(-1)?.ageUs).toBeLessThan(NEW_US);
      await second.stop();
    } finally {
      await near.close();
      other.remove();
    }
  });
});
