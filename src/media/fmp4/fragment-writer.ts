import { createMemoryPool } from '../../lib/memory-pool.ts';
import type { FragmentFacts, Sample } from './fragment-facts.ts';
import { PRODUCER_TIME_BYTES } from './producer-time.ts';

/** How one picture is shown: by its durations in ticks of the track's timescale. */
export interface PictureFacts {
  readonly durationTicks: number;
  /** Presentation time minus decode time. */
  readonly shownLaterTicks: number;
  readonly keyFrame: boolean;
}

export interface WrittenFragment {
  /** {@link PRODUCER_TIME_BYTES} of room, then `bytes`; memory of the pool, and nobody else's until it is given back. */
  readonly framed: Buffer;
  /** `moof mdat`. */
  readonly bytes: Buffer;
  readonly facts: FragmentFacts;
}

/**
 * Builds fragments (ISO/IEC 14496-12 §8.8) in place: NAL units are written once, where they will lie, with the
 * length before each that MP4 wants, and the boxes are put in front of them when the fragment is cut.
 */
export interface FragmentWriter {
  /** Begins a NAL unit; the one before must have ended. */
  beginUnit(): void;
  byte(value: number): void;
  /** Copies `memory[start, end)` into the open unit. */
  bytes(memory: Buffer, start: number, end: number): void;
  /** Ends the open unit. @returns where it lies, until the next call that writes; an empty one is taken back. */
  endUnit(): { readonly memory: Buffer; readonly start: number; readonly end: number };
  /** Takes the unit that ended last out again. */
  takeBackUnit(): void;
  /** All ended units since the picture before belong to one picture, which {@link addPicture} will describe. */
  endPicture(): void;
  addPicture(facts: PictureFacts): void;
  /** Makes a fragment of the pictures described so far; what is not described yet goes on in fresh memory. */
  cut(mediaStart: number): WrittenFragment | undefined;
  /** Forgets the pictures described so far. */
  discard(): void;
  readonly pictures: number;
  /** Of the pictures described so far, and of all that is held. */
  readonly describedBytes: number;
  readonly heldBytes: number;
}

/** No fragment has more pictures: room for their table is kept in front. */
export const MOST_PICTURES = 64;

const UNIT_LENGTH_BYTES = 4;
const ENTRY_BYTES = 16;
/** `moof mfhd traf tfhd tfdt trun` without the table, and the head of `mdat`. */
const MOOF_BYTES = 8 + 16 + 8 + 16 + 20 + 20;
const MDAT_HEAD_BYTES = 8;
const ROOM = PRODUCER_TIME_BYTES + MOOF_BYTES + MOST_PICTURES * ENTRY_BYTES + MDAT_HEAD_BYTES;
const LEAST_MEMORY_BYTES = 16 * 1024;

/** What the table has room for: 13 hours of video. */
const LONGEST_TICKS = 2 ** 32 - 1;
const KEY_FRAME_FLAGS = 0x0200_0000;
const OTHER_FRAME_FLAGS = 0x0101_0000;
/** tfhd: offsets count from the `moof`. */
const BASE_IS_MOOF = 0x02_0000;
/** trun: data offset; per picture its duration, size, flags and the way from decode to presentation time. */
const RUN_FLAGS = 0x1 | 0x100 | 0x200 | 0x400 | 0x800;

