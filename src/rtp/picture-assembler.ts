import type { MemoryPool } from '../lib/memory-pool.ts';
import { createFragmentWriter, MOST_PICTURES, type WrittenFragment } from '../media/fmp4/fragment-writer.ts';
import { type Codec, isKeySlice, isSlice, nalRole, nalType, precedesSlices } from '../media/nal.ts';
import { sequenceParameters } from '../media/sequence-parameters.ts';
import { createDecodeTimes } from './decode-times.ts';
import { createStreamClock, type StreamClock } from './stream-clock.ts';
import type { UnitSink } from './unit-sink.ts';

/** What is missing of a stretch of pictures. */
export interface Missing {
  packets: number;
  damagedPictures: number;
}

export interface AssemblerEvents {
  /** Once, before the first fragment: the parameter sets to decode it with, in the order of their roles. */
  begins(parameterSets: readonly Buffer[]): void;
  fragment(fragment: WrittenFragment, missing: Missing): void;
  /** A picture came before the first one that can be decoded; it is not kept. */
  notYet(): void;
  /** No camera makes such pictures; nothing more is delivered. */
  broken(): void;
}

/** Puts NAL units together to pictures, pictures to fragments, and gives them their times. */
export interface PictureAssembler extends UnitSink {
  /** The packet that has just been taken was the last of its picture, as its sender says. */
  marker(): void;
  /**
   * Nothing more will come: hands on what there is.
   *
   * @param leaving it was us who ended it: a picture whose end was still to come is left out, for nobody lost it
   */
  finish(leaving?: boolean): void;
  readonly clock: StreamClock;
  readonly damagedPictures: number;
}

/** A fragment ends with the picture that makes it this long, so that a crash loses little. */
const FRAGMENT_S = 0.5;
const FRAGMENT_MOST_BYTES = 4 * 1024 * 1024;
const PICTURES_MOST_BYTES = 12 * 1024 * 1024;
const MOST_SETS = 16;
/** Sequence parameter sets looked at from one picture to the next: reading one costs more than sending it. */
const MOST_SPS = 16;
/** An init segment has 16 bits for the length of a set. */
const LONGEST_SET_BYTES = 0xffff;
/** Units between start codes in one unit; what follows stays together. */
const MOST_PARTS = 64;
const ROLES = ['vps', 'sps', 'pps'] as const;
const START_CODE = Buffer.from([0, 0, 1]);

type SetRole = (typeof ROLES)[number];
type ParameterSets = Record<SetRole, Buffer[]>;

