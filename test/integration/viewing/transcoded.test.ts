import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { afterAll, beforeAll, expect, it, onTestFinished, vi } from 'vitest';
import { readStrip } from '../../../demo/scenes/read-strip.ts';
import { type SimulatedSite, startSimulatedSite } from '../../../demo/site.ts';
import type { Principal } from '../../../src/access/policy.ts';
import { MINUTE_US, systemClock } from '../../../src/lib/clock.ts';
import { readTrack } from '../../../src/media/fmp4/track.ts';
import type { Keyring } from '../../../src/vault/keyring.ts';
import { createFolderStore } from '../../../src/vault/segment-store.ts';
import { createPlayback, type Media } from '../../../src/viewing/playback.ts';
import { keyringOf } from '../../support/keyring-of.ts';
import { openRecordings, type Recordings } from '../../support/recorded-frames.ts';
import { byAddress, createRecorderHome, type RecorderHome } from '../../support/recorder-home.ts';
import { allRecording, type RecorderProcess, startRecorder } from '../../support/recorder-process.ts';
import { numbersDrawn, packetsOf } from '../../support/viewing/decoded.ts';
import { servePlayback } from '../../support/viewing/playback-server.ts';
import { PLAYER_PAGES, type PlayedGroup } from '../../support/viewing/player-page.ts';
import { openDesk, SEAT } from '../../support/viewing/viewing-desk.ts';

/** Its main stream is H.265, and no other is recorded. */
const CAMERA = 'cam04';
const REBOOT_MS = 3_000;
const NOBODY_LEAVES = new AbortController().signal;

let site: SimulatedSite;
let home: RecorderHome;
let recorder: RecorderProcess;
let recordings: Recordings;
let keyring: Keyring;
let begunUs = 0;

beforeAll(async () => {
  const loopback = { addresses: 'one', rtspPort: 0, onvifPort: 0, discoveryPort: false } as const;
  site = await startSimulatedSite({ ...loopback, count: 4 });
  home = createRecorderHome({
    cameras: site.cameras.filter(({ id }) => id === CAMERA).map((camera) => byAddress(camera, 'main')),
    login: site,
  });
  begunUs = systemClock.utcUs();
  recorder = startRecorder(home);
  recordings = await recorder.until('recording', 30_000, allRecording(1)).then(() => openRecordings(home));
  /** So many runs, the last with a few seconds of pictures. */
  const recorded = (runs: number) => async () => {
    const entries = await recordings.segments(CAMERA);
    expect(new Set(entries.map(({ run }) => run)).size).toBe(runs);
    let pictures = 0;
    for await (const { entry } of recordings.frames(CAMERA))
      if (entry.run === entries.at(-1)?.run) pictures++;
    expect(pictures).toBeGreaterThan(5 * 15);
  };
  await vi.waitFor(recorded(1), { timeout: 40_000, interval: 500 });
  site.faults.set({ camera: CAMERA, kind: 'reboot', durationMs: REBOOT_MS });
  await vi.waitFor(recorded(2), { timeout: 60_000, interval: 500 });
  await recorder.stop();
  keyring = keyringOf(home, { readonly: true });
}, 150_000);
afterAll(async () => {
  keyring?.close();
  await recordings?.close();
  await recorder?.stop();
  await site?.stop();
  home?.remove();
});

/** A guard with a viewing of the camera. */
function sitDown() {
  const desk = openDesk(systemClock);
  const guard: { now: Principal | undefined } = {
    now: desk.person('guard', 'security', { cameras: [CAMERA] }),
  };
  const range = { fromUs: begunUs, toUs: begunUs + 10 * MINUTE_US };
  const { viewing } = desk.grants.open(guard.now!, desk.asking({ cameras: [CAMERA], range }), SEAT);
  const playback = createPlayback({
    gate: desk.gate,
    catalogue: recordings.reader,
    store: createFolderStore(join(home.storage, 'vault')),
    keyring,
    clock: systemClock,
  });
  const asked = { principal: () => guard.now, viewing, camera: CAMERA, stream: 'main' as const };
  const end = () => {
    playback.close();
    desk.gate.stop();
  };
  const deliveredBytes = () =>
    desk
      .entries('viewing.delivered')
      .reduce((sum, { facts }) => sum + Number((facts as { bytes: number }).bytes), 0);
  const runs = async () => runsOf(await playback.playlist(asked, range));
  return { guard, playback, asked, viewing, range, runs, end, deliveredBytes };
}

