import { isParameterSet, isSlice, nalType } from '../../demo/scenes/annex-b.ts';
import { openLibrary, type SceneLibrary } from '../../demo/scenes/library.ts';
import { presentationShifts } from '../../demo/scenes/presentation.ts';
import { LONG_GOP_FRAMES, PROFILES } from '../../demo/scenes/profile.ts';
import type { SceneTrack } from '../../demo/scenes/track-file.ts';
import { type FrameStamp, stampsOfSample, writeStamp } from '../../demo/sei.ts';
import { DEFAULT_CACHE, type SimulatedCamera } from '../../demo/site.ts';
import { nalUnits } from '../../src/media/nal.ts';
import type {
  InitSegment,
  MediaSource,
  PullTarget,
  ReceivedFragment,
  SourceEnd,
  SourceHealth,
  SourceSession,
} from '../../src/recording/source.ts';

/** One picture as a source handed it on. */
export interface PulledFrame {
  /** The simulated camera's own number and time; absent where the packet that carried it was lost. */
  readonly stamp: FrameStamp | undefined;
  readonly units: readonly Buffer[];
  readonly keyFrame: boolean;
  /** Ticks of the track's timescale. */
  readonly decodeTicks: number;
  readonly shownTicks: number;
  readonly durationTicks: number;
}

/** What came out of a source so far. */
export interface Pulled {
  readonly init: InitSegment | undefined;
  readonly frames: readonly PulledFrame[];
  readonly missingPackets: number;
  readonly damagedFrames: number;
  /** How often it was said that pictures come which cannot be decoded yet. */
  readonly alive: number;
  readonly session: SourceSession;
}

export interface Pull {
  readonly pulled: Pulled;
  /** After the end. */
  readonly health: SourceHealth | undefined;
  readonly end: SourceEnd;
}

/** Pulls until there is enough, then stops; or until it ends by itself. */
export function pullUntil(
  source: MediaSource,
  target: PullTarget,
  enough: (pulled: Pulled) => boolean,
): Promise<Pull> {
  return new Promise((resolve) => {
    const frames: PulledFrame[] = [];
    const pulled = {
      init: undefined as InitSegment | undefined,
      frames,
      missingPackets: 0,
      damagedFrames: 0,
      alive: 0,
      get session() {
        return session;
      },
    };
    let stopped = false;
    const session: SourceSession = source.open(target, {
      alive() {
        pulled.alive++;
      },
      init(init) {
        pulled.init = init;
      },
      fragment(fragment) {
        frames.push(...framesOf(fragment, pulled.init!));
        pulled.missingPackets += fragment.loss?.missingPackets ?? 0;
        pulled.damagedFrames += fragment.loss?.damagedFrames ?? 0;
        fragment.release?.();
        if (stopped || !enough(pulled)) return;
        stopped = true;
        session.stop();
      },
      ended: (end) => resolve({ pulled, health: session.health(), end }),
    });
  });
}

/** Copies: the source writes over what it is given back. */
function framesOf({ bytes, facts }: ReceivedFragment, { track }: InitSegment): PulledFrame[] {
  let decodeTicks = facts.mediaStart;
  const shownLater = shownLaterIn(bytes);
  return facts.samples.map(({ offset, bytes: length, durationTicks, keyFrame }, index) => {
    const sample = Buffer.from(bytes.subarray(offset, offset + length));
    const frame = {
      // What is left of a picture without a slice comes with the next one, before that one's own units.
      stamp: stampsOfSample(track.codec, sample).at(-1),
      units: [...nalUnits(sample)],
      keyFrame,
      decodeTicks,
      shownTicks: decodeTicks + shownLater(index),
      durationTicks,
    };
    decodeTicks += durationTicks;
    return frame;
  });
}

/** Presentation minus decode time of the pictures of a fragment that our own client wrote (`trun`). */
function shownLaterIn(fragment: Buffer): (index: number) => number {
  const table = fragment.indexOf('trun') + 16;
  const told = (fragment.readUInt32BE(table - 12) & 0x800) !== 0;
  return (index) => (told ? fragment.readInt32BE(table + index * 16 + 12) : 0);
}

export type SentTrack = 'main' | 'changed' | 'longGroup' | 'bFrames';

/** What the simulated cameras of the small profile send, unit by unit. */
export interface SentPictures {
  /** The picture with that stamp. */
  units(camera: SimulatedCamera, stamp: FrameStamp, track?: SentTrack): Buffer[];
  parameterSets(camera: SimulatedCamera, track?: SentTrack): Buffer[];
}

export async function openSentPictures(): Promise<SentPictures> {
  const library = await openLibrary({ profile: PROFILES.small, cache: DEFAULT_CACHE });
  const bFrames = inOrderShown(library.bFrames);
  const trackOf = (camera: SimulatedCamera, track: SentTrack): SceneTrack =>
    track === 'bFrames' ? bFrames : sceneTrack(library, camera, track);
  return {
    units(camera, stamp, name = 'main') {
      const { codec, units } = trackOf(camera, name);
      const { nals } = units[stamp.frame % units.length]!;
      const slice = nals.findIndex((nal) => isSlice(codec, nalType(codec, nal[0]!)));
      return nals.toSpliced(slice, 0, writeStamp(codec, stamp)).map((nal) => Buffer.from(nal));
    },
    parameterSets(camera, name = 'main') {
      const { codec, units } = trackOf(camera, name);
      const first = units.find(({ key }) => key)?.nals ?? [];
      return first
        .filter((nal) => isParameterSet(codec, nalType(codec, nal[0]!)))
        .map((nal) => Buffer.from(nal));
    },
  };
}

function sceneTrack(
  { scenes, long }: SceneLibrary,
  { number }: SimulatedCamera,
  track: Exclude<SentTrack, 'bFrames'>,
): SceneTrack {
  if (track === 'longGroup') return { ...long, units: long.units.slice(0, LONG_GOP_FRAMES) };
  return scenes[(number - 1) % scenes.length]![track];
}

/** B-frames are kept in the order sent, and numbered in the order shown. */
function inOrderShown(track: SceneTrack): SceneTrack {
  const units = [...track.units];
  presentationShifts(track.units, track.codec).forEach((shift, i) => {
    units[i + shift] = track.units[i]!;
  });
  return { ...track, units };
}
