import type { WrittenFragment } from '../../../src/media/fmp4/fragment-writer.ts';
import { parseFragment } from '../../../src/media/fmp4/parse-fragment.ts';
import { createSplitter } from '../../../src/media/fmp4/splitter.ts';
import { readTrack } from '../../../src/media/fmp4/track.ts';
import { type Codec, isKeySlice, nalType, nalUnits } from '../../../src/media/nal.ts';
import { mediaFixture } from '../../support/fragments.ts';

export interface Picture {
  readonly units: readonly Buffer[];
  readonly keyFrame: boolean;
}

/** A small real stream: 96x64, 15 pictures of 0.2 s, a key picture every five, parameter sets before each. */
export function realStream(codec: Codec): { sets: readonly Buffer[]; pictures: readonly Picture[] } {
  const bytes = mediaFixture(`${codec}-stream.mp4`);
  const pictures: Picture[] = [];
  let sets: readonly Buffer[] = [];
  createSplitter({
    init: (init) => {
      sets = readTrack(init).parameterSets;
    },
    fragment: (framed) => {
      const fragment = framed.subarray(32);
      for (const { offset, bytes: length, keyFrame } of parseFragment(fragment).samples)
        pictures.push({
          keyFrame,
          units: [...nalUnits(fragment.subarray(offset, offset + length))].map((unit) => Buffer.from(unit)),
        });
    },
  }).push(bytes);
  return { sets, pictures };
}

/** A slice with some bytes behind its header; it says that it is its picture's first. */
export const slice = (
  codec: Codec,
  keyFrame: boolean,
  body: Buffer = Buffer.from([0x88, 1, 2, 3]),
  first = true,
) => {
  const own = Buffer.from(body);
  own[0] = first ? own[0]! | 0x80 : own[0]! & 0x7f;
  const head = codec === 'h264' ? [keyFrame ? 0x65 : 0x41] : keyFrame ? [0x26, 1] : [0x02, 1];
  return Buffer.concat([Buffer.from(head), own]);
};

export const isKey = (codec: Codec, units: readonly Buffer[]) =>
  units.some((unit) => isKeySlice(codec, nalType(codec, unit[0]!)));

/** The units of each picture of a fragment, in hex. */
export const unitsIn = ({ bytes, facts }: WrittenFragment): string[][] =>
  facts.samples.map(({ offset, bytes: length }) =>
    [...nalUnits(bytes.subarray(offset, offset + length))].map((unit) => unit.toString('hex')),
  );

/** Presentation minus decode time of each picture (`trun`, ISO/IEC 14496-12 §8.8.8). */
export const shownLaterIn = ({ bytes, facts }: WrittenFragment): number[] => {
  const table = bytes.indexOf('trun') + 4 + 4 + 4 + 4;
  return facts.samples.map((_, index) => bytes.readInt32BE(table + index * 16 + 12));
};
