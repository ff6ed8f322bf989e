import { execFileSync, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { nalUnits } from '../../src/media/nal.ts';
import type { RecordedFrame, Recordings } from './recorded-frames.ts';
import type { RecorderHome } from './recorder-home.ts';

/** A recorded picture with the times at which a player decodes and shows it, µs UTC. */
export interface RecordedPicture extends RecordedFrame {
  readonly units: readonly Buffer[];
  readonly decodedUs: number;
  readonly shownUs: number;
}

/** A stream as a player gets it. */
export interface PlayedBack {
  /** In the order in which they were sent. */
  readonly pictures: readonly RecordedPicture[];
  /** MD5 of every decoded picture, in the order shown. */
  readonly decoded: readonly string[];
  /** Whatever ffmpeg had to say about it. */
  readonly complaints: readonly string[];
}

/** Reads the main stream of a camera back: whole segments as files, their times and pictures by ffmpeg. */
export async function playBack(
  home: RecorderHome,
  recordings: Recordings,
  camera: string,
): Promise<PlayedBack> {
  const frames: RecordedFrame[] = [];
  for await (const frame of recordings.frames(camera)) frames.push(frame);
  const pictures: RecordedPicture[] = [];
  const decoded: string[] = [];
  const complaints: string[] = [];
  for (const entry of await recordings.segments(camera)) {
    const pieces: Buffer[] = [];
    for await (const piece of recordings.pieces(entry)) if (piece.kind !== 'trailer') pieces.push(piece.data);
    const file = join(home.folder, 'segment.mp4');
    writeFileSync(file, Buffer.concat(pieces));
    const ways = shownLater(file);
    for (const [i, frame] of frames.filter((one) => one.entry.file === entry.file).entries()) {
      const shownUs = frame.wallUs + ((ways[i] ?? Number.NaN) * 1e6) / entry.timescale;
      pictures.push({ ...frame, units: [...nalUnits(frame.sample)], decodedUs: frame.wallUs, shownUs });
    }
    const { hashes, said } = decode(file);
    decoded.push(...hashes);
    complaints.push(...said);
  }
  return { pictures, decoded, complaints };
}

/** From decode to presentation time, ticks, per picture. */
function shownLater(file: string): number[] {
  const entries = ['-show_entries', 'packet=pts,dts', '-of', 'json'];
  const text = execFileSync('ffprobe', ['-v', 'error', ...entries, file], { encoding: 'utf8' });
  const { packets } = JSON.parse(text) as { packets: { pts: number; dts: number }[] };
  return packets.map(({ pts, dts }) => pts - dts);
}

/** None doubled or left out to keep a rate. */
function decode(file: string): { hashes: string[]; said: string[] } {
  const { stdout, stderr } = spawnSync(
    'ffmpeg',
    ['-v', 'warning', '-nostdin', '-i', file, '-fps_mode', 'passthrough', '-f', 'framemd5', '-'],
    { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 },
  );
  const lines = (text: string) => text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return {
    hashes: lines(stdout).map((line) => line.split(',').at(-1)?.trim() ?? ''),
    said: lines(stderr),
  };
}
