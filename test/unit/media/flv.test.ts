import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createFlvReader, FLV_VIDEO_HEADER, type FlvTag, writeFlvTag } from '../../../src/media/flv.ts';
import { MalformedMedia } from '../../../src/media/fmp4/boxes.ts';

const tag = (
  body: readonly number[],
  timestampMs = 0,
  kind: FlvTag['kind'] = 'video',
): FlvTag & { body: Buffer } => ({
  kind,
  timestampMs,
  body: Buffer.from(body),
  keyFrame: kind === 'video' && body[0] === 0x17 && body[1] === 1,
  config: kind === 'video' && body[1] === 0,
});

const anyTag = fc.oneof(
  fc
    .record({
      first: fc.constantFrom(0x17, 0x27),
      packet: fc.integer({ min: 0, max: 2 }),
      rest: fc.array(fc.nat(255), { maxLength: 400 }),
      timestampMs: fc.nat(2 ** 32 - 1),
    })
    .map(({ first, packet, rest, timestampMs }) => tag([first, packet, 0, 0, 0, ...rest], timestampMs)),
  fc
    .array(fc.nat(255), { maxLength: 30 })
    .map((body) => tag(body, 0, body.length % 2 === 0 ? 'script' : 'audio')),
);

describe('an FLV stream', () => {
  it('is read as it was written, whatever parts it arrives in', () => {
    fc.assert(
      fc.property(
        fc.array(anyTag, { maxLength: 12 }),
        fc.array(fc.integer({ min: 1, max: 300 })),
        (tags, sizes) => {
          const whole = Buffer.concat([
            FLV_VIDEO_HEADER,
            ...tags.map((one) => writeFlvTag(one, one.timestampMs)),
          ]);
          const read: FlvTag[] = [];
          const reader = createFlvReader((one) => read.push({ ...one, body: Buffer.from(one.body) }));
          for (let at = 0, i = 0; at < whole.length; i++) {
            const size = sizes[i % Math.max(1, sizes.length)] ?? 7;
            reader.push(whole.subarray(at, at + size));
            at += size;
          }
          expect(read).toEqual(tags);
        },
      ),
    );
  });

  it('is refused, whatever it is, with no other error and no memory for what it only claims', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.boolean(), (bytes, withHeader) => {
        const reader = createFlvReader(() => undefined);
        try {
          if (withHeader) reader.push(FLV_VIDEO_HEADER);
          reader.push(Buffer.from(bytes));
        } catch (error) {
          expect(error).toBeInstanceOf(MalformedMedia);
        }
      }),
    );
  });

  it.each([
    ['that is something else', Buffer.from('RIFF0000000000000')],
    [
      'with a tag of 16 MB',
      Buffer.concat([FLV_VIDEO_HEADER, Buffer.from([9, 0xff, 0xff, 0xff, 0, 0, 0, 0, 0, 0, 0])]),
    ],
    ['with H.265', Buffer.concat([FLV_VIDEO_HEADER, writeFlvTag(tag([0x1c, 0, 0, 0, 0]), 0)])],
  ])('%s is refused', (_what, bytes) => {
    const reader = createFlvReader(() => undefined);
    expect(() => reader.push(bytes)).toThrow(MalformedMedia);
  });
});