/** @param pool where fragments are written; whoever is done with one may give its memory back */
export function createFragmentWriter(pool = createMemoryPool(0)): FragmentWriter {
  // Fragments with and without a key frame alternate: the larger of the last two is what the next may need.
  let [lastBytes, beforeLastBytes] = [LEAST_MEMORY_BYTES, LEAST_MEMORY_BYTES];
  let memory = pool.take(ROOM + LEAST_MEMORY_BYTES);
  let at = ROOM;
  let unitStart = ROOM;
  let unitOpen = false;
  let lastUnitStart = ROOM;
  let pictureEnd = ROOM;
  let describedEnd = ROOM;
  let pictures: (PictureFacts & { start: number; end: number })[] = [];
  let sequence = 0;

  const make = (bytes: number) => {
    if (at + bytes <= memory.length) return;
    const larger = pool.take(Math.ceil((at + bytes) * 1.5));
    memory.copy(larger, ROOM, ROOM, at);
    pool.give(memory);
    memory = larger;
  };

  /** Moves what is not described yet into memory of its own. */
  const goOn = () => {
    const rest = at - describedEnd;
    const old = memory;
    const size = Math.max(lastBytes, beforeLastBytes, LEAST_MEMORY_BYTES, rest);
    memory = pool.take(ROOM + size + (size >> 4));
    old.copy(memory, ROOM, describedEnd, at);
    const moved = describedEnd - ROOM;
    at -= moved;
    pictureEnd -= moved;
    unitStart -= moved;
    lastUnitStart -= moved;
    describedEnd = ROOM;
    pictures = [];
  };

  const writeBoxes = (start: number, mediaStart: number) => {
    const runBytes = 20 + pictures.length * ENTRY_BYTES;
    const moofBytes = MOOF_BYTES + pictures.length * ENTRY_BYTES;
    let to = start;
    const word = (value: number) => {
      memory.writeUInt32BE(value, to);
      to += 4;
    };
    const head = (bytes: number, type: string) => {
      word(bytes);
      memory.write(type, to, 'latin1');
      to += 4;
    };
    head(moofBytes, 'moof');
    head(16, 'mfhd');
    word(0);
    word(++sequence);
    head(moofBytes - 24, 'traf');
    head(16, 'tfhd');
    word(BASE_IS_MOOF);
    word(1);
    head(20, 'tfdt');
    word(0x0100_0000);
    word(Math.floor(mediaStart / 2 ** 32));
    word(mediaStart % 2 ** 32);
    head(runBytes, 'trun');
    word(0x0100_0000 | RUN_FLAGS);
    word(pictures.length);
    word(moofBytes + MDAT_HEAD_BYTES);
    for (const { durationTicks, start: from, end, keyFrame, shownLaterTicks } of pictures) {
      word(durationTicks);
      word(end - from);
      word(keyFrame ? KEY_FRAME_FLAGS : OTHER_FRAME_FLAGS);
      memory.writeInt32BE(shownLaterTicks, to);
      to += 4;
    }
    head(MDAT_HEAD_BYTES + describedEnd - ROOM, 'mdat');
  };

  return {
    beginUnit() {
      make(UNIT_LENGTH_BYTES);
      unitStart = at;
      unitOpen = true;
      at += UNIT_LENGTH_BYTES;
    },
    byte(value) {
      make(1);
      memory[at++] = value;
    },
    bytes(from, start, end) {
      make(end - start);
      from.copy(memory, at, start, end);
      at += end - start;
    },
    endUnit() {
      const start = unitStart + UNIT_LENGTH_BYTES;
      if (at === start) at = unitStart;
      else memory.writeUInt32BE(at - start, unitStart);
      lastUnitStart = unitStart;
      unitOpen = false;
      return { memory, start: Math.min(start, at), end: at };
    },
    takeBackUnit() {
      at = lastUnitStart;
    },
    endPicture() {
      pictureEnd = unitOpen ? unitStart : at;
    },
    addPicture(facts) {
      pictures.push({
        durationTicks: Math.min(facts.durationTicks, LONGEST_TICKS),
        shownLaterTicks: facts.shownLaterTicks | 0,
        keyFrame: facts.keyFrame,
        start: describedEnd,
        end: pictureEnd,
      });
      describedEnd = pictureEnd;
    },
    cut(mediaStart) {
      if (pictures.length === 0) return undefined;
      const start = ROOM - MDAT_HEAD_BYTES - MOOF_BYTES - pictures.length * ENTRY_BYTES;
      writeBoxes(start, mediaStart);
      const framed = memory.subarray(start - PRODUCER_TIME_BYTES, describedEnd);
      const samples: Sample[] = pictures.map((picture) => ({
        durationTicks: picture.durationTicks,
        shownLaterTicks: picture.shownLaterTicks,
        bytes: picture.end - picture.start,
        keyFrame: picture.keyFrame,
        offset: picture.start - start,
      }));
      let durationTicks = 0;
      for (const sample of samples) durationTicks += sample.durationTicks;
      [beforeLastBytes, lastBytes] = [lastBytes, describedEnd - ROOM];
      goOn();
      return {
        framed,
        bytes: framed.subarray(PRODUCER_TIME_BYTES),
        facts: { mediaStart, durationTicks, samples, startsWithKeyFrame: samples[0]?.keyFrame ?? false },
      };
    },
    discard() {
      const old = memory;
      goOn();
      pool.give(old);
    },
    get pictures() {
      return pictures.length;
    },
    get describedBytes() {
      return describedEnd - ROOM;
    },
    get heldBytes() {
      return at - ROOM;
    },
  };
}
