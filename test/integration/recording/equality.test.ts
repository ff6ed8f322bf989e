import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nalsOf, packet } from '../../../demo/rtsp/packets.ts';
import { prepareTrack, type ServedTrack } from '../../../demo/rtsp/track.ts';
import { openLibrary } from '../../../demo/scenes/library.ts';
import { PROFILES } from '../../../demo/scenes/profile.ts';
import { type FrameStamp, writeStamp } from '../../../demo/sei.ts';
import { DEFAULT_CACHE, type SimulatedSite, startSimulatedSite } from '../../../demo/site.ts';
import { type Codec, isSlice, nalType } from '../../../src/media/nal.ts';
import { startForeignServer, whatForeignServerLacks } from '../../support/foreign-server.ts';
import { FRAME_US } from '../../support/frame-account.ts';
import { openRecordings } from '../../support/recorded-frames.ts';
import { type PlayedBack, playBack, type RecordedPicture } from '../../support/recorded-pictures.ts';
import {
  byAddress,
  createRecorderHome,
  type HomeCamera,
  type RecorderHome,
} from '../../support/recorder-home.ts';
import { allRecording, startRecorder } from '../../support/recorder-process.ts';

const RECORD_MS = 13_000;
const FPS = 15;
/** Longer than the recording: no picture comes twice. */
const CLIP_FRAMES = 40 * FPS;
const LEAST_COMMON = 10 * FPS;

interface Stream {
  readonly id: string;
  readonly what: string;
  readonly codec: Codec;
  readonly reordered?: boolean;
  /** Of ours; ffmpeg is always given TCP, where nothing gets lost. */
  readonly transport?: 'udp';
  /** Of GStreamer's server; the others are the simulated site's. */
  readonly encode?: readonly string[];
}

const X264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-g', String(FPS)];
const X265 = ['-c:v', 'libx265', '-preset', 'ultrafast', '-g', String(FPS), '-x265-params'];
const STREAMS: readonly Stream[] = [
  { id: 'cam01', what: 'H.264', codec: 'h264' },
  { id: 'cam02', what: 'H.264 with B-frames', codec: 'h264', reordered: true },
  { id: 'cam03', what: 'H.264, ours over UDP', codec: 'h264', transport: 'udp' },
  { id: 'cam04', what: 'H.265', codec: 'h265' },
  { id: 'gst01', what: 'GStreamer’s H.264', codec: 'h264', encode: [...X264, '-bf', '0'] },
  {
    id: 'gst02',
    what: 'GStreamer’s H.265',
    codec: 'h265',
    encode: [...X265, 'log-level=error:bframes=0:repeat-headers=1'],
  },
  {
    id: 'gst03',
    what: 'GStreamer’s H.264 with B-frames',
    codec: 'h264',
    reordered: true,
    encode: [...X264, '-bf', '2', '-x264-params', 'b-adapt=0:open-gop=0'],
  },
];

const missing = whatForeignServerLacks();
const streams = STREAMS.filter(({ encode }) => !encode || !missing);
const tasks: (() => void | Promise<void>)[] = [];
const sent = new Map<string, ServedTrack>();
const ours = new Map<string, PlayedBack>();
const theirs = new Map<string, PlayedBack>();

beforeAll(async () => {
  const site = await startSimulatedSite({
    addresses: 'one',
    count: 4,
    rtspPort: 0,
    onvifPort: 0,
    discoveryPort: false,
  });
  tasks.push(() => site.stop());
  site.quirks.set('cam02', ['b_frames']);
  const library = await openLibrary({ profile: PROFILES.small, cache: DEFAULT_CACHE, rooms: 4 });
  for (const [i, { main }] of library.scenes.entries())
    sent.set(STREAMS[i]?.id ?? '', prepareTrack(i === 1 ? library.bFrames : main));

  const cameras = [...simulated(site), ...(missing ? [] : await foreign())];
  const home = (client: 'rtsp' | 'ffmpeg') => {
    const own = createRecorderHome({
      cameras: client === 'rtsp' ? cameras : cameras.map((camera) => ({ ...camera, transport: 'tcp' })),
      login: site,
      client,
      // One after the other: a burst of processes that start would place all of them late.
      connectsPerSecond: 1,
    });
    tasks.push(() => own.remove());
    return own;
  };
  const homes = [home('rtsp'), home('ffmpeg')] as const;
  const recorders = homes.map((one) => startRecorder(one));
  await Promise.all(recorders.map((one) => one.until('recording', 30_000, allRecording(cameras.length))));
  await new Promise((resolve) => setTimeout(resolve, RECORD_MS));
  await Promise.all(recorders.map((one) => one.stop()));
  await readInto(ours, homes[0]);
  await readInto(theirs, homes[1]);
});
afterAll(async () => {
  for (const task of tasks.toReversed()) await task();
});

