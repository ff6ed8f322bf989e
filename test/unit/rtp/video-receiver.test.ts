import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { WrittenFragment } from '../../../src/media/fmp4/fragment-writer.ts';
import { parseFragment } from '../../../src/media/fmp4/parse-fragment.ts';
import { type Codec, isSlice, nalType } from '../../../src/media/nal.ts';
import type { Missing } from '../../../src/rtp/picture-assembler.ts';
import { createVideoReceiver } from '../../../src/rtp/video-receiver.ts';
import { createManualClock } from '../../support/manual-clock.ts';
import { payloadsOf, type Way } from './packetiser.ts';
import { rtpPacket, SSRC } from './packets.ts';
import { type Picture, realStream, unitsIn } from './pictures.ts';

const CODECS: readonly Codec[] = ['h264', 'h265'];
const STEP = 18_000;

interface Setting {
  readonly codec?: Codec;
  readonly transport?: 'tcp' | 'udp';
  readonly ssrc?: number;
  readonly staleSources?: readonly number[];
  readonly parameterSets?: readonly Buffer[];
}

function receive({
  codec = 'h264',
  transport = 'tcp',
  ssrc,
  parameterSets = [],
  staleSources = [],
}: Setting = {}) {
  const clock = createManualClock();
  const fragments: WrittenFragment[] = [];
  const missing: Missing[] = [];
  const unusable: string[] = [];
  let begun = 0;
  const receiver = createVideoReceiver(
    {
      codec,
      clockRate: 90_000,
      payloadType: 96,
      parameterSets,
      transport,
      staleSources,
      ...(ssrc === undefined ? {} : { ssrc }),
    },
    {
      begins: () => {
        begun += 1;
      },
      fragment: (fragment, lacks) => {
        expect(parseFragment(fragment.bytes)).toEqual(fragment.facts);
        fragments.push(fragment);
        missing.push({ ...lacks });
      },
      notYet: () => undefined,
      unusable: (why) => unusable.push(why),
    },
    { clock },
  );
  return {
    clock,
    receiver,
    fragments,
    unusable,
    get begun() {
      return begun;
    },
    get pictures() {
      return fragments.flatMap(unitsIn);
    },
    get missing() {
      return missing.reduce(
        (sum, one) => ({
          packets: sum.packets + one.packets,
          damagedPictures: sum.damagedPictures + one.damagedPictures,
        }),
        { packets: 0, damagedPictures: 0 },
      );
    },
    /** A packet in the middle of a memory that is used for others behind it. */
    push(bytes: Buffer) {
      const memory = Buffer.concat([Buffer.alloc(4, 0x24), bytes, Buffer.alloc(8, 0x24)]);
      receiver.packet(memory, 4, 4 + bytes.length);
      memory.fill(0xee);
    },
    report: (bytes: Buffer) => receiver.report(bytes, 0, bytes.length),
  };
}

interface Sent {
  readonly bytes: Buffer;
  readonly picture: number;
  readonly slice: boolean;
}

const CUT: Way = { kind: 'cut', every: 300 };

/** Packets of a picture after the other; the last of each has the marker. */
function packetsOf(
  codec: Codec,
  pictures: readonly Picture[],
  { first = 65_500, ssrc = SSRC, start = 4_294_900_000, way = CUT as Way } = {},
): Sent[] {
  let sequence = first;
  return pictures.flatMap(({ units }, picture) => {
    const payloads = units.flatMap((bytes) => {
      const slice = isSlice(codec, nalType(codec, bytes[0]!));
      return payloadsOf(codec, [{ bytes, way }]).map((payload) => ({ payload, slice }));
    });
    return payloads.map(({ payload, slice }, index) => ({
      bytes: rtpPacket({
        sequence: sequence++,
        timestamp: start + picture * STEP,
        marker: index === payloads.length - 1,
        ssrc,
        payload,
      }),
      picture,
      slice,
    }));
  });
}

const hexOf = (pictures: readonly Picture[]) =>
  pictures.map(({ units }) => units.map((unit) => unit.toString('hex')));