export function createPictureAssembler(
  stream: {
    codec: Codec;
    clockRate: number;
    announcedSets: readonly Buffer[];
    monoUs: () => number;
    memory?: MemoryPool;
  },
  events: AssemblerEvents,
): PictureAssembler {
  const { codec, clockRate } = stream;
  const writer = createFragmentWriter(stream.memory);
  const clock = createStreamClock(clockRate);
  const decodeTimes = createDecodeTimes(Math.round(clockRate / 30));
  const announced: ParameterSets = { vps: [], sps: [], pps: [] };
  const inBand: ParameterSets = { vps: [], sps: [], pps: [] };
  let latestSps: Buffer | undefined;
  let spsNoted = 0;
  let begun = false;
  let broken = false;

  let unitType = 0;
  let unitTime = 0;
  /** The picture that is being received: it has had a slice. */
  let inPicture = false;
  let pictureTime = 0;
  let markerSeen = false;
  /** Packets were lost before the picture: whether its first slice came is looked at when that slice has ended. */
  let doubtful = false;
  let current: PictureTimes | undefined;
  /** The one before, complete but for its duration. */
  let complete: PictureTimes | undefined;
  let missingOfPicture: Missing = { packets: 0, damagedPictures: 0 };
  let missingOfNext: Missing = { packets: 0, damagedPictures: 0 };
  let missingOfFragment: Missing = { packets: 0, damagedPictures: 0 };
  let damagedPictures = 0;
  let mediaStart: number | undefined;
  let fragmentTicks = 0;
  let firstDecode: number | undefined;

  const endPicture = () => {
    if (!inPicture) return;
    inPicture = false;
    markerSeen = false;
    writer.endPicture();
    complete = current;
    missingOfFragment.packets += missingOfPicture.packets;
    if (!begun) return;
    missingOfFragment.damagedPictures += missingOfPicture.damagedPictures;
    damagedPictures += missingOfPicture.damagedPictures;
  };

  const describe = (picture: PictureTimes, durationTicks: number) => {
    writer.addPicture({
      durationTicks,
      shownLaterTicks: picture.shownLaterTicks,
      keyFrame: picture.keyFrame,
    });
    mediaStart ??= picture.decodeAt;
    fragmentTicks += durationTicks;
    complete = undefined;
  };

  const cut = () => {
    const fragment = writer.cut(mediaStart ?? 0);
    mediaStart = undefined;
    fragmentTicks = 0;
    if (!fragment) return;
    const missing = missingOfFragment;
    missingOfFragment = { packets: 0, damagedPictures: 0 };
    events.fragment(fragment, missing);
  };

  /** The sets to decode the first key picture with, once there is one of each kind. */
  const setsToBegin = (): Buffer[] | undefined => {
    const chosen = ROLES.map((role) => (inBand[role].length > 0 ? inBand[role] : announced[role]));
    const [vps, sps, pps] = chosen as [Buffer[], Buffer[], Buffer[]];
    const whole = sps.length > 0 && pps.length > 0 && (codec === 'h264' || vps.length > 0);
    return whole ? [...vps, ...sps, ...pps] : undefined;
  };

  const tryToBegin = (keyFrame: boolean) => {
    const sets = keyFrame ? setsToBegin() : undefined;
    if (sets) {
      begun = true;
      readReordering(sets.find((set) => nalRole(codec, set[0] as number) === 'sps') as Buffer);
      events.begins(sets);
    } else events.notYet();
    // What came before cannot be decoded by anybody.
    if (complete) describe(complete, 1);
    writer.discard();
    mediaStart = undefined;
    fragmentTicks = 0;
  };

  const beginPicture = (rtpTime: number, keyFrame: boolean) => {
    inPicture = true;
    spsNoted = 0;
    pictureTime = rtpTime;
    markerSeen = false;
    missingOfPicture = missingOfNext;
    missingOfNext = { packets: 0, damagedPictures: 0 };
    doubtful = missingOfPicture.packets > 0;
    if (!begun) {
      tryToBegin(keyFrame);
      if (!begun) {
        current = { decodeAt: 0, shownLaterTicks: 0, keyFrame };
        return;
      }
    }
    const shownAt = clock.next(rtpTime, stream.monoUs());
    const decodeAt = decodeTimes.next(shownAt);
    firstDecode ??= decodeAt;
    current = { decodeAt: decodeAt - firstDecode, shownLaterTicks: shownAt - decodeAt, keyFrame };
    if (complete) describe(complete, current.decodeAt - complete.decodeAt);
    const full =
      fragmentTicks >= clockRate * FRAGMENT_S ||
      writer.pictures >= MOST_PICTURES ||
      writer.describedBytes > FRAGMENT_MOST_BYTES;
    if (keyFrame || full) cut();
  };

  /** One that no decoder could use is not kept here: a good one may follow. */
  const keepSet = (sets: ParameterSets, unit: Buffer) => {
    const role = setRole(codec, unit);
    if (!role || unit.length > LONGEST_SET_BYTES) return;
    const known = sets[role];
    if (known.length >= MOST_SETS || known.some((other) => other.equals(unit))) return;
    if (role !== 'sps' || sequenceParameters(codec, unit)) known.push(Buffer.from(unit));
  };
  for (const set of stream.announcedSets) keepSet(announced, set);

  const readReordering = (sps: Buffer) => {
    latestSps = sps;
    const parameters = sequenceParameters(codec, sps);
    if (!parameters) return;
    clock.reorder(parameters.reorderedPictures);
    decodeTimes.reorder(parameters.reorderedPictures);
  };

  const noteSet = (unit: Buffer) => {
    if (setRole(codec, unit) === 'sps' && ++spsNoted > MOST_SPS) return;
    if (!begun) keepSet(inBand, unit);
    else if (setRole(codec, unit) === 'sps' && unit.length <= LONGEST_SET_BYTES && !latestSps?.equals(unit))
      readReordering(Buffer.from(unit));
  };

  const sink: UnitSink = {
    begin(type, rtpTime) {
      if (broken) return;
      unitType = type;
      unitTime = rtpTime;
      if (inPicture && (rtpTime !== pictureTime || precedesSlices(codec, type))) endPicture();
      else if (inPicture && markerSeen && isKeySlice(codec, type) && !current?.keyFrame) endPicture();
      writer.beginUnit();
      if (!inPicture && isSlice(codec, type)) beginPicture(rtpTime, isKeySlice(codec, type));
    },
    byte(value) {
      if (!broken) writer.byte(value);
    },
    bytes(memory, start, end) {
      if (broken) return;
      if (writer.heldBytes + end - start > PICTURES_MOST_BYTES) {
        broken = true;
        events.broken();
      } else writer.bytes(memory, start, end);
    },
    end() {
      if (broken) return;
      const { memory, start, end } = writer.endUnit();
      // Slices never hold a start code; looking for one in every byte of the stream would cost more than all else.
      if (isSlice(codec, unitType)) {
        if (doubtful && !isFirstSlice(codec, memory, start, end)) missingOfPicture.damagedPictures = 1;
        doubtful = false;
        return;
      }
      const unit = memory.subarray(start, end);
      if (unit.includes(START_CODE)) {
        const parts = withoutStartCodes(unit);
        writer.takeBackUnit();
        for (const part of parts) {
          sink.begin(nalType(codec, part[0] as number), unitTime);
          writer.bytes(part, 0, part.length);
          writer.endUnit();
          noteSet(part);
        }
      } else noteSet(unit);
    },
    lost(packets, rtpTime, goesOn) {
      const same = inPicture && rtpTime === pictureTime;
      // Before its marker the picture was not at its end: what is lost may have been its own.
      const ofPicture = same || (inPicture && !markerSeen && packets > 0);
      (ofPicture ? missingOfPicture : missingOfNext).packets += packets;
      if (ofPicture) missingOfPicture.damagedPictures = 1;
      if (goesOn && !same) missingOfNext.damagedPictures = 1;
    },
  };

  return {
    ...sink,
    marker() {
      if (inPicture) markerSeen = true;
    },
    finish(leaving = false) {
      // Of the one that is too large nobody has the end.
      const isLeftOut = broken || (leaving && inPicture && !markerSeen);
      if (isLeftOut) missingOfFragment.packets += missingOfPicture.packets;
      else endPicture();
      if (!begun) return;
      if (complete) describe(complete, clock.usualTicks);
      missingOfFragment.packets += missingOfNext.packets;
      cut();
    },
    clock,
    get damagedPictures() {
      return damagedPictures;
    },
  };
}