/** Of each run in a playlist the name of its init segment and those of its media segments. */
function runsOf(playlist: string): { init: string; names: string[] }[] {
  const runs: { init: string; names: string[] }[] = [];
  for (const line of playlist.split('\n')) {
    const init = /^#EXT-X-MAP:URI="init\/(.*)\.mp4"$/.exec(line)?.[1];
    if (init) runs.push({ init, names: [] });
    const name = /^media\/(.*)\.m4s$/.exec(line)?.[1];
    if (name) runs.at(-1)!.names.push(name);
  }
  return runs;
}

async function bodyOf({ body, bytes }: Media): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of body) pieces.push(piece as Buffer);
  const whole = Buffer.concat(pieces);
  expect(whole.length).toBe(bytes);
  return whole;
}

/** The ffmpegs that this process has started. */
const ffmpegs = () => {
  try {
    return execFileSync('pgrep', ['-P', String(process.pid), '-x', 'ffmpeg'])
      .toString()
      .trim()
      .split('\n');
  } catch {
    return [];
  }
};

it('is picture for picture what was recorded, at the same times, each group by itself', {
  timeout: 180_000,
}, async () => {
  const { playback, asked, runs, end, deliveredBytes } = sitDown();
  const found = await runs();
  expect(found.length).toBe(2);
  let handed = 0;
  const counted = (body: Buffer) => {
    handed += body.length;
    return body;
  };
  const inits: Buffer[] = [];
  for (const { init, names } of found) {
    const recordedInit = counted(await bodyOf(await playback.init(asked, init)));
    const transcodedInit = counted(await bodyOf(await playback.transcoded.init(asked, init, NOBODY_LEAVES)));
    inits.push(transcodedInit);
    const track = readTrack(transcodedInit);
    expect(readTrack(recordedInit).codec).toBe('h265');
    expect(track).toMatchObject({ codec: 'h264', width: 640, height: 360 });
    const recorded = [recordedInit];
    const transcoded = [transcodedInit];
    const alone: (number | undefined)[] = [];
    expect(names.length).toBeGreaterThan(4);
    for (const name of names) {
      recorded.push(counted(await bodyOf(await playback.mediaSegment(asked, name))));
      const made = counted(await bodyOf(await playback.transcoded.mediaSegment(asked, name, NOBODY_LEAVES)));
      transcoded.push(made);
      // A player that jumps here has nothing but this.
      alone.push(...(await numbersDrawn(Buffer.concat([transcodedInit, made]), 640, 360)));
    }
    const [was, is] = [Buffer.concat(recorded), Buffer.concat(transcoded)];
    const packets = await packetsOf(is);
    expect(packets).toEqual(await packetsOf(was));
    expect(packets.filter(({ isKey }) => isKey)).toHaveLength(names.length);
    const drawn = await numbersDrawn(was, 640, 360);
    expect(drawn.every((number) => number !== undefined)).toBe(true);
    expect(await numbersDrawn(is, 640, 360)).toEqual(drawn);
    expect(alone).toEqual(drawn);
  }
  // One camera, one picture size: one init segment, whatever its pictures show.
  expect(inits[0]!.equals(inits[1]!)).toBe(true);
  end();
  expect(deliveredBytes()).toBe(handed);
});

it('runs two at once, lets a few wait, and tells the others that it is busy', async () => {
  const { playback, asked, runs, end } = sitDown();
  const [run] = await runs();
  const names = Array.from({ length: 9 }, (_, i) => run!.names[i % run!.names.length]!);
  let most = 0;
  const asking = names.map((name) =>
    playback.transcoded.mediaSegment(asked, name, NOBODY_LEAVES).then(bodyOf),
  );
  const watching = setInterval(() => {
    most = Math.max(most, ffmpegs().length);
  }, 20);
  const answers = await Promise.allSettled(asking);
  clearInterval(watching);
  expect(most).toBeLessThanOrEqual(2);
  const refused = answers.filter((answer) => answer.status === 'rejected').map(({ reason }) => reason.code);
  expect(refused.length).toBeGreaterThanOrEqual(3);
  expect(new Set(refused)).toEqual(new Set(['playback_busy']));
  // Nobody who was turned away is in the way of the next.
  await playback.transcoded.mediaSegment(asked, names[0]!, NOBODY_LEAVES).then(bodyOf);
  expect(ffmpegs()).toEqual([]);
  end();
});