describe.each(CODECS)('a stream of %s', (codec) => {
  const { pictures } = realStream(codec);

  it.each(['tcp', 'udp'] as const)('comes out of %s bit for bit', (transport) => {
    for (const way of [CUT, { kind: 'single' }, { kind: 'joined' }] as const) {
      const one = receive({ codec, transport });
      for (const { bytes } of packetsOf(codec, pictures, { way })) one.push(bytes);
      one.receiver.finish();
      expect(one.pictures).toEqual(hexOf(pictures));
      expect(one.receiver.counters).toMatchObject({
        missing: 0,
        foreign: 0,
        damagedPictures: 0,
        clockJumps: 0,
      });
      expect(one.missing).toEqual({ packets: 0, damagedPictures: 0 });
    }
  });

  it('of which packets are lost keeps what came of every picture and counts each that lacks something', () => {
    const many = [...pictures, ...pictures, ...pictures];
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 19 }), { minLength: 1, maxLength: 400 }),
        fc.constantFrom('tcp' as const, 'udp' as const),
        (fates, transport) => {
          const one = receive({ codec, transport });
          const packets = packetsOf(codec, many);
          const lost = packets.filter((_, index) => index > 0 && fates[index % fates.length] === 0);
          // The last one comes, so that what was lost before it is seen.
          if (lost.at(-1) === packets.at(-1)) lost.pop();
          const came = packets.filter((packet) => !lost.includes(packet));
          for (const packet of came) {
            one.push(packet.bytes);
            one.clock.advance(5);
          }
          one.receiver.finish();
          const counted = one.receiver.counters;
          expect(counted.missing).toBe(lost.length);
          if (one.begun > 0) expect(one.missing.packets).toBe(lost.length);
          expect(one.missing.damagedPictures).toBe(counted.damagedPictures);
          const kept = one.fragments.flatMap(({ facts }) => facts.samples).length;
          const shown = new Set(came.filter(({ slice }) => slice).map(({ picture }) => picture));
          // Pictures of which a slice packet was lost and another came; the ones before the first key are not kept.
          const damaged = [...shown].filter((picture) =>
            lost.some((packet) => packet.slice && packet.picture === picture),
          );
          if (kept === shown.size) {
            expect(counted.damagedPictures).toBeGreaterThanOrEqual(damaged.length);
            // A loss in what stands before its slices may be blamed on it too.
            const others = lost.filter(({ slice }) => !slice).length;
            expect(counted.damagedPictures).toBeLessThanOrEqual(damaged.length + others);
          }
        },
      ),
      { numRuns: 150 },
    );
  });

  it('that is reordered and doubled on its way comes out whole', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(40), fc.boolean()), { minLength: 1, maxLength: 200 }), (fates) => {
        const one = receive({ codec, transport: 'udp' });
        const packets = packetsOf(codec, pictures)
          .flatMap(({ bytes }, index) => {
            const [late, doubled] = fates[index % fates.length]!;
            const at = index === 0 ? -1 : index + late;
            return doubled
              ? [
                  { bytes, at },
                  { bytes, at: at + 3.5 },
                ]
              : [{ bytes, at }];
          })
          .sort((a, b) => a.at - b.at);
        for (const { bytes } of packets) one.push(bytes);
        one.receiver.finish();
        expect(one.pictures).toEqual(hexOf(pictures));
        expect(one.receiver.counters).toMatchObject({ missing: 0, damagedPictures: 0 });
      }),
      { numRuns: 60 },
    );
  });

  it('joined in the middle of a key picture begins with it, damaged, where it can be decoded, or with the next', () => {
    const packets = packetsOf(codec, pictures);
    const middle = packets.slice(packets.findIndex(({ slice }) => slice) + 1);
    const knowing = receive({ codec, parameterSets: realStream(codec).sets });
    const waiting = receive({ codec });
    for (const one of [knowing, waiting]) {
      for (const { bytes } of middle) one.push(bytes);
      one.receiver.finish();
      expect(one.receiver.counters.missing).toBe(0);
    }
    expect(knowing.pictures.slice(1)).toEqual(hexOf(pictures).slice(1));
    expect(knowing.missing).toEqual({ packets: 0, damagedPictures: 1 });
    expect(waiting.pictures).toEqual(hexOf(pictures).slice(5));
    expect(waiting.missing).toEqual({ packets: 0, damagedPictures: 0 });
  });

  it('that ends in the middle of a unit has a last picture that is damaged', () => {
    const one = receive({ codec });
    const packets = packetsOf(codec, pictures, { way: { kind: 'cut', every: 20 } });
    for (const { bytes } of packets.slice(0, -2)) one.push(bytes);
    one.receiver.finish();
    expect(one.pictures).toHaveLength(pictures.length);
    expect(one.receiver.counters).toMatchObject({ missing: 0, damagedPictures: 1 });
  });

  it('that we leave in the middle of a picture has only whole ones, and nothing is lost', () => {
    const packets = packetsOf(codec, pictures, { way: { kind: 'cut', every: 20 } });
    for (const [left, whole] of [
      [0, pictures.length],
      [2, pictures.length - 1],
    ] as const) {
      const one = receive({ codec });
      for (const { bytes } of packets.slice(0, packets.length - left)) one.push(bytes);
      one.receiver.finish(true);
      expect(one.pictures).toEqual(hexOf(pictures.slice(0, whole)));
      expect(one.missing).toEqual({ packets: 0, damagedPictures: 0 });
      expect(one.receiver.counters).toMatchObject({ missing: 0, damagedPictures: 0 });
    }
  });

  it('that we leave tells also what was missing of the picture that is left out', () => {
    const one = receive({ codec });
    const packets = packetsOf(codec, pictures, { way: { kind: 'cut', every: 20 } });
    for (const { bytes } of [...packets.slice(0, -4), ...packets.slice(-3, -1)]) one.push(bytes);
    one.receiver.finish(true);
    expect(one.pictures).toHaveLength(pictures.length - 1);
    expect(one.receiver.counters).toMatchObject({ missing: 1, damagedPictures: 0 });
    expect(one.missing).toEqual({ packets: 1, damagedPictures: 0 });
  });
});