function simulated(site: SimulatedSite): HomeCamera[] {
  return site.cameras.map((camera, i) => {
    const transport = STREAMS[i]?.transport;
    return { ...byAddress(camera), ...(transport ? { transport } : {}) };
  });
}

async function foreign(): Promise<HomeCamera[]> {
  const folder = createRecorderHome({ cameras: [] });
  tasks.push(() => folder.remove());
  const own = STREAMS.filter(({ encode }) => encode);
  const source = ['-f', 'lavfi', '-i', `testsrc2=size=640x360:rate=${FPS}`, '-frames:v', String(CLIP_FRAMES)];
  const clips = own.map(({ id, encode = [] }) => {
    const clip = join(folder.folder, `${id}.mp4`);
    execFileSync('ffmpeg', ['-v', 'error', ...source, ...encode, '-pix_fmt', 'yuv420p', clip]);
    return clip;
  });
  const server = await startForeignServer(clips);
  tasks.push(() => server.stop());
  return own.map(({ id }, i) => ({ id, source: `rtsp: { main: '${server.urls[i]}' }` }));
}

async function readInto(played: Map<string, PlayedBack>, home: RecorderHome): Promise<void> {
  const recordings = openRecordings(home);
  for (const { id } of streams) {
    played.set(id, await playBack(home, recordings, id));
    expect(await recordings.runEnds(id), id).toEqual(['maintenance']);
  }
  await recordings.close();
}

/** What both have, from the first key frame of the one that began later to the last picture of the shorter one. */
function common({ id, codec }: Stream) {
  const [mine, other] = [ours.get(id), theirs.get(id)];
  if (!mine || !other) throw new Error(`${id} was not recorded`);
  const place = new Map(other.pictures.map((picture, i) => [nameOf(picture, codec), i]));
  expect(place.size, 'a picture came twice').toBe(other.pictures.length);
  const from = mine.pictures.findIndex((picture) => place.has(nameOf(picture, codec)));
  expect(from, 'there is none that both have').toBeGreaterThanOrEqual(0);
  const otherFrom = place.get(nameOf(mine.pictures[from] as RecordedPicture, codec)) ?? 0;
  expect(mine.pictures[from]?.keyFrame).toBe(true);
  const count = Math.min(mine.pictures.length - from, other.pictures.length - otherFrom);
  expect(count).toBeGreaterThanOrEqual(LEAST_COMMON);
  const stretch = <T>(list: readonly T[], first: number) => list.slice(first, first + count);
  return {
    mine: stretch(mine.pictures, from),
    other: stretch(other.pictures, otherFrom),
    myDecoded: stretch(mine.decoded, from),
    otherDecoded: stretch(other.decoded, otherFrom),
  };
}

/** The number that the simulated site gave it; with any other camera by what is picture in it. */
function nameOf({ stamp, units }: RecordedPicture, codec: Codec): string {
  if (stamp) return String(stamp.frame);
  const slices = units.filter((unit) => isSlice(codec, typeOf(codec, unit)));
  return slices.map((unit) => sha256(withoutZeros(unit))).join();
}

const typeOf = (codec: Codec, unit: Buffer) => nalType(codec, unit[0] ?? 0);
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
const describeUnits = (units: readonly Buffer[], codec: Codec) =>
  units.map((unit) => `${typeOf(codec, unit)} ${sha256(unit)}`);

function withoutZeros(unit: Buffer): Buffer {
  let end = unit.length;
  while (end > 0 && unit[end - 1] === 0) end--;
  return unit.subarray(0, end);
}

