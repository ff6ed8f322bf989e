import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { QuirkKind } from '../../../demo/quirks.ts';
import { frameTemplate, MAX_PAYLOAD, nalsOf, packet, splitPackets } from '../../../demo/rtsp/packets.ts';
import { createQuirkyPackets } from '../../../demo/rtsp/quirky-packets.ts';
import { createWireNoise } from '../../../demo/rtsp/quirky-wire.ts';
import { presentationShifts } from '../../../demo/scenes/presentation.ts';

const nal = (header: readonly number[], bytes: number) =>
  Buffer.concat([Buffer.from(header), Buffer.alloc(bytes, 0xab)]);
const KEY = [nal([0x67], 10), nal([0x68], 4), nal([0x65], 4000)];
const STAMP = nal([0x06], 30);
const FIELDS = { channel: 0, sequence: 65_533, rtpTime: 9000, ssrc: 7 };
const EARLIER = 3000;

interface Seen {
  readonly bytes: Buffer;
  readonly sequence: number;
  readonly rtpTime: number;
  readonly marker: boolean;
  readonly payloadType: number;
  readonly payload: Buffer;
}

const seenOf = (bytes: Buffer): Seen => ({
  bytes,
  sequence: bytes.readUInt16BE(6),
  rtpTime: bytes.readUInt32BE(8),
  marker: bytes[5]! >= 0x80,
  payloadType: bytes[5]! & 0x7f,
  payload: bytes.subarray(16),
});

function cut(quirks: readonly QuirkKind[], nals = KEY, codec: 'h264' | 'h265' = 'h264', limit = MAX_PAYLOAD) {
  const shaper = createQuirkyPackets(new Set(quirks));
  if (!shaper) throw new Error('not a quirk of packets');
  const template = frameTemplate({ key: true, nals }, codec);
  const stamp = packet(codec === 'h264' ? STAMP : nal([39 << 1, 1], 30));
  const next = () => shaper.cut(template, stamp, FIELDS, EARLIER, limit).map(seenOf);
  return { next, seen: next() };
}

const types = (seen: readonly Seen[]) => seen.map(({ payload }) => payload[0]! & 0x1f);

describe('a picture that was cut', () => {
  it('gives its units back, the stamp among them', () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 5000 }), { minLength: 1, maxLength: 5 });
    const codecs = fc.constantFrom('h264' as const, 'h265' as const);
    fc.assert(
      fc.property(sizes, codecs, (bytes, codec) => {
        const header = codec === 'h264' ? [0x41] : [1 << 1, 1];
        const nals = bytes.map((size) => nal(header, size));
        const template = frameTemplate({ key: false, nals }, codec);
        expect(nalsOf(template, packet(STAMP))).toEqual([STAMP, ...nals]);
      }),
    );
  });
});

