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
  /** Nothing more will come: hands on what there is. */
  finish(): void;
  readonly clock: StreamClock;
  readonly damagedPictures: number;
}

/** A fragment ends with the picture that makes it this long, so that a crash loses little. */
const FRAGMENT_S = 0.5;
const FRAGMENT_MOST_BYTES = 4 * 1024 * 1024;
const PICTURES_MOST_BYTES = 12 * 1024 * 1024;
const MOST_SETS = 16;
const ROLES = ['vps', 'sps', 'pps'] as const;
const START_CODE = Buffer.from([0, 0, 1]);

type SetRole = (typeof ROLES)[number];
type ParameterSets = Record<SetRole, Buffer[]>;

export function createPictureAssembler(
  stream: { codec: Codec; clockRate: number; announcedSets: readonly Buffer[]; monoUs: () => number },
  events: AssemblerEvents,
): PictureAssembler {
  const { codec, clockRate } = stream;
  const writer = createFragmentWriter();
  const clock = createStreamClock(clockRate);
  const decodeTimes = createDecodeTimes(Math.round(clockRate / 30));
  const announced = sortSets(codec, stream.announcedSets);
  const inBand: ParameterSets = { vps: [], sps: [], pps: [] };
  let latestSps: Buffer | undefined;
  let begun = false;
  let broken = false;

  let unitType = 0;
  let unitTime = 0;
  /** The picture that is being received: it has had a slice. */
  let inPicture = false;
  let pictureTime = 0;
  let markerSeen = false;
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
    return whole && sequenceParameters(codec, sps[0] as Buffer) ? [...vps, ...sps, ...pps] : undefined;
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
    pictureTime = rtpTime;
    markerSeen = false;
    missingOfPicture = missingOfNext;
    missingOfNext = { packets: 0, damagedPictures: 0 };
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

  const keepSet = (role: SetRole, set: Buffer) => {
    const known = inBand[role];
    if (!known.some((other) => other.equals(set)) && known.length < MOST_SETS) known.push(set);
  };

  const readReordering = (sps: Buffer) => {
    latestSps = sps;
    const parameters = sequenceParameters(codec, sps);
    if (!parameters) return;
    clock.reorder(parameters.reorderedPictures);
    decodeTimes.reorder(parameters.reorderedPictures);
  };

  const noteSet = (unit: Buffer) => {
    const role = nalRole(codec, unit[0] as number);
    if (role !== 'vps' && role !== 'sps' && role !== 'pps') return;
    if (!begun) keepSet(role, Buffer.from(unit));
    else if (role === 'sps' && !latestSps?.equals(unit)) readReordering(Buffer.from(unit));
  };

  const sink: UnitSink = {
    begin(type, rtpTime) {
      unitType = type;
      unitTime = rtpTime;
      if (inPicture && (rtpTime !== pictureTime || precedesSlices(codec, type))) endPicture();
      else if (inPicture && markerSeen && isKeySlice(codec, type) && !current?.keyFrame) endPicture();
      writer.beginUnit();
      if (!inPicture && isSlice(codec, type)) beginPicture(rtpTime, isKeySlice(codec, type));
    },
    byte: writer.byte,
    bytes(memory, start, end) {
      if (writer.heldBytes + end - start > PICTURES_MOST_BYTES) {
        if (!broken) events.broken();
        broken = true;
        return;
      }
      writer.bytes(memory, start, end);
    },
    end() {
      const { memory, start, end } = writer.endUnit();
      // Slices never hold a start code; looking for one in every byte of the stream would cost more than all else.
      if (isSlice(codec, unitType)) return;
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
      const ofPicture = inPicture && (rtpTime === pictureTime || !markerSeen);
      const missing = ofPicture ? missingOfPicture : missingOfNext;
      missing.packets += packets;
      if (ofPicture || goesOn) missing.damagedPictures = 1;
    },
  };

  return {
    ...sink,
    marker() {
      if (inPicture) markerSeen = true;
    },
    finish() {
      endPicture();
      if (begun && complete) describe(complete, clock.usualTicks);
      if (begun) cut();
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

function sortSets(codec: Codec, sets: readonly Buffer[]): ParameterSets {
  const of = (role: SetRole) => sets.filter((set) => nalRole(codec, set[0] ?? 0) === role);
  return { vps: of('vps'), sps: of('sps'), pps: of('pps') };
}

/** Some cameras put start codes (H.264 annex B) into RTP; the zeros around them belong to no unit. */
function withoutStartCodes(unit: Buffer): Buffer[] {
  const parts: Buffer[] = [];
  const own = Buffer.from(unit);
  for (let from = 0; from < own.length; ) {
    const code = own.indexOf(START_CODE, from);
    let end = code < 0 ? own.length : code;
    while (code >= 0 && end > from && own[end - 1] === 0) end--;
    if (end > from) parts.push(own.subarray(from, end));
    if (code < 0) break;
    from = code + START_CODE.length;
  }
  return parts;
}