it('ends with whoever asked for it, at once, and gives nobody a byte', async () => {
  const { playback, asked, runs, end, deliveredBytes } = sitDown();
  const [run] = await runs();
  for (let i = 0; i < 4; i++) {
    const left = new AbortController();
    const asking = playback.transcoded.mediaSegment(asked, run!.names[i]!, left.signal);
    await vi.waitFor(() => expect(ffmpegs().length).toBe(1), { timeout: 5000, interval: 5 });
    left.abort(new Error('gone'));
    await expect(asking).rejects.toThrow('gone');
    expect(ffmpegs()).toEqual([]);
  }
  end();
  expect(deliveredBytes()).toBe(0);
});

it('is cut within five seconds of the right to it, in the middle of its making or of its way', async () => {
  const { playback, asked, runs, guard, end, deliveredBytes } = sitDown();
  const [run] = await runs();
  const media = await playback.transcoded.mediaSegment(asked, run!.names[0]!, NOBODY_LEAVES);
  const cutMs = performance.now();
  guard.now = { ...guard.now!, rights: [] };
  // Asked for again and again: whatever is being made when the right is looked at goes.
  const why: string[] = [];
  while (!why.includes('viewing_over'))
    await playback.transcoded.mediaSegment(asked, run!.names[1]!, NOBODY_LEAVES).then(
      ({ body }) => void body.destroy(),
      (error: { code: string }) => void why.push(error.code),
    );
  expect(performance.now() - cutMs).toBeLessThan(5000);
  expect(ffmpegs()).toEqual([]);
  expect(media.body.destroyed).toBe(true);
  end();
  expect(deliveredBytes()).toBe(0);
});

const CHROMIUM = '/usr/bin/chromium';
/** On the machine that judges, a test that cannot run is a failure. */
const canBrowse = existsSync(CHROMIUM) || process.env.CI === 'true';

it.runIf(canBrowse)(
  'plays in Chromium over groups and runs without a hole',
  { timeout: 180_000 },
  async () => {
    const { playback, asked, viewing, range, runs, guard, end } = sitDown();
    const server = await servePlayback(playback, viewing, () => guard.now, PLAYER_PAGES);
    const profile = mkdtempSync(join(tmpdir(), 'girok-chromium-'));
    const browser = await chromium.launchPersistentContext(profile, {
      executablePath: CHROMIUM,
      args: [
        ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync'],
        ...['--disable-background-networking', '--disable-component-update'],
      ],
    });
    onTestFinished(async () => {
      await browser.close();
      await server.close();
      end();
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    });
    const drawn = new Map<string, (number | undefined)[]>();
    for (const { init, names } of await runs()) {
      const head = await bodyOf(await playback.init(asked, init));
      for (const name of names) {
        const group = Buffer.concat([head, await bodyOf(await playback.mediaSegment(asked, name))]);
        drawn.set(name, await numbersDrawn(group, 640, 360));
      }
    }
    const tab = await browser.newPage();
    await tab.goto(`${server.base}/player.html`);
    // hls.js would wait at a hole that a playlist begins with.
    const [first] = await recordings.segments(CAMERA);
    const url = `${server.base}/${CAMERA}/main/${first!.startUs}/${range.toUs}/transcoded/index.m3u8`;
    const played = await tab.evaluate<{ groups: PlayedGroup[]; holes: number; errors: string[] }>(
      `window.play(${JSON.stringify(url)})`,
    );
    expect(played.errors).toEqual([]);
    expect(played.groups.map(({ name }) => name)).toEqual([...drawn.keys()]);
    for (const { name, gray, width, height } of played.groups)
      expect(drawn.get(name), name).toContain(readStrip(Uint8Array.from(gray), width, height)?.frame);
    // All that is between two groups is the reboot, which the playlist tells of.
    expect(played.holes).toBe(1);
  },
);

it('means nothing by a name that is none', async () => {
  const { playback, asked, end } = sitDown();
  for (const bad of ['', 'x', '0000000000000000-0', '../../etc/passwd'])
    await expect(playback.transcoded.mediaSegment(asked, bad, NOBODY_LEAVES)).rejects.toMatchObject({
      code: 'footage_missing',
    });
  await expect(playback.transcoded.init(asked, '0000000000000000', NOBODY_LEAVES)).rejects.toMatchObject({
    code: 'footage_missing',
  });
  end();
});