describe('what is not of the stream', () => {
  const { pictures } = realStream('h264');

  it('is another source on the same channel: left over from a session before', () => {
    const one = receive();
    const others = packetsOf('h264', pictures, { ssrc: 7, first: 100 });
    packetsOf('h264', pictures).forEach(({ bytes }, index) => {
      one.push(bytes);
      one.clock.advance(20);
      if (others[index]) one.push(others[index].bytes);
    });
    one.receiver.finish();
    expect(one.pictures).toEqual(hexOf(pictures));
    expect(one.receiver.counters).toMatchObject({ foreign: others.length, missing: 0, clockJumps: 0 });
  });

  it('is not followed where the camera has named its own source, before a second of silence', () => {
    const one = receive({ ssrc: SSRC });
    const others = packetsOf('h264', pictures, { ssrc: 7 });
    for (const { bytes } of others) one.push(bytes);
    for (const { bytes } of packetsOf('h264', pictures)) one.push(bytes);
    one.receiver.finish();
    expect(one.pictures).toEqual(hexOf(pictures));
    const lies = receive({ ssrc: 99 });
    lies.clock.advance(1000);
    for (const { bytes } of others) lies.push(bytes);
    lies.receiver.finish();
    expect(lies.pictures).toEqual(hexOf(pictures));
  });

  it('is what came before anything was asked for, unless for a second nothing else comes', () => {
    const others = packetsOf('h264', pictures, { ssrc: 7 });
    const one = receive({ staleSources: [7] });
    one.push(others[0]!.bytes);
    for (const { bytes } of packetsOf('h264', pictures)) one.push(bytes);
    one.receiver.finish();
    expect(one.pictures).toEqual(hexOf(pictures));
    expect(one.receiver.counters).toMatchObject({ foreign: 1, missing: 0 });
    const same = receive({ staleSources: [7] });
    same.push(others[0]!.bytes);
    same.clock.advance(1000);
    for (const { bytes } of others) same.push(bytes);
    same.receiver.finish();
    expect(same.pictures).toEqual(hexOf(pictures));
  });

  it('is the same camera under a new name when it has been silent: followed, and no packet is missing', () => {
    const one = receive();
    const first = packetsOf('h264', pictures, { way: { kind: 'cut', every: 20 } });
    // The old one falls silent in the middle of its last picture.
    const end = first.findIndex(({ picture, slice }) => slice && picture === pictures.length - 1) + 2;
    for (const { bytes } of first.slice(0, end)) {
      one.push(bytes);
      one.clock.advance(4);
    }
    one.clock.advance(1500);
    for (const { bytes } of packetsOf('h264', pictures, { ssrc: 7, first: 9, start: 5 })) one.push(bytes);
    one.receiver.finish();
    expect(one.begun).toBe(1);
    expect(one.pictures.slice(-pictures.length)).toEqual(hexOf(pictures));
    expect(one.pictures).toHaveLength(2 * pictures.length);
    expect(one.receiver.counters).toMatchObject({
      missing: 0,
      foreign: 0,
      clockJumps: 1,
      damagedPictures: 1,
    });
    let at = 0;
    for (const { facts } of one.fragments) {
      expect(facts.mediaStart).toBe(at);
      at += facts.durationTicks;
    }
  });

  it('is packets of another payload type, whether counted with ours or not', () => {
    const [ours] = [packetsOf('h264', pictures, { first: 0 })];
    const together = receive();
    const apart = receive();
    let sequence = 65_530;
    ours.forEach(({ bytes }, index) => {
      const shifted = Buffer.from(bytes);
      shifted.writeUInt16BE(sequence++ & 0xffff, 2);
      together.push(shifted);
      apart.push(bytes);
      if (index % 3) return;
      together.push(rtpPacket({ sequence: sequence++, payloadType: 50, payload: Buffer.alloc(40, 0x41) }));
      apart.push(rtpPacket({ sequence: 40_000 + index, payloadType: 50, payload: Buffer.alloc(40, 0x41) }));
    });
    for (const one of [together, apart]) {
      one.receiver.finish();
      expect(one.pictures).toEqual(hexOf(pictures));
      expect(one.receiver.counters).toMatchObject({
        packets: ours.length,
        foreign: Math.ceil(ours.length / 3),
        missing: 0,
        damagedPictures: 0,
      });
    }
  });

  it('is whatever cannot be read: counted, and nothing of it is kept', () => {
    const one = receive();
    const packets = packetsOf('h264', pictures);
    for (const { bytes } of packets) {
      one.push(bytes);
      one.push(Buffer.from('RTSP/1.0 200 OK'));
      one.push(Buffer.alloc(3));
    }
    one.receiver.finish();
    expect(one.pictures).toEqual(hexOf(pictures));
    expect(one.receiver.counters.foreign).toBe(2 * packets.length);
  });
});

