import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRtpPacket, readRtpPacket } from '../../../src/rtp/rtp-packet.ts';
import { rtpPacket } from './packets.ts';

const shape = fc.record({
  sequence: fc.integer({ min: 0, max: 0xffff }),
  timestamp: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  ssrc: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  payloadType: fc.integer({ min: 0, max: 127 }),
  marker: fc.boolean(),
  payload: fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
  contributors: fc.integer({ min: 0, max: 15 }),
  extensionWords: fc.option(fc.integer({ min: 0, max: 5 }), { nil: undefined }),
  padding: fc.integer({ min: 0, max: 9 }),
});

/** Reads it from the middle of a larger memory, as from a socket's. */
const read = (bytes: Buffer, cut = 0) => {
  const memory = Buffer.concat([Buffer.alloc(5, 0xaa), bytes, Buffer.alloc(50, 0xff)]);
  const packet = createRtpPacket();
  const end = 5 + bytes.length - cut;
  const readable = readRtpPacket(memory, 5, end, packet);
  return { memory, packet, end, readable };
};

describe('an RTP packet', () => {
  it('gives back what it was made of, without contributors, extension and padding', () => {
    fc.assert(
      fc.property(shape, (made) => {
        const { memory, packet, readable } = read(rtpPacket(made));
        expect(readable).toBe(true);
        const { sequence, timestamp, ssrc, payloadType, marker } = made;
        expect(packet).toMatchObject({ sequence, timestamp, ssrc, payloadType, marker });
        expect(memory.subarray(packet.payloadStart, packet.payloadEnd).equals(made.payload)).toBe(true);
      }),
    );
  });

  it('never has its payload outside its bounds, wherever it is cut and whatever it claims', () => {
    const bytes = fc.oneof(
      shape.map(rtpPacket),
      fc.uint8Array({ maxLength: 60 }).map((any) => Buffer.from(any)),
      fc.uint8Array({ minLength: 12, maxLength: 40 }).map((any) => {
        const one = Buffer.from(any);
        one[0] = 0x80 | (one[0]! & 0x3f);
        return one;
      }),
    );
    fc.assert(
      fc.property(bytes, fc.nat(60), (whole, cut) => {
        const { packet, end, readable } = read(whole, Math.min(cut, whole.length));
        if (!readable) return;
        expect(packet.payloadStart).toBeGreaterThanOrEqual(5 + 12);
        expect(packet.payloadEnd).toBeGreaterThanOrEqual(packet.payloadStart);
        expect(packet.payloadEnd).toBeLessThanOrEqual(end);
      }),
      { numRuns: 3000 },
    );
  });

  it.each([
    ['a header cut off', rtpPacket({ sequence: 1 }).subarray(0, 11)],
    ['version 1', Buffer.concat([Buffer.from([0x40]), rtpPacket({ sequence: 1 }).subarray(1)])],
    ['contributors cut off', rtpPacket({ sequence: 1, contributors: 2 }).subarray(0, 19)],
    ['an extension cut off', rtpPacket({ sequence: 1, extensionWords: 2 }).subarray(0, 23)],
    ['an extension’s head cut off', rtpPacket({ sequence: 1, extensionWords: 0 }).subarray(0, 14)],
    [
      'more padding than payload',
      Buffer.concat([rtpPacket({ sequence: 1, padding: 1 }).subarray(0, 12), Buffer.from([0, 3])]),
    ],
  ])('is refused with %s', (_, bytes) => {
    expect(read(bytes).readable).toBe(false);
  });

  it('may have no payload at all', () => {
    const { packet, readable } = read(rtpPacket({ sequence: 7, padding: 4 }));
    expect(readable).toBe(true);
    expect(packet.payloadEnd).toBe(packet.payloadStart);
  });
});
