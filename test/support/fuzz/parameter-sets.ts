import { codecString } from '../../../src/media/codec-string.ts';
import { MalformedMedia } from '../../../src/media/fmp4/boxes.ts';
import { changedParameterSets } from '../../../src/media/fmp4/parameter-sets.ts';
import { readTrack } from '../../../src/media/fmp4/track.ts';
import { writeInit } from '../../../src/media/fmp4/write-init.ts';
import { type Codec, nalRole } from '../../../src/media/nal.ts';
import { sequenceParameters } from '../../../src/media/sequence-parameters.ts';
import { mediaFixture } from '../fragments.ts';
import { type Family, must } from './family.ts';
import { mutateBytes, mutateList } from './mutate.ts';

const NAMES = ['1920x1080', '322x242', '640x360'];
const CODECS: readonly Codec[] = ['h264', 'h265'];
const SOURCES = CODECS.flatMap((codec) => {
  const names = codec === 'h264' ? [...NAMES, 'interlaced-352x288'] : NAMES;
  return names.map((name) => {
    const init = mediaFixture(`${codec}-${name}.init.mp4`);
    return { codec, init, sets: readTrack(init).parameterSets };
  });
});
/** First an init segment, then parameter sets. */
const inits = SOURCES.map(({ init }) => init);
const allSets = SOURCES.flatMap(({ sets }) => sets);

/** NAL units and init segments: each is read, or refused in the one way that callers know. */
export function createParameterSets(): Family {
  return {
    name: 'parameter sets',
    share: 40,
    make(chances) {
      const { sets, init } = chances.pick(SOURCES);
      const changed = mutateList(sets, chances, (set) => mutateBytes(set, chances, allSets));
      return [chances.once(4) ? mutateBytes(init, chances, inits) : init, ...changed];
    },
    take([init = Buffer.alloc(0), ...sets], chances) {
      const { codec, sets: known } = chances.pick(SOURCES);
      const fits = sets.slice(0, 16).filter(({ length }) => length <= 0xffff);
      for (const set of sets) {
        const read = sequenceParameters(codec, set);
        if (!read) continue;
        must(
          read.width > 0 && read.width <= 16_384 && read.height > 0 && read.height <= 16_384,
          'picture size',
        );
        must((read.reorderedPictures ?? 0) <= 16, 'reordered pictures');
      }
      must(codecString(codec, sets).length < 60, 'a long codec string');
      const written = orRefused(() => writeInit(codec, 90_000, fits));
      if (written) {
        const { parameterSets } = readTrack(written);
        const roles = ['vps', 'sps', 'pps'].slice(codec === 'h264' ? 1 : 0);
        const expected = roles.flatMap((role) => fits.filter((set) => nalRole(codec, set[0] ?? 0) === role));
        must(Buffer.concat(parameterSets).equals(Buffer.concat(expected)), 'other sets than were written');
      }
      const track = orRefused(() => readTrack(init));
      if (track) codecString(track.codec, track.parameterSets);
      const units = chances.once(500) ? crowdOf(sets) : sets;
      const changed = changedParameterSets(codec, sampleOf(units), known);
      if (changed) readTrack(writeInit(codec, 90_000, changed));
    },
  };
}

const CROWD = 5000;

/** Thousands of sets that differ by a byte or two at their end. */
const crowdOf = (sets: readonly Buffer[]): Buffer[] =>
  sets.flatMap((set) =>
    Array.from({ length: CROWD }, (_, i) =>
      Buffer.concat([set.subarray(0, 40), Buffer.from([i >> 8, i & 255])]),
    ),
  );

/** @returns undefined when it is refused as malformed; whatever else is thrown goes on */
function orRefused<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof MalformedMedia) return undefined;
    throw error;
  }
}

function sampleOf(units: readonly Buffer[]): Buffer {
  return Buffer.concat(
    units.flatMap((unit) => {
      const length = Buffer.alloc(4);
      length.writeUInt32BE(unit.length);
      return [length, unit];
    }),
  );
}
