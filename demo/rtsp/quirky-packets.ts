import type { Quirks } from '../quirks.ts';
import { type Codec, isParameterSet, isSlice, nalType } from '../scenes/annex-b.ts';
import {
  type FrameTemplate,
  fillHeader,
  MAX_PAYLOAD,
  nalsOf,
  type PacketFields,
  payloadsOf,
  VIDEO_PAYLOAD_TYPE,
} from './packets.ts';

/** Cuts pictures into packets as a camera with quirks does. */
export interface QuirkyPackets {
  /**
   * @param limit payload bytes of a packet
   * @param earlierTime RTP time of the picture before
   * @returns the packets with their interleaved prefixes, numbered from `fields.sequence`
   */
  cut(
    template: FrameTemplate,
    stamp: Buffer,
    fields: PacketFields,
    earlierTime: number,
    limit: number,
  ): Buffer[];
}

interface Part {
  readonly payload: Uint8Array;
  readonly marker: boolean;
  /** Of parameter sets or messages only. */
  readonly aside: boolean;
  readonly sets: boolean;
  readonly fragment: boolean;
  readonly payloadType: number;
}

const SHAPING: ReadonlySet<string> = new Set([
  ...['big_datagrams', 'sets_in_sdp_only', 'start_codes_within', 'start_codes_before', 'marker_on_sets'],
  ...['fragment_type_changes', 'empty_fragments', 'reserved_bits', 'foreign_payload_type'],
  ...['header_extension', 'contributing_sources', 'padding', 'aggregation', 'sets_with_old_time'],
  'sps_flapping',
]);
const START_CODE = Buffer.from([0, 0, 0, 1]);
const BIG_PAYLOAD = 10_000;
const FOREIGN_PAYLOAD_TYPE = 50;
/** One-byte extensions (RFC 8285): one element of two bytes, one byte of padding. */
const EXTENSION = Buffer.from([0xbe, 0xde, 0, 1, 0x11, 0x12, 0x34, 0]);
const SOURCES = Buffer.from([0, 0, 0, 7, 0, 0, 0, 9]);
const PADDING = Buffer.from([0, 0, 0, 4]);

/** @returns undefined where pictures are cut as usual. */
export function createQuirkyPackets(quirks: Quirks): QuirkyPackets | undefined {
  if (![...quirks].some((quirk) => SHAPING.has(quirk))) return undefined;
  let keyFrames = 0;

  function unitsOf(template: FrameTemplate, stamp: Buffer): Uint8Array[] {
    const { codec, key } = template;
    let nals: Uint8Array[] = nalsOf(template, stamp);
    if (key) keyFrames++;
    const isSet = (nal: Uint8Array) => isParameterSet(codec, nalType(codec, nal[0]!));
    if (quirks.has('sets_in_sdp_only')) nals = nals.filter((nal) => !isSet(nal));
    if (quirks.has('sps_flapping') && keyFrames % 2 === 0)
      nals = nals.map((nal) => (isSps(codec, nal) ? Buffer.concat([nal, Buffer.alloc(2)]) : nal));
    if (quirks.has('start_codes_within'))
      nals = [Buffer.concat(nals.flatMap((nal, i) => (i === 0 ? [nal] : [START_CODE, nal])))];
    return nals;
  }

  return {
    cut(template, stamp, fields, earlierTime, limit) {
      const { codec } = template;
      const payloadLimit = quirks.has('big_datagrams') ? limit : MAX_PAYLOAD;
      let nals = unitsOf(template, stamp);
      const parts: Part[] = [];
      const lead = nals.findIndex((nal) => isSlice(codec, nalType(codec, nal[0]!)));
      if (quirks.has('aggregation') && lead > 1) {
        const together = nals.slice(0, lead);
        parts.push(partOf(aggregate(together, codec), { aside: true, sets: true }));
        nals = nals.slice(lead);
      }
      for (const nal of nals) parts.push(...partsOf(nal, codec, payloadLimit, quirks));
      return dress(parts, quirks, fields, earlierTime);
    },
  };
}

/** Payload bytes of a packet with the quirk `big_datagrams`, over UDP. */
export const datagramLimit = (transport: 'tcp' | 'udp'): number =>
  transport === 'udp' ? BIG_PAYLOAD : MAX_PAYLOAD;

const isSps = (codec: Codec, nal: Uint8Array) => nalType(codec, nal[0]!) === (codec === 'h264' ? 7 : 33);

