import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  createSlab,
  fillFrame,
  frameTemplate,
  MAX_PAYLOAD,
  packet,
  payloadsOf,
  splitPackets,
} from '../../../demo/rtsp/packets.ts';

const nalOf = (header: readonly number[], bytes: number) =>
  Buffer.concat([Buffer.from(header), Buffer.alloc(bytes, 0xab)]);

describe('RTP packets', () => {
  it('put an H.264 unit of any size back together from its fragments', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 6000 }), (bytes) => {
        const nal = nalOf([0x65], bytes);
        const payloads = payloadsOf(nal, 'h264');
        expect(payloads.every((payload) => payload.length <= MAX_PAYLOAD)).toBe(true);
        if (payloads.length === 1) {
          expect(Buffer.from(payloads[0]!)).toEqual(nal);
          return;
        }
        expect(payloads.map((p) => p[1]! & 0xc0)).toEqual([0x80, ...payloads.slice(2).map(() => 0), 0x40]);
        const header = (payloads[0]![0]! & 0xe0) | (payloads[0]![1]! & 0x1f);
        expect(Buffer.concat([Buffer.from([header]), ...payloads.map((p) => p.subarray(2))])).toEqual(nal);
      }),
    );
  });

  it('put an H.265 unit back together from its fragments', () => {
    const nal = nalOf([19 << 1, 1], 5000);
    const payloads = payloadsOf(nal, 'h265');
    expect(payloads.every((p) => p[0]! >> 1 === 49)).toBe(true);
    expect((payloads[0]![2]! & 0x3f) === 19).toBe(true);
    expect(Buffer.concat([nal.subarray(0, 2), ...payloads.map((p) => p.subarray(3))])).toEqual(nal);
  });

  it('number a frame through, put the stamp before the picture and mark only its last packet', () => {
    const unit = { key: true, nals: [nalOf([0x67], 10), nalOf([0x68], 4), nalOf([0x65], 4000)] };
    const fields = { channel: 2, sequence: 65_534, rtpTime: 0xfedcba98, ssrc: 0x01020304 };
    const filled = fillFrame(frameTemplate(unit, 'h264'), packet(nalOf([0x06], 30)), fields, createSlab());
    const packets = splitPackets(filled);
    expect(packets.map((one) => one[16]! & 0x1f)).toEqual([7, 8, 6, 28, 28, 28]);
    expect(packets.map((one) => one.readUInt16BE(6))).toEqual([65_534, 65_535, 0, 1, 2, 3]);
    expect(packets.map((one) => one[5]! >> 7)).toEqual([0, 0, 0, 0, 0, 1]);
    expect(packets.every((one) => one[0] === 0x24 && one[1] === 2)).toBe(true);
    expect(
      packets.every((one) => one.readUInt32BE(8) === 0xfedcba98 && one.readUInt32BE(12) === 0x01020304),
    ).toBe(true);
  });
});
