import { codecString } from '../../../src/media/codec-string.ts';
import type { FragmentFacts } from '../../../src/media/fmp4/fragment-facts.ts';
import { changedParameterSets } from '../../../src/media/fmp4/parameter-sets.ts';
import { parseFragment } from '../../../src/media/fmp4/parse-fragment.ts';
import { readTrack, type Track } from '../../../src/media/fmp4/track.ts';
import { writeInit } from '../../../src/media/fmp4/write-init.ts';
import { must } from './family.ts';

/** What memory is filled with once a read, which nobody may keep, has been handed over. */
export const SPOILT = 0xaa;
const SPOILT_BYTES = Buffer.alloc(64, SPOILT);

/** What the recorder does with that which a source delivers, and what it relies on. */
export interface BehindSource {
  init(track: Track): void;
  fragment(fragment: { readonly bytes: Buffer; readonly facts: FragmentFacts }): void;
}

export function createBehindSource(): BehindSource {
  let track: Track | undefined;
  let endTicks = 0;
  const see = (next: Track) => {
    track = next;
    must(
      /^(avc1\.[0-9a-f]{6}|hvc1\.[0-9A-Fa-f.LHBC]+)$/.test(codecString(next.codec, next.parameterSets)),
      'codec string',
    );
  };
  return {
    init(first) {
      must(track === undefined, 'two init segments');
      see(first);
    },
    fragment({ bytes, facts }) {
      must(track !== undefined, 'a fragment before its init segment');
      const read = parseFragment(bytes);
      must(JSON.stringify(read) === JSON.stringify(facts), 'a fragment is not what it is said to be');
      must(!bytes.includes(SPOILT_BYTES), 'memory that was only lent');
      must(facts.samples.length > 0, 'a fragment without pictures');
      must(facts.mediaStart >= endTicks, 'media time goes back');
      endTicks = facts.mediaStart + facts.durationTicks;
      must(Number.isSafeInteger(endTicks), 'media time is beyond reason');
      const [first] = facts.samples;
      if (!facts.startsWithKeyFrame || !first) return;
      const keyFrame = bytes.subarray(first.offset, first.offset + first.bytes);
      const sets = changedParameterSets(track.codec, keyFrame, track.parameterSets);
      if (sets) see(readTrack(writeInit(track.codec, track.timescale, sets)));
    },
  };
}