const partOf = (payload: Uint8Array, facts: Partial<Part> = {}): Part => ({
  ...{ marker: false, aside: false, sets: false, fragment: false, payloadType: VIDEO_PAYLOAD_TYPE },
  ...facts,
  payload,
});

/** STAP-A (RFC 6184 5.7.1), AP (RFC 7798 4.4.2). */
function aggregate(nals: readonly Uint8Array[], codec: Codec): Buffer {
  const header = codec === 'h264' ? [0x60 | 24] : [48 << 1, 1];
  const sized = nals.flatMap((nal) => [Buffer.from([nal.length >> 8, nal.length & 0xff]), nal]);
  return Buffer.concat([Buffer.from(header), ...sized]);
}

function partsOf(nal: Uint8Array, codec: Codec, limit: number, quirks: Quirks): Part[] {
  const type = nalType(codec, nal[0]!);
  const facts = { aside: !isSlice(codec, type), sets: isParameterSet(codec, type) };
  const payloads = payloadsOf(nal, codec, limit);
  if (payloads.length === 1) {
    const whole = quirks.has('start_codes_before') ? Buffer.concat([START_CODE, nal]) : nal;
    // A joined picture begins with its parameter sets and is none.
    return [partOf(whole, quirks.has('start_codes_within') ? {} : facts)];
  }
  const at = codec === 'h264' ? 1 : 2;
  const fragments = payloads.map((payload, i) => quirkyFragment(payload, i, at, codec, quirks));
  if (quirks.has('empty_fragments')) {
    // The header of a middle fragment, neither first nor last.
    const empty = Uint8Array.from(fragments[0]!.subarray(0, at + 1));
    empty[at] = empty[at]! & 0x3f;
    fragments.splice(1, 0, empty);
  }
  return fragments.map((payload) => partOf(payload, { fragment: true }));
}

function quirkyFragment(
  payload: Uint8Array,
  index: number,
  at: number,
  codec: Codec,
  quirks: Quirks,
): Uint8Array {
  const out = Uint8Array.from(payload);
  if (quirks.has('fragment_type_changes') && index > 0) {
    // Another type and, in H.264, another importance: what counts is what the first fragment said.
    const mask = codec === 'h264' ? 0x1f : 0x3f;
    out[at] = (out[at]! & ~mask) | ((out[at]! & mask) === 1 ? 2 : 1);
    if (codec === 'h264') out[0] = (out[0]! & ~0x60) | 0x20;
  }
  if (quirks.has('reserved_bits')) {
    out[0] = out[0]! | 0x80;
    if (codec === 'h264') out[at] = out[at]! | 0x20;
  }
  return out;
}

/** Adds packets that belong to nothing, sets markers and writes the headers. */
function dress(plain: readonly Part[], quirks: Quirks, fields: PacketFields, earlierTime: number): Buffer[] {
  const parts = [...plain];
  if (quirks.has('foreign_payload_type'))
    parts.splice(1, 0, partOf(Buffer.alloc(20, 0x47), { payloadType: FOREIGN_PAYLOAD_TYPE }));
  if (quirks.has('empty_fragments')) parts.splice(-1, 0, partOf(Buffer.alloc(0)));
  const last = parts.length - 1;
  return parts.map((part, i) => {
    const marker = i === last || (part.aside && quirks.has('marker_on_sets'));
    const old = part.sets && quirks.has('sets_with_old_time');
    const packet = dressedPacket({ ...part, marker }, quirks);
    fillHeader(packet, 0, old ? { ...fields, rtpTime: earlierTime } : fields, fields.sequence + i);
    return packet;
  });
}

/** Interleaved prefix, RTP header (RFC 3550 5.1) with whatever hangs on it, payload. */
function dressedPacket({ payload, marker, payloadType }: Part, quirks: Quirks): Buffer {
  const [csrc, extension, padding] = [
    quirks.has('contributing_sources'),
    quirks.has('header_extension'),
    quirks.has('padding'),
  ];
  const header = Buffer.alloc(16);
  const body = Buffer.concat([
    header,
    ...(csrc ? [SOURCES] : []),
    ...(extension ? [EXTENSION] : []),
    payload,
    ...(padding ? [PADDING] : []),
  ]);
  body[0] = 0x24;
  body.writeUInt16BE(body.length - 4, 2);
  body[4] = 0x80 | (padding ? 0x20 : 0) | (extension ? 0x10 : 0) | (csrc ? 2 : 0);
  body[5] = payloadType | (marker ? 0x80 : 0);
  return body;
}