interface PictureTimes {
  readonly decodeAt: number;
  readonly shownLaterTicks: number;
  readonly keyFrame: boolean;
}

function setRole(codec: Codec, unit: Buffer): SetRole | undefined {
  const role = nalRole(codec, unit[0] ?? 0);
  return ROLES.find((one) => one === role);
}

/** The first bit behind the unit's header: H.264 §7.3.3 (macroblock 0 is coded as `1`), H.265 §7.3.6.1. */
function isFirstSlice(codec: Codec, memory: Buffer, start: number, end: number): boolean {
  const at = start + (codec === 'h264' ? 1 : 2);
  return at < end && (memory[at] as number) > 0x7f;
}

/** Some cameras put start codes (H.264 annex B) into RTP; the zeros around them belong to no unit. */
function withoutStartCodes(unit: Buffer): Buffer[] {
  const parts: Buffer[] = [];
  const own = Buffer.from(unit);
  for (let from = 0; from < own.length; ) {
    const code = parts.length < MOST_PARTS - 1 ? own.indexOf(START_CODE, from) : -1;
    let end = code < 0 ? own.length : code;
    while (code >= 0 && end > from && own[end - 1] === 0) end--;
    if (end > from) parts.push(own.subarray(from, end));
    if (code < 0) break;
    from = code + START_CODE.length;
  }
  return parts;
}
