import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Clock } from '../../lib/clock.ts';
import { GirokError, isGirokError } from '../../lib/errors.ts';
import { runFfmpeg } from '../ffmpeg/run.ts';
import { PICTURE_RATE, transcodeCommand, transcodedSize } from '../ffmpeg/transcode-command.ts';
import { MalformedMedia } from '../fmp4/boxes.ts';
import { createFragmentWriter, MOST_PICTURES } from '../fmp4/fragment-writer.ts';
import { parseFragment } from '../fmp4/parse-fragment.ts';
import { PRODUCER_TIME_BYTES } from '../fmp4/producer-time.ts';
import { createSplitter } from '../fmp4/splitter.ts';
import { readTrack, type Track } from '../fmp4/track.ts';
import { writeInit } from '../fmp4/write-init.ts';
import { type PictureOrder, type PictureTimes, pictureOrder } from './picture-order.ts';
import { type EncodedPicture, writeGroup } from './write-group.ts';

/** A group of pictures as it was recorded, in the order of decoding; the first is a key frame. */
export interface RecordedGroup {
  readonly track: Track;
  readonly pictures: readonly (PictureTimes & { readonly keyFrame: boolean })[];
  /** Of each of them the NAL units behind 4-byte lengths; taken once, as fast as they are decoded. */
  coded(): AsyncIterable<Buffer>;
}

export interface TranscodingDeps {
  readonly clock: Clock;
  /** Ends it at once. */
  readonly signal: AbortSignal;
}

/** Minutes of pictures between two key frames; beyond it nobody's camera means it. */
const MOST_IN_GROUP = 5000;
const MOST_BYTES = 64 * 1024 * 1024;
/** For whatever a group may be, on a machine that has something better to do. */
const LONGEST_MS = 30_000;

/**
 * A group of pictures as H.264: as many, decoded and shown when those of the group are. Nothing of it touches a disk:
 * ffmpeg has two pipes, no network, limited memory and time, and the machine's spare moments. The boxes around the
 * coded pictures are written anew, so that nothing but pictures reaches it.
 *
 * @returns `moof mdat`, once or more, for behind an init segment of {@link transcodedInit}
 * @throws the signal's reason; what `coded` throws; GirokError `footage_unplayable`, `ffmpeg_missing`,
 *   `prlimit_missing`. ffmpeg has ended by then.
 */
export async function transcodeGroup(group: RecordedGroup, deps: TranscodingDeps): Promise<Buffer> {
  const order = pictureOrder(group.pictures);
  const { encoded, sets } = await encode(group, order, deps);
  return writeGroup(encoded, group.pictures, order, sets);
}

/**
 * What a player begins with before groups of this track: `ftyp moov`, the same for all that are of one picture size.
 *
 * @param first a group of which one picture will do
 */
export async function transcodedInit(first: RecordedGroup, deps: TranscodingDeps): Promise<Buffer> {
  const one: RecordedGroup = {
    track: first.track,
    pictures: first.pictures.slice(0, 1),
    async *coded() {
      for await (const picture of first.coded()) return void (yield picture);
    },
  };
  const { sets } = await encode(one, pictureOrder(one.pictures), deps);
  return writeInit('h264', first.track.timescale, sets, true);
}

async function encode(
  group: RecordedGroup,
  order: PictureOrder,
  { clock, signal }: TranscodingDeps,
): Promise<{ encoded: EncodedPicture[]; sets: readonly Buffer[] }> {
  if (group.pictures.length === 0 || group.pictures.length > MOST_IN_GROUP) throw unplayable('pictures');
  signal.throwIfAborted();
  const faulty = new AbortController();
  const fail = (error: Error) => faulty.abort(error);
  const ending = AbortSignal.any([signal, faulty.signal]);
  const run = runFfmpeg(transcodeCommand(transcodedSize(group.track)), {
    stdin: 'pipe',
    confined: true,
    yielding: true,
  });
  const stop = () => run.stop(0);
  ending.addEventListener('abort', stop, { once: true });
  const cancel = clock.after(LONGEST_MS, () => fail(unplayable('too_slow')));

  const encoded: EncodedPicture[] = [];
  let sets: readonly Buffer[] = [];
  let bytes = 0;
  const splitter = createSplitter({
    init(init) {
      sets = readTrack(init).parameterSets;
    },
    fragment(framed) {
      encoded.push(...picturesOf(framed.subarray(PRODUCER_TIME_BYTES), order.delay));
    },
  });
  run.child.stdout?.on('data', (part: Buffer) => {
    if (ending.aborted) return;
    try {
      bytes += part.length;
      if (bytes > MOST_BYTES) throw new MalformedMedia('more than any group of pictures');
      splitter.push(part);
    } catch (error) {
      fail(error instanceof MalformedMedia ? unplayable('output', error) : (error as Error));
    }
  });
  if (run.child.stdin)
    // A pipe that breaks is told by ffmpeg's end; what cannot be read any more ends ffmpeg.
    pipeline(Readable.from(numbered(group, order)), run.child.stdin, { signal: ending }).catch(
      (error: unknown) => {
        if (isGirokError(error)) fail(error);
        else if (error instanceof MalformedMedia) fail(unplayable('input', error));
        else if (!BROKEN_PIPE.has(String((error as NodeJS.ErrnoException)?.code))) fail(error as Error);
      },
    );
  try {
    const end = await run.ended;
    ending.throwIfAborted();
    if (end.error) throw end.error;
    if (end.code !== 0 || encoded.length === 0 || sets.length === 0)
      throw unplayable(end.signal ?? `ffmpeg ${end.code}`);
    return { encoded, sets };
  } finally {
    cancel();
    ending.removeEventListener('abort', stop);
  }
}

const BROKEN_PIPE = new Set(['EPIPE', 'ECONNRESET', 'ERR_STREAM_PREMATURE_CLOSE', 'ABORT_ERR']);

const unplayable = (reason: string, cause?: unknown) =>
  new GirokError('footage_unplayable', { reason }, { cause });

/** The group with numbers for times: whatever comes out says by its time which picture it is. */
async function* numbered({ track, pictures, coded }: RecordedGroup, { ranks, delay }: PictureOrder) {
  yield writeInit(track.codec, PICTURE_RATE, track.parameterSets);
  const writer = createFragmentWriter();
  let at = 0;
  let first = 0;
  for await (const picture of coded()) {
    writer.bytes(picture, 0, picture.length);
    writer.endPicture();
    writer.addPicture({
      durationTicks: 1,
      shownLaterTicks: (ranks[at] ?? at) + delay - at,
      keyFrame: pictures[at]?.keyFrame ?? false,
    });
    at++;
    if (writer.pictures < MOST_PICTURES && writer.heldBytes < PIECE_BYTES) continue;
    const piece = writer.cut(first);
    first = at;
    if (piece) yield piece.bytes;
  }
  const piece = writer.cut(first);
  if (piece) yield piece.bytes;
}
/** Handed on once so much is together. */
const PIECE_BYTES = 256 * 1024;

function* picturesOf(fragment: Buffer, delay: number): Generator<EncodedPicture> {
  const { mediaStart, samples } = parseFragment(fragment);
  let ticks = mediaStart;
  for (const { offset, bytes, durationTicks, keyFrame } of samples) {
    yield { rank: ticks - delay, keyFrame, bytes: fragment.subarray(offset, offset + bytes) };
    ticks += durationTicks;
  }
}