describe('reports', () => {
  const { pictures } = realStream('h264');
  const senderReport = (ssrc: number, atMs: number) => {
    const bytes = Buffer.alloc(28);
    bytes.writeUInt32BE(0x80c8_0006, 0);
    bytes.writeUInt32BE(ssrc, 4);
    bytes.writeUInt32BE(Math.floor(atMs / 1000) + 2_208_988_800, 8);
    bytes.writeUInt32BE(Math.floor(((atMs % 1000) / 1000) * 2 ** 32), 12);
    return bytes;
  };
  const goodbye = (ssrc: number) => {
    const bytes = Buffer.from('81cb000100000000', 'hex');
    bytes.writeUInt32BE(ssrc, 4);
    return bytes;
  };

  it('say how far the camera’s clock is from ours, when they are of our stream and it has a clock', () => {
    const one = receive();
    for (const { bytes } of packetsOf('h264', pictures)) one.push(bytes);
    const nowMs = one.clock.utcUs() / 1000;
    one.report(senderReport(7, nowMs + 9000));
    expect(one.receiver.counters.cameraClockOffsetUs).toBeUndefined();
    one.report(senderReport(SSRC, nowMs + 2500));
    expect(one.receiver.counters.cameraClockOffsetUs).toBeCloseTo(2_500_000, -1);
    const none = Buffer.from(senderReport(SSRC, nowMs));
    none.fill(0, 8, 16);
    one.report(none);
    expect(one.receiver.counters.cameraClockOffsetUs).toBeUndefined();
  });

  it('end the stream when the camera says goodbye to ours and to no other', () => {
    const one = receive();
    one.report(goodbye(SSRC));
    for (const { bytes } of packetsOf('h264', pictures)) one.push(bytes);
    one.report(goodbye(7));
    expect(one.unusable).toEqual([]);
    one.report(goodbye(SSRC));
    expect(one.unusable).toEqual(['goodbye']);
    one.receiver.finish();
    one.report(goodbye(SSRC));
    expect(one.unusable).toEqual(['goodbye']);
  });

  it('of ours say what was lost since the last one, and when the camera’s own came', () => {
    const one = receive();
    expect(one.receiver.receiverReport()).toBeUndefined();
    const packets = packetsOf('h264', [...pictures, ...pictures, ...pictures], { first: 65_530 }).slice(
      0,
      81,
    );
    expect(packets).toHaveLength(81);
    const wanted = (index: number) => index % 4 !== 2 || index >= 40;
    packets.slice(0, 40).forEach(({ bytes }, index) => {
      if (wanted(index)) one.push(bytes);
    });
    one.push(packets[39]!.bytes);
    const first = one.receiver.receiverReport()!;
    expect(first.readUInt32BE(8)).toBe(SSRC);
    expect(first[12]).toBe(64);
    expect(first.readUIntBE(13, 3)).toBe(10);
    expect(first.readUInt32BE(16)).toBe(65_530 + 39);
    expect(first.readBigUInt64BE(24)).toBe(0n);
    one.report(senderReport(SSRC, one.clock.utcUs() / 1000));
    one.clock.advance(500);
    for (const { bytes } of packets.slice(40)) one.push(bytes);
    const second = one.receiver.receiverReport()!;
    expect(second[12]).toBe(0);
    expect(second.readUIntBE(13, 3)).toBe(10);
    expect(second.readUInt32BE(16)).toBe(65_530 + 80);
    expect(second.readUInt32BE(28)).toBe(32_768);
    expect(second.readUInt32BE(4)).toBe(first.readUInt32BE(4));
  });
});

