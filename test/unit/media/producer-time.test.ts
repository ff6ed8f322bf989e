import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findBox } from '../../../src/media/fmp4/boxes.ts';
import { clampDurations } from '../../../src/media/fmp4/clamp-durations.ts';
import { parseFragment } from '../../../src/media/fmp4/parse-fragment.ts';
import {
  PRODUCER_TIME_BYTES,
  readProducerTime,
  writeProducerTime,
} from '../../../src/media/fmp4/producer-time.ts';
import { received } from '../../support/fragments.ts';

describe('the wall clock inside a fragment', () => {
  it('comes back to the microsecond, up to the year 2036 and beyond any media time', () => {
    // NTP seconds have 32 bits, which end in February 2036.
    const last = Date.parse('2036-02-07T06:28:15Z') * 1000;
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: last }),
        fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }),
        (wallUs, ticks) => {
          const bytes = Buffer.alloc(PRODUCER_TIME_BYTES);
          writeProducerTime(bytes, wallUs, ticks);
          const found = findBox(bytes, ['prft']);
          expect(found).toMatchObject({ start: 0, end: PRODUCER_TIME_BYTES });
          expect(readProducerTime(bytes, found!)).toBe(wallUs);
          expect(bytes.readBigUInt64BE(24)).toBe(BigInt(ticks));
        },
      ),
    );
  });

  it('stands before the fragment that it is about', () => {
    const { framed, facts } = received({ mediaStart: 900, durations: [1] }, { monoUs: 0, wallUs: 0 });
    writeProducerTime(framed, 1_700_000_000_123_456, facts.mediaStart);
    expect(parseFragment(framed)).toMatchObject({ mediaStart: 900, wallUs: 1_700_000_000_123_456 });
  });

  it('is unknown when its box has no room for one', () => {
    expect(
      readProducerTime(Buffer.alloc(27), { type: 'prft', start: 0, headerBytes: 8, end: 27 }),
    ).toBeUndefined();
  });
});

describe('a frame that seems hours long', () => {
  it('is given the usual length, and nothing else of the fragment changes', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 2 ** 32 - 1 }), { minLength: 1, maxLength: 12 }),
        fc.integer({ min: 1, max: 2 ** 31 }),
        (durations, mostTicks) => {
          const { bytes, facts } = received({ mediaStart: 7, durations }, { monoUs: 0, wallUs: 0 });
          clampDurations(bytes, mostTicks, 6000);
          const after = parseFragment(bytes);
          expect(after.samples.map(({ durationTicks }) => durationTicks)).toEqual(
            durations.map((ticks) => (ticks > mostTicks ? 6000 : ticks)),
          );
          expect(after.samples.map(({ offset }) => offset)).toEqual(
            facts.samples.map(({ offset }) => offset),
          );
          expect(after.mediaStart).toBe(7);
        },
      ),
    );
  });
});
