import type { Clock } from '../lib/clock.ts';
import { GirokError } from '../lib/errors.ts';
import { greyCommand } from './ffmpeg/grey-command.ts';
import { runFfmpeg } from './ffmpeg/run.ts';
import { createFragmentWriter } from './fmp4/fragment-writer.ts';
import type { Track } from './fmp4/track.ts';
import { writeInit } from './fmp4/write-init.ts';

/** Of one key frame, on a machine that has something better to do. */
const LONGEST_MS = 30_000;
const TICKS_PER_SECOND = 25;

export interface GreyPictureAsked {
  readonly track: Track;
  /** A key frame's NAL units behind 4-byte lengths. */
  readonly sample: Buffer;
  readonly width: number;
  readonly height: number;
}

/**
 * A key frame made small and grey. Nothing of it touches a disk: ffmpeg has two pipes, no network, no environment,
 * limited memory and time, and the machine's spare moments.
 *
 * @returns width × height bytes of brightness, row by row
 * @throws GirokError `footage_unplayable`, `ffmpeg_missing`, `prlimit_missing`. ffmpeg has ended by then.
 */
export async function greyPicture(asked: GreyPictureAsked, clock: Clock): Promise<Uint8Array> {
  const { track, sample, width, height } = asked;
  const writer = createFragmentWriter();
  writer.bytes(sample, 0, sample.length);
  writer.endPicture();
  writer.addPicture({ durationTicks: 1, shownLaterTicks: 0, keyFrame: true });
  const piece = writer.cut(0);
  if (!piece) throw unplayable('picture');
  const run = runFfmpeg(greyCommand(width, height), { stdin: 'pipe', confined: true, yielding: true });
  const cancel = clock.after(LONGEST_MS, () => run.stop(0));
  const parts: Buffer[] = [];
  let bytes = 0;
  run.child.stdout?.on('data', (part: Buffer) => {
    bytes += part.length;
    if (bytes <= width * height) parts.push(part);
    else run.stop(0);
  });
  // A pipe that breaks is told by ffmpeg's end.
  run.child.stdin?.on('error', () => undefined);
  run.child.stdin?.end(
    Buffer.concat([writeInit(track.codec, TICKS_PER_SECOND, track.parameterSets), piece.bytes]),
  );
  try {
    const end = await run.ended;
    if (end.error) throw end.error;
    if (bytes !== width * height) throw unplayable(end.signal ?? `ffmpeg ${end.code}`);
    return Buffer.concat(parts);
  } finally {
    cancel();
  }
}

const unplayable = (reason: string) => new GirokError('footage_unplayable', { reason });