describe('20,000 packets that somebody changed', () => {
  it.each(CODECS)('never make a receiver of %s throw, hang or grow', (codec) => {
    const { pictures } = realStream(codec);
    const good = packetsOf(codec, pictures, { way: { kind: 'cut', every: 60 } }).map(({ bytes }) => bytes);
    let seed = 20_261_122;
    const random = (below: number) => {
      seed = (seed * 48_271) % 2_147_483_647;
      return seed % below;
    };
    const mutated = (original: Buffer): Buffer => {
      const bytes = Buffer.from(original);
      // Mostly behind the fixed header, so that most of it reaches the payload's own rules.
      for (let edits = random(4); edits > 0; edits--) {
        const at = random(5) ? 12 + random(Math.max(1, bytes.length - 12)) : random(bytes.length);
        if (at < bytes.length) bytes[at] = random(3) ? random(256) : bytes[at]! ^ (1 << random(8));
      }
      if (random(10) === 0) return bytes.subarray(0, random(bytes.length + 1));
      if (random(10) === 0)
        return Buffer.concat([bytes, Buffer.from([0, 0, 1]), good[random(good.length)]!.subarray(12)]);
      return bytes;
    };
    for (const transport of ['tcp', 'udp'] as const) {
      const one = receive({ codec, transport });
      let slow = 0;
      let [sent, kept] = [0, 0];
      const memory = process.memoryUsage();
      for (let n = 0; n < 20_000; n++) {
        const bytes = mutated(good[n % good.length]!);
        if (bytes.length > 4 && random(20)) bytes.writeUInt16BE(n & 0xffff, 2);
        sent += bytes.length;
        const before = process.threadCpuUsage();
        one.push(bytes);
        if (n % 50 === 0) one.report(mutated(bytes));
        const { user, system } = process.threadCpuUsage(before);
        if (user + system > 100_000) slow += 1;
        one.clock.advance(random(100) ? random(40) : random(3000));
        kept += one.fragments.reduce((sum, fragment) => sum + fragment.bytes.length, 0);
        one.fragments.length = 0;
      }
      one.receiver.receiverReport();
      one.receiver.finish();
      // One may have been a collection's.
      expect(slow).toBeLessThan(2);
      // Nothing is made up: boxes and lengths are all that is added.
      expect(kept).toBeLessThan(sent * 2 + 20_000 * 120);
      const after = process.memoryUsage();
      expect(after.heapUsed + after.external - memory.heapUsed - memory.external).toBeLessThan(100e6);
      expect(one.unusable.every((why) => why === 'goodbye')).toBe(true);
      const { packets, foreign } = one.receiver.counters;
      expect(packets + foreign).toBeGreaterThanOrEqual(20_000);
    }
  });
});