describe('packets of cameras with quirks', () => {
  it('are numbered through, with one time and one marker, whatever else is odd', () => {
    const { seen } = cut(['header_extension']);
    expect(seen.map(({ sequence }) => sequence)).toEqual([65_533, 65_534, 65_535, 0, 1, 2]);
    expect(new Set(seen.map(({ rtpTime }) => rtpTime))).toEqual(new Set([9000]));
    expect(seen.map(({ marker }) => marker)).toEqual([false, false, false, false, false, true]);
  });

  it('aggregation: one STAP-A or AP for all that precedes the picture', () => {
    const { seen } = cut(['aggregation']);
    expect(types(seen)).toEqual([24, 28, 28, 28]);
    const [first] = seen;
    expect(first!.payload.readUInt16BE(1)).toBe(KEY[0]!.length);
    expect(first!.payload.subarray(3, 3 + KEY[0]!.length)).toEqual(KEY[0]);
    const h265 = cut(
      ['aggregation'],
      [nal([33 << 1, 1], 8), nal([34 << 1, 1], 4), nal([19 << 1, 1], 9)],
      'h265',
    );
    expect(h265.seen.map(({ payload }) => payload[0]! >> 1)).toEqual([48, 19]);
  });

  it('sets_in_sdp_only: no parameter sets', () => {
    expect(types(cut(['sets_in_sdp_only']).seen)).toEqual([6, 28, 28, 28]);
  });

  it('start_codes_within: all units as one, parted by start codes', () => {
    const { seen } = cut(['start_codes_within']);
    expect(types(seen).every((type) => type === 28)).toBe(true);
    const joined = Buffer.concat([Buffer.from([0x67]), ...seen.map(({ payload }) => payload.subarray(2))]);
    const code = Buffer.from([0, 0, 0, 1]);
    expect(joined).toEqual(Buffer.concat([KEY[0]!, code, KEY[1]!, code, STAMP, code, KEY[2]!]));
  });

  it('start_codes_before: whole units begin with a start code', () => {
    const { seen } = cut(['start_codes_before']);
    expect(seen.slice(0, 3).map(({ payload }) => payload.readUInt32BE(0))).toEqual([1, 1, 1]);
    expect(seen[0]!.payload.subarray(4)).toEqual(KEY[0]);
  });

  it('marker_on_sets: also what is no picture is marked', () => {
    expect(cut(['marker_on_sets']).seen.map(({ marker }) => marker)).toEqual([
      true,
      true,
      true,
      false,
      false,
      true,
    ]);
  });

  it('fragment_type_changes and reserved_bits: only the first fragment tells the truth', () => {
    const changed = cut(['fragment_type_changes']).seen.slice(3);
    expect(changed.map(({ payload }) => payload[1]! & 0x1f)).toEqual([5, 1, 1]);
    const reserved = cut(['reserved_bits']).seen.slice(3);
    expect(reserved.every(({ payload }) => payload[0]! >= 0x80 && (payload[1]! & 0x20) !== 0)).toBe(true);
    const h265 = cut(['fragment_type_changes'], [nal([19 << 1, 1], 4000)], 'h265').seen.slice(1);
    expect(h265.map(({ payload }) => payload[2]! & 0x3f)).toEqual([19, 1, 1]);
  });

  it('empty_fragments: fragments and packets with nothing in them', () => {
    const { seen } = cut(['empty_fragments']);
    expect(seen.map(({ payload }) => payload.length)).toEqual([11, 5, 31, 1400, 2, 1400, 0, 1206]);
    expect(seen[4]!.payload[1]! & 0xc0).toBe(0);
  });

  it('foreign_payload_type: another payload in the same sequence', () => {
    const { seen } = cut(['foreign_payload_type']);
    expect(seen.map(({ payloadType }) => payloadType)).toEqual([96, 50, 96, 96, 96, 96, 96]);
    expect(seen[1]!.sequence).toBe(65_534);
  });

  it('header_extension, contributing_sources and padding: flagged, and where RFC 3550 wants them', () => {
    const [first] = cut(['header_extension', 'contributing_sources', 'padding']).seen;
    const { bytes } = first!;
    expect(bytes[4]).toBe(0x80 | 0x20 | 0x10 | 2);
    expect(bytes.readUInt16BE(2)).toBe(bytes.length - 4);
    expect(bytes.readUInt16BE(16 + 8)).toBe(0xbede);
    expect(bytes.readUInt16BE(16 + 10)).toBe(1);
    expect(bytes.at(-1)).toBe(4);
    expect(bytes.subarray(16 + 8 + 8, -4)).toEqual(KEY[0]);
  });

  it('sets_with_old_time: parameter sets belong to the picture before by their time', () => {
    const { seen } = cut(['sets_with_old_time']);
    expect(seen.map(({ rtpTime }) => rtpTime)).toEqual([EARLIER, EARLIER, 9000, 9000, 9000, 9000]);
  });

  it('sps_flapping: every other SPS has zeros behind it', () => {
    const { next, seen } = cut(['sps_flapping']);
    expect([seen, next(), next()].map((one) => one[0]!.payload.length)).toEqual([11, 13, 11]);
  });

  it('big_datagrams: as long as the limit allows', () => {
    expect(cut(['big_datagrams'], KEY, 'h264', 10_000).seen).toHaveLength(4);
  });

  it('none: pictures are cut as usual', () => {
    expect(createQuirkyPackets(new Set(['data_before_play']))).toBeUndefined();
    expect(createWireNoise(new Set(['padding']), Math.random)).toBeUndefined();
  });
});

describe('noise on an interleaved connection', () => {
  const data = Buffer.concat([packet(Buffer.from([1, 2, 3])), packet(Buffer.from([4]))]);

  it('crlf_before_data, unassigned_channels', () => {
    const crlf = createWireNoise(new Set(['crlf_before_data']), Math.random)!;
    const [a, b] = splitPackets(data);
    const line = Buffer.from('\r\n');
    expect(crlf(data)).toEqual(Buffer.concat([line, a!, line, b!]));
    const strange = createWireNoise(new Set(['unassigned_channels']), Math.random)!;
    expect(splitPackets(strange(data)).map((one) => one[1])).toEqual([0, 40, 0]);
  });

  it('garbage_between: never looks like the beginning of a packet', () => {
    const garbage = createWireNoise(new Set(['garbage_between']), Math.random)!;
    for (let i = 0; i < 100; i++) {
      const noisy = garbage(data);
      expect(noisy.length).toBeGreaterThan(data.length);
      const [a, b] = splitPackets(data);
      expect(noisy.indexOf(0x24)).toBe(noisy.indexOf(a!));
      expect(noisy.indexOf(0x24, noisy.indexOf(a!) + a!.length)).toBe(noisy.indexOf(b!));
    }
  });
});

describe('the order in which pictures are shown', () => {
  it('follows from the slice types', () => {
    // first_mb_in_slice 0, then slice_type 7 (I), 5 (P), 6 (B).
    const slices = { I: [0x65, 0b1000_1000, 0], P: [0x41, 0b1001_1000, 0], B: [0x01, 0b1001_1100, 0] };
    const units = [...'IPBBPBBPP'].map((kind) => ({
      key: kind === 'I',
      nals: [Uint8Array.from(slices[kind as keyof typeof slices])],
    }));
    const shifts = presentationShifts(units, 'h264');
    expect(shifts.map((shift, i) => i + shift)).toEqual([0, 3, 1, 2, 6, 4, 5, 7, 8]);
  });
});
