import { createByteSink, createByteSource, damaged } from './varint.ts';

/** One group of pictures inside a segment: a player can begin at its first byte. */
export interface Gop {
  /** Wall clock of its first frame, µs UTC. */
  readonly startUs: number;
  /** Ticks of the run's timescale. */
  readonly mediaStart: number;
  readonly durationTicks: number;
  /** Where its first fragment begins in the plaintext, and its length up to the last fragment's end. */
  readonly offset: number;
  readonly bytes: number;
  readonly frames: number;
  /** 0 (still) … 255. */
  readonly activity: number;
}

const VERSION = 1;
/** A segment of an hour with a key frame in every frame at 30 fps stays below it. */
const MOST_GOPS = 131_072;
const LEAST_GOP_BYTES = 7;

/**
 * `version(1) count { startUs mediaStart duration offset bytes frames activity }*`: every field but the last
 * as the signed difference from what the GOP before lets expect, so that a regular stream costs 8–10 bytes
 * per GOP. Activity is one plain byte.
 *
 * @throws RangeError for an instant after the year 2100 or another number that is not an integer below 2⁵¹.
 */
export function encodeGops(gops: readonly Gop[]): Buffer {
  if (gops.length > MOST_GOPS) throw new RangeError(`too many GOPs: ${gops.length}`);
  const sink = createByteSink();
  sink.byte(VERSION);
  sink.unsigned(gops.length);
  let before = NOTHING;
  let stepUs = 0;
  for (const gop of gops) {
    sink.signed(gop.startUs - (before.startUs + stepUs));
    sink.signed(gop.mediaStart - (before.mediaStart + before.durationTicks));
    sink.signed(gop.durationTicks - before.durationTicks);
    sink.signed(gop.offset - (before.offset + before.bytes));
    sink.signed(gop.bytes - before.bytes);
    sink.signed(gop.frames - before.frames);
    sink.byte(gop.activity);
    stepUs = stepFrom(before, gop);
    before = gop;
  }
  return sink.take();
}

/** @throws GirokError `database_damaged` for anything that {@link encodeGops} does not write. */
export function decodeGops(blob: Uint8Array): Gop[] {
  const source = createByteSource(blob, 'gops');
  if (source.byte() !== VERSION) throw damaged('gops', 'unknown version');
  const count = source.unsigned();
  // Before any memory is taken: a damaged count must not cost more than the blob itself.
  if (count > MOST_GOPS || count * LEAST_GOP_BYTES > source.left) throw damaged('gops', 'count');
  const gops: Gop[] = [];
  let before = NOTHING;
  let stepUs = 0;
  for (let i = 0; i < count; i++) {
    const gop: Gop = {
      startUs: before.startUs + stepUs + source.signed(),
      mediaStart: before.mediaStart + before.durationTicks + source.signed(),
      durationTicks: before.durationTicks + source.signed(),
      offset: before.offset + before.bytes + source.signed(),
      bytes: before.bytes + source.signed(),
      frames: before.frames + source.signed(),
      activity: source.byte(),
    };
    if (!isWhole(gop)) throw damaged('gops', 'value out of range');
    stepUs = stepFrom(before, gop);
    before = gop;
    gops.push(gop);
  }
  if (source.left > 0) throw damaged('gops', 'bytes after the end');
  return gops;
}

/** The time to expect until the next GOP; a wild one (a clock that jumped) teaches nothing. */
function stepFrom(before: Gop, gop: Gop): number {
  const stepUs = gop.startUs - before.startUs;
  return before === NOTHING || stepUs < 0 || stepUs > LONGEST_STEP_US ? 0 : stepUs;
}

const LONGEST_STEP_US = 3_600_000_000;

const NOTHING: Gop = {
  startUs: 0,
  mediaStart: 0,
  durationTicks: 0,
  offset: 0,
  bytes: 0,
  frames: 0,
  activity: 0,
};

function isWhole(gop: Gop): boolean {
  return [gop.startUs, gop.mediaStart, gop.durationTicks, gop.offset, gop.bytes, gop.frames].every(
    (value) => Number.isSafeInteger(value) && value >= 0,
  );
}
