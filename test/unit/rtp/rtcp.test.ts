import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readReports, receiverReport } from '../../../src/rtp/rtcp.ts';

const hex = (text: string) => Buffer.from(text.replace(/\s/g, ''), 'hex');
const read = (bytes: Buffer) => {
  const memory = Buffer.concat([Buffer.alloc(3, 0x80), bytes, Buffer.alloc(40, 0x81)]);
  return readReports(memory, 3, 3 + bytes.length);
};

/** 2026-11-22T03:00:00.5Z is 4,004,305,200.5 s after 1900. */
const SENDER = hex('80c80006 cafe0001 eeacd930 80000000 00015f90 00000010 00004000');
const DESCRIPTION = hex('81ca0003 cafe0001 01046e61 6d650000');
const GOODBYE = hex('81cb0001 cafe0001');
const RECEIVER = hex('81c90007 cafe0001 00000007 00000000 00000000 00000000 00000000 00000000');

describe('what a camera reports', () => {
  it('is its wall clock at one of its RTP times', () => {
    expect(read(SENDER).sender).toEqual({
      ssrc: 0xcafe0001,
      cameraUs: Date.parse('2026-11-22T03:00:00.500Z') * 1000,
      middleOfNtp: 0xd9308000,
      rtpTime: 90_000,
    });
  });

  it('is found among other reports, and so is its goodbye', () => {
    const found = read(Buffer.concat([RECEIVER, SENDER, DESCRIPTION, GOODBYE]));
    expect(found.sender?.rtpTime).toBe(90_000);
    expect(found.goodbye).toBe(0xcafe0001);
  });

  it('may have report blocks and extensions behind it', () => {
    const longer = Buffer.concat([SENDER, Buffer.alloc(28)]);
    longer[0] = 0x81;
    longer.writeUInt16BE(13, 2);
    expect(read(Buffer.concat([longer, GOODBYE]))).toMatchObject({
      sender: { rtpTime: 90_000 },
      goodbye: 0xcafe0001,
    });
  });

  it.each([
    ['zero', 0, 0],
    ['its running time', 86_400, 1],
  ])('is no wall clock from a camera that has none and sends %s', (_, seconds, fraction) => {
    const bytes = Buffer.from(SENDER);
    bytes.writeUInt32BE(seconds, 8);
    bytes.writeUInt32BE(fraction, 12);
    expect(read(bytes).sender).toMatchObject({ cameraUs: undefined, rtpTime: 90_000 });
  });

  it('is believed also from a camera that lives in 1970', () => {
    const bytes = Buffer.from(SENDER);
    bytes.writeUInt32BE(2_208_988_800 + 60, 8);
    expect(read(bytes).sender?.cameraUs).toBe(60_500_000);
  });

  it.each([
    ['a goodbye of nobody', hex('80cb0000'), {}],
    ['a sender report too short for its times', hex('80c80004 cafe0001 eeac8770 80000000 00015f90'), {}],
    ['a goodbye behind another version', Buffer.concat([hex('41ca0001 cafe0001'), GOODBYE]), {}],
    ['nothing', hex(''), {}],
  ])('is passed over: %s', (_, bytes, expected) => {
    expect(read(bytes)).toEqual(expected);
  });

  it('is read up to where it is cut off', () => {
    const whole = Buffer.concat([SENDER, DESCRIPTION, GOODBYE]);
    for (let end = 0; end < whole.length; end++) {
      const found = read(whole.subarray(0, end));
      expect(found.sender !== undefined).toBe(end >= SENDER.length);
      expect(found.goodbye).toBeUndefined();
    }
  });

  it('is never a reason to throw', () => {
    const head = fc
      .tuple(fc.constantFrom(200, 201, 202, 203, 204, 0), fc.integer({ min: 0, max: 8 }), fc.uint8Array())
      .map(([type, words, rest]) => Buffer.concat([Buffer.from([0x80, type, 0, words]), rest]));
    fc.assert(
      fc.property(fc.array(fc.oneof(head, fc.uint8Array().map(Buffer.from)), { maxLength: 4 }), (parts) => {
        read(Buffer.concat(parts));
      }),
      { numRuns: 2000 },
    );
  });
});

describe('a receiver report', () => {
  const reception = {
    ssrc: 0x01020304,
    of: 0xcafe0001,
    lostShare: 0.25,
    lost: 0x01_0203,
    highestSequence: 0x0003_fffe,
    jitter: 1234.4,
    middleOfNtp: 0x87708000,
    sinceReportUs: 2_500_000,
  };

  it('is what RFC 3550 §6.4.2 and §6.5 say, byte for byte', () => {
    expect(receiverReport(reception)).toEqual(
      hex(`81c90007 01020304
           cafe0001 40010203 0003fffe 000004d2 87708000 00028000
           81ca0003 01020304 01056769 726f6b00`),
    );
  });

  it.each([
    [0, 0],
    [0.003, 0],
    [0.004, 1],
    [0.5, 128],
    [0.999, 255],
    [1, 255],
  ])('tells a lost share of %f as %i of 256', (lostShare, byte) => {
    expect(receiverReport({ ...reception, lostShare })[12]).toBe(byte);
  });

  it('holds numbers beyond its fields at their limits, and turns the count of packets', () => {
    const bytes = receiverReport({
      ...reception,
      lost: 2 ** 40,
      highestSequence: 2 ** 33 + 5,
      jitter: 2 ** 40,
      sinceReportUs: 2 ** 45,
    });
    expect(bytes.readUIntBE(13, 3)).toBe(0x7f_ffff);
    expect(bytes.readUInt32BE(16)).toBe(5);
    expect(bytes.readUInt32BE(20)).toBe(0xffff_ffff);
    expect(bytes.readUInt32BE(28)).toBe(0xffff_ffff);
  });

  it('is read by whoever reads reports', () => {
    expect(read(receiverReport(reception))).toEqual({});
  });
});
