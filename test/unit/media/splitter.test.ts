import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { box, boxesIn, MalformedMedia } from '../../../src/media/fmp4/boxes.ts';
import { parseFragment } from '../../../src/media/fmp4/parse-fragment.ts';
import { PRODUCER_TIME_BYTES } from '../../../src/media/fmp4/producer-time.ts';
import { createSplitter } from '../../../src/media/fmp4/splitter.ts';
import { mediaFixture } from '../../support/fragments.ts';

function split(chunks: Iterable<Buffer>) {
  const inits: Buffer[] = [];
  const fragments: Buffer[] = [];
  const splitter = createSplitter({
    init: (bytes) => inits.push(bytes),
    fragment: (framed) => fragments.push(framed),
  });
  for (const chunk of chunks) splitter.push(chunk);
  return { inits, fragments };
}

function* cut(bytes: Buffer, sizes: readonly number[]) {
  let at = 0;
  for (let i = 0; at < bytes.length; i++) {
    const size = sizes[i % sizes.length] ?? 1;
    yield bytes.subarray(at, at + size);
    at += size;
  }
}

const stream = mediaFixture('h264-stream.mp4');
const whole = split([stream]);
const header = (size: number, type: string) => {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt32BE(size);
  bytes.write(type, 4, 'latin1');
  return bytes;
};

describe('the splitter', () => {
  it('gives the init segment and every picture of what ffmpeg wrote', () => {
    expect(whole.inits).toHaveLength(1);
    const samples = whole.fragments.flatMap(
      (framed) => parseFragment(framed.subarray(PRODUCER_TIME_BYTES)).samples,
    );
    expect(samples).toHaveLength(15);
    expect(samples.filter(({ keyFrame }) => keyFrame)).toHaveLength(3);
  });

  it('loses no byte of a moof or an mdat', () => {
    const expected = [...boxesIn(stream)]
      .filter(({ type }) => type === 'moof' || type === 'mdat')
      .map(({ start, end }) => stream.subarray(start, end));
    expect(Buffer.concat(whole.fragments.map((framed) => framed.subarray(PRODUCER_TIME_BYTES)))).toEqual(
      Buffer.concat(expected),
    );
  });

  it('gives the same however the bytes are cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 5000 })), {
          minLength: 1,
          maxLength: 20,
        }),
        (sizes) => {
          const parts = split(cut(stream, sizes));
          expect(Buffer.concat(parts.inits).equals(Buffer.concat(whole.inits))).toBe(true);
          expect(parts.fragments.map((framed) => framed.length)).toEqual(
            whole.fragments.map((framed) => framed.length),
          );
          expect(
            parts.fragments.every((framed, index) =>
              framed
                .subarray(PRODUCER_TIME_BYTES)
                .equals(whole.fragments[index]!.subarray(PRODUCER_TIME_BYTES)),
            ),
          ).toBe(true);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('keeps nothing of the caller’s chunk, which may be used again at once', () => {
    const chunk = Buffer.alloc(777);
    const fragments: Buffer[] = [];
    const splitter = createSplitter({ init: () => undefined, fragment: (framed) => fragments.push(framed) });
    for (let at = 0; at < stream.length; at += chunk.length) {
      const bytes = stream.copy(chunk, 0, at);
      splitter.push(chunk.subarray(0, bytes));
      chunk.fill(0xff);
    }
    expect(
      fragments.map((framed) => framed.subarray(PRODUCER_TIME_BYTES).toString('latin1').slice(4, 8)),
    ).toEqual(fragments.map(() => 'moof'));
    expect(fragments.every((framed) => framed.byteOffset === 0)).toBe(true);
  });

  it('passes over boxes that say nothing to a recorder', () => {
    const parts = split([box('free', Buffer.alloc(5)), stream, box('mfra'), box('sidx', Buffer.alloc(40))]);
    expect(parts.fragments).toHaveLength(whole.fragments.length);
  });

  it('takes an empty mdat for a fragment without pictures', () => {
    expect(split([box('moof'), box('mdat')]).fragments).toHaveLength(1);
  });

  it.each([
    ['a box smaller than its own header', header(7, 'moof')],
    ['a box with 64 bits of size', header(1, 'mdat')],
    ['a box without an end', header(0, 'mdat')],
    ['a box that no camera fills', header(0x7fff_ffff, 'moof')],
    ['pictures that nothing announces', box('mdat', Buffer.alloc(9))],
    ['pictures that the fragment before announced', Buffer.concat([box('moof'), box('mdat'), box('mdat')])],
    ['a moov without its ftyp', box('moov')],
    ['text', Buffer.from('RTSP/1.0 401 Unauthorized\r\n')],
  ])('refuses %s', (_what, bytes) => {
    expect(() => split([bytes])).toThrow(MalformedMedia);
  });

  it('ends on any bytes at all with nothing worse than MalformedMedia', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (garbage) => {
        try {
          split([Buffer.from(garbage)]);
        } catch (error) {
          expect(error).toBeInstanceOf(MalformedMedia);
        }
      }),
    );
  });
});
