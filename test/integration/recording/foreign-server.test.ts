import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseFragment } from '../../../src/media/fmp4/parse-fragment.ts';
import { PRODUCER_TIME_BYTES } from '../../../src/media/fmp4/producer-time.ts';
import { createSplitter } from '../../../src/media/fmp4/splitter.ts';
import { type Codec, nalUnits } from '../../../src/media/nal.ts';
import {
  type ForeignServer,
  startForeignServer,
  whatForeignServerLacks,
} from '../../support/foreign-server.ts';
import { openRecordings } from '../../support/recorded-frames.ts';
import { createRecorderHome, type RecorderHome } from '../../support/recorder-home.ts';
import { allRecording, startRecorder } from '../../support/recorder-process.ts';

const RECORD_MS = 20_000;
const FPS = 15;
const CLIP_FRAMES = 10 * FPS;
const CAMERAS: readonly { id: string; codec: Codec; encode: readonly string[] }[] = [
  { id: 'cam01', codec: 'h264', encode: ['-c:v', 'libx264', '-preset', 'ultrafast'] },
  {
    id: 'cam02',
    codec: 'h265',
    encode: [
      '-c:v',
      'libx265',
      '-preset',
      'ultrafast',
      '-x265-params',
      'log-level=error:bframes=0:repeat-headers=1',
    ],
  },
];

const missing = whatForeignServerLacks();
let home: RecorderHome;
let server: ForeignServer;
const sent = new Map<string, string[]>();

beforeAll(async () => {
  home = createRecorderHome({ cameras: [] });
  if (missing) return;
  const clips = CAMERAS.map(({ id, codec, encode }) => {
    const clip = join(home.folder, `${id}.mp4`);
    const picture = [
      '-f',
      'lavfi',
      '-i',
      `testsrc2=size=640x360:rate=${FPS}`,
      '-frames:v',
      String(CLIP_FRAMES),
    ];
    ffmpeg(...picture, ...encode, '-bf', '0', '-g', String(FPS), '-pix_fmt', 'yuv420p', clip);
    sent.set(id, picturesOf(clip, codec));
    return clip;
  });
  server = await startForeignServer(clips);
  const { port } = server;
  home.remove();
  home = createRecorderHome({
    cameras: CAMERAS.map(({ id }) => ({ id, source: `rtsp: { main: 'rtsp://127.0.0.1:${port}/${id}' }` })),
    segmentSeconds: 10,
  });
});
afterAll(() => {
  server?.stop();
  home?.remove();
});

describe('a server that nobody here wrote', () => {
  it('is recorded whole: decoded without a word out of the vault, every picture as it was sent', async ({
    skip,
  }) => {
    if (missing) return skip(missing);
    const recorder = startRecorder(home);
    await recorder.until('recording', 20_000, allRecording(CAMERAS.length));
    await new Promise((resolve) => setTimeout(resolve, RECORD_MS));
    await recorder.stop();

    const recordings = openRecordings(home);
    for (const { id, codec } of CAMERAS) {
      const segments = await recordings.segments(id);
      expect(segments.length).toBeGreaterThanOrEqual(2);
      for (const entry of segments) {
        const pieces: Buffer[] = [];
        for await (const piece of recordings.pieces(entry))
          if (piece.kind !== 'trailer') pieces.push(piece.data);
        const file = join(home.folder, 'segment.mp4');
        writeFileSync(file, Buffer.concat(pieces));
        expect(ffmpeg('-i', file, '-f', 'null', '-'), entry.file).toBe('');
      }
      const kept: string[] = [];
      for await (const { sample } of recordings.frames(id)) kept.push(pictureHash(sample, codec));
      const loop = sent.get(id) ?? [];
      expect(new Set(loop).size).toBe(CLIP_FRAMES);
      const first = loop.indexOf(kept[0] ?? '');
      expect(first, 'the first picture is none that was sent').toBeGreaterThanOrEqual(0);
      const expected = kept.map((_, i) => loop[(first + i) % loop.length]);
      expect(kept.findIndex((hash, i) => hash !== expected[i])).toBe(-1);
      expect(kept.length).toBeGreaterThanOrEqual((RECORD_MS / 1000) * FPS);
      expect((await recordings.gaps(id)).map(({ cause }) => cause)).toEqual(['maintenance']);
    }
    await recordings.close();
  });
});

/** What ffmpeg complains of. */
function ffmpeg(...args: string[]): string {
  const { status, stderr } = spawnSync('ffmpeg', ['-v', 'error', '-y', ...args], { encoding: 'utf8' });
  return status === 0 ? stderr : `exit ${status}: ${stderr}`;
}

/** The pictures of a clip in order, by the hash of what is picture in them. */
function picturesOf(clip: string, codec: Codec): string[] {
  const flags = ['-movflags', '+frag_keyframe+empty_moov+default_base_moof', '-f', 'mp4', 'pipe:1'];
  const bytes = execFileSync('ffmpeg', ['-v', 'error', '-i', clip, '-c', 'copy', ...flags], {
    maxBuffer: 256 * 1024 * 1024,
  });
  const hashes: string[] = [];
  createSplitter({
    init: () => undefined,
    fragment(framed) {
      const fragment = framed.subarray(PRODUCER_TIME_BYTES);
      for (const { offset, bytes: length } of parseFragment(fragment).samples)
        hashes.push(pictureHash(fragment.subarray(offset, offset + length), codec));
    },
  }).push(bytes);
  return hashes;
}

/** Payloaders on the way may add delimiters and repeat parameter sets; slices they must not touch. */
function pictureHash(sample: Buffer, codec: Codec): string {
  const hash = createHash('sha256');
  for (const nal of nalUnits(sample)) {
    if (isSlice(codec, nal[0] ?? 0)) hash.update(nal).update('|');
  }
  return hash.digest('hex');
}

/** ITU-T H.264 table 7-1: 1…5; H.265 table 7-1: 0…31. */
const isSlice = (codec: Codec, first: number) =>
  codec === 'h264' ? (first & 0x1f) >= 1 && (first & 0x1f) <= 5 : ((first >> 1) & 0x3f) < 32;