/**
 * ffmpeg joins what it receives to a byte stream and takes it apart again. Its parser of H.265 ends a picture three
 * bytes before the next unit's header, and the start code there has four: the first zero of it stays with the
 * picture before, whose last unit is one byte longer than it was sent. In H.264 its parser knows better.
 */
function undone(units: readonly Buffer[], codec: Codec): Buffer[] {
  const last = units.at(-1);
  if (codec === 'h264' || !last) return [...units];
  expect(last.subarray(-2).indexOf(0), 'ffmpeg has left its zero out').toBe(1);
  return [...units.slice(0, -1), last.subarray(0, -1)];
}

/** What the simulated camera sent as the picture with this number. */
function unitsSent(id: string, stamp: FrameStamp): Buffer[] {
  const track = sent.get(id);
  const loop = track?.frames.length ?? 1;
  const template = track?.frames.find(({ shift }, i) => (i + shift) % loop === stamp.frame % loop);
  if (!track || !template) throw new Error(`${id} has no picture ${stamp.frame}`);
  return nalsOf(template, packet(writeStamp(track.codec, stamp)));
}

const median = (values: readonly number[]) =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

describe.each(STREAMS)('$what, pulled by our client and by ffmpeg at the same time', (stream) => {
  const { id, codec, encode, reordered = false } = stream;
  const absent = encode ? missing : undefined;

  it('has the same NAL units, bit for bit, and every one that was sent', ({ skip }) => {
    if (absent) return skip(absent);
    const { mine, other } = common(stream);
    expect(mine.map(({ units }) => describeUnits(units, codec))).toEqual(
      other.map(({ units }) => describeUnits(undone(units, codec), codec)),
    );
    for (const { stamp, units } of ours.get(id)?.pictures ?? [])
      if (stamp) expect(describeUnits(units, codec)).toEqual(describeUnits(unitsSent(id, stamp), codec));
  });

  it('is decoded to the same pictures, ours without a word', ({ skip }) => {
    if (absent) return skip(absent);
    expect(ours.get(id)?.complaints).toEqual([]);
    // To the first few pictures ffmpeg gives times of its own making, with B-frames colliding ones.
    const hard = theirs.get(id)?.complaints.filter((line) => !line.includes('DTS discontinuity'));
    expect(hard).toEqual([]);
    for (const played of [ours.get(id), theirs.get(id)])
      expect(played?.decoded.length).toBe(played?.pictures.length);
    const { myDecoded, otherDecoded } = common(stream);
    // Where one ended, pictures that are shown earlier may not have come.
    const end = reordered ? -4 : undefined;
    expect(myDecoded.slice(0, end)).toEqual(otherDecoded.slice(0, end));
  });

  it('has the times at which the camera took the pictures, and ffmpeg’s own but for one picture', ({
    skip,
  }) => {
    if (absent) return skip(absent);
    const { mine, other } = common(stream);
    for (const [i, { decodedUs, shownUs }] of mine.entries()) {
      expect(shownUs).toBeGreaterThanOrEqual(decodedUs);
      expect(decodedUs).toBeGreaterThan(mine[i - 1]?.decodedUs ?? 0);
    }
    const shown = mine.map(({ shownUs }) => shownUs).sort((a, b) => a - b);
    const steps = shown.slice(1, reordered ? -4 : undefined).map((us, i) => us - (shown[i] ?? 0));
    expect(Math.max(...steps.map((us) => Math.abs(us - FRAME_US)))).toBeLessThan(2000);
    // The pictures of cameras with B-frames come late by as much as they have to wait for each other.
    const late = mine.flatMap(({ shownUs, stamp }) => (stamp ? [shownUs - stamp.utcUs] : []));
    if (late.length > 0) expect(Math.abs(median(late) - (reordered ? 3 * FRAME_US : 0))).toBeLessThan(20_000);
    // ffmpeg hands on a picture when the next one has begun: its whole clock is one picture late. The
    // times of its first few are its own making: the first two have the same.
    const apart = mine.map(({ shownUs }, i) => (other[i]?.shownUs ?? Number.NaN) - FRAME_US - shownUs);
    const settled = apart.slice(FPS);
    expect(Math.max(...settled.map(Math.abs))).toBeLessThan(FRAME_US);
  });
});
