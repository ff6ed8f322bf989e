import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseFragment } from '../../../src/media/fmp4/parse-fragment.ts';
import { createSplitter } from '../../../src/media/fmp4/splitter.ts';
import { readTrack } from '../../../src/media/fmp4/track.ts';
import { writeInit } from '../../../src/media/fmp4/write-init.ts';
import { type Codec, nalType, nalUnits } from '../../../src/media/nal.ts';
import { createPictureAssembler } from '../../../src/rtp/picture-assembler.ts';
import { mediaFixture } from '../../support/fragments.ts';

interface Packet {
  readonly pts: number;
  readonly dts: number;
  readonly size: number;
  readonly keyFrame: boolean;
}

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'girok-fragments-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** What ffprobe sees in a file, packet by packet. */
function probe(file: string): Packet[] {
  const text = execFileSync(
    'ffprobe',
    ['-v', 'error', '-show_entries', 'packet=pts,dts,size,flags', '-of', 'json', file],
    { encoding: 'utf8' },
  );
  const { packets } = JSON.parse(text) as {
    packets: { pts: number; dts: number; size: string; flags: string }[];
  };
  return packets.map(({ pts, dts, size, flags }) => ({
    pts,
    dts,
    size: Number(size),
    keyFrame: flags.startsWith('K'),
  }));
}

/** A hash of every decoded picture, in the order shown. */
const picturesOf = (file: string): (string | undefined)[] =>
  execFileSync('ffmpeg', ['-v', 'error', '-i', file, '-fps_mode', 'passthrough', '-f', 'framemd5', '-'], {
    encoding: 'utf8',
  })
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.split(',').at(-1)?.trim());

/** Writes the pictures of ffmpeg's file anew, with our own init segment and fragments. */
function rewritten(theirs: Buffer, times: readonly number[], codec: Codec): Buffer {
  const parts: Buffer[] = [];
  const samples: Buffer[] = [];
  let sets: readonly Buffer[] = [];
  createSplitter({
    init: (init) => {
      sets = readTrack(init).parameterSets;
    },
    fragment: (framed) => {
      const fragment = framed.subarray(32);
      for (const { offset, bytes } of parseFragment(fragment).samples)
        samples.push(Buffer.from(fragment.subarray(offset, offset + bytes)));
    },
  }).push(theirs);
  let nowUs = 0;
  const assembler = createPictureAssembler(
    { codec, clockRate: 90_000, announcedSets: sets, monoUs: () => nowUs },
    {
      begins: (found) => parts.push(writeInit(codec, 90_000, found)),
      fragment: ({ bytes }) => parts.push(Buffer.from(bytes)),
      notYet: () => expect.unreachable(),
      broken: () => expect.unreachable(),
    },
  );
  samples.forEach((sample, index) => {
    nowUs = index * 200_000;
    for (const unit of nalUnits(sample)) {
      assembler.begin(nalType(codec, unit[0]!), times[index]! % 2 ** 32);
      assembler.bytes(unit, 0, unit.length);
      assembler.end();
    }
    assembler.marker();
  });
  assembler.finish();
  expect(assembler.clock.jumps).toBe(0);
  return Buffer.concat(parts);
}

const compare = (theirs: Buffer, codec: Codec) => {
  const [a, b] = [join(folder, 'theirs.mp4'), join(folder, 'ours.mp4')];
  writeFileSync(a, theirs);
  const expected = probe(a);
  // Any beginning will do: RTP times begin anywhere.
  writeFileSync(
    b,
    rewritten(
      theirs,
      expected.map(({ pts }) => pts + 4_294_900_000),
      codec,
    ),
  );
  expect(picturesOf(b)).toEqual(picturesOf(a));
  expect(picturesOf(a).length).toBe(expected.length);
  return { expected, found: probe(b) };
};

describe('what is written', () => {
  it.each(['h264', 'h265'] as const)('is to ffprobe the stream of %s that ffmpeg wrote', (codec) => {
    const { expected, found } = compare(mediaFixture(`${codec}-stream.mp4`), codec);
    expect(found).toEqual(expected);
    expect(found).toHaveLength(15);
  });

  it.each<[Codec, string, string[], number]>([
    ['h264', 'two reordered pictures', ['libx264', '-x264-params', 'bframes=2:b-adapt=0:b-pyramid=none'], 1],
    ['h264', 'a pyramid of three', ['libx264', '-x264-params', 'bframes=3:b-adapt=0:b-pyramid=normal'], 2],
    [
      'h265',
      'two reordered pictures',
      ['libx265', '-x265-params', 'bframes=2:b-adapt=0:b-pyramid=0:log-level=none'],
      1,
    ],
    [
      'h265',
      'a pyramid of three',
      ['libx265', '-x265-params', 'bframes=3:b-adapt=0:b-pyramid=1:log-level=none'],
      2,
    ],
  ])('is to ffprobe the stream of %s with %s', (codec, _, encoder, reordered) => {
    const file = join(folder, 'reordered.mp4');
    const source = ['-f', 'lavfi', '-i', 'testsrc2=size=96x64:rate=5:duration=6'];
    const muxer = [
      '-movflags',
      '+frag_keyframe+empty_moov+default_base_moof',
      '-video_track_timescale',
      '90000',
    ];
    execFileSync('ffmpeg', [
      '-v',
      'error',
      '-y',
      ...source,
      '-g',
      '30',
      '-c:v',
      ...encoder,
      ...muxer,
      '-f',
      'mp4',
      file,
    ]);
    const { expected, found } = compare(readFileSync(file), codec);
    expect(found).toHaveLength(30);
    const plain = ({ size, keyFrame }: Packet) => ({ size, keyFrame });
    expect(found.map(plain)).toEqual(expected.map(plain));
    const since = (packets: readonly Packet[]) => packets.map(({ pts }) => pts - packets[0]!.pts);
    expect(since(found)).toEqual(since(expected));
    expect(found.every(({ pts, dts }) => dts <= pts)).toBe(true);
    // Once as many have come as are reordered, each is decoded exactly as long before it is shown as ffmpeg says.
    const later = (packets: readonly Packet[]) => packets.slice(reordered).map(({ pts, dts }) => pts - dts);
    expect(later(found)).toEqual(later(expected));
  });
});
