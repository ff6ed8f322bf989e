import type { AccessUnit, Codec } from '../scenes/annex-b.ts';
import { isSlice, nalType } from '../scenes/annex-b.ts';

/** RTP payload bytes per packet: fits an Ethernet frame over UDP. */
export const MAX_PAYLOAD = 1400;
export const VIDEO_PAYLOAD_TYPE = 96;
/** `$`, channel, 16-bit length (RFC 2326 10.12) and the fixed RTP header (RFC 3550 5.1). */
export const PREFIX_BYTES = 4 + 12;

/**
 * One picture ready to be sent: all its packets behind each other, each with interleaved prefix and RTP
 * header, in which only channel, sequence number, time and SSRC are still open. The stamp goes in at `split`.
 */
export interface FrameTemplate {
  readonly codec: Codec;
  readonly key: boolean;
  /** Shown so many frames after its turn in the stream; 0 without B-frames. */
  readonly shift: number;
  readonly body: Buffer;
  /** Where each packet begins in `body`. */
  readonly offsets: readonly number[];
  /** The stamp's packet comes before this byte and before this packet. */
  readonly split: number;
  readonly splitPacket: number;
}

export function frameTemplate(unit: AccessUnit, codec: Codec, shift = 0): FrameTemplate {
  const packets: Buffer[] = [];
  let splitPacket = -1;
  for (const nal of unit.nals) {
    if (splitPacket < 0 && isSlice(codec, nalType(codec, nal[0]!))) splitPacket = packets.length;
    for (const payload of payloadsOf(nal, codec)) packets.push(packet(payload));
  }
  packets.at(-1)![5]! |= 0x80; // marker: the picture's last packet
  const offsets: number[] = [];
  let at = 0;
  for (const one of packets) {
    offsets.push(at);
    at += one.length;
  }
  const before = Math.max(0, splitPacket);
  return {
    codec,
    key: unit.key,
    shift,
    body: Buffer.concat(packets),
    offsets,
    split: offsets[before]!,
    splitPacket: before,
  };
}

/** A payload as a packet with its open fields zero and no marker. */
export function packet(payload: Uint8Array, payloadType: number = VIDEO_PAYLOAD_TYPE): Buffer {
  const out = Buffer.alloc(PREFIX_BYTES + payload.length);
  out[0] = 0x24;
  out.writeUInt16BE(12 + payload.length, 2);
  out[4] = 0x80;
  out[5] = payloadType;
  out.set(payload, PREFIX_BYTES);
  return out;
}

/** RFC 6184 5.6 and 5.8 (single NAL unit, FU-A); RFC 7798 4.4.1 and 4.4.3 (single NAL unit, FU). */
export function payloadsOf(nal: Uint8Array, codec: Codec, limit = MAX_PAYLOAD): Uint8Array[] {
  if (nal.length <= limit) return [nal];
  const headerBytes = codec === 'h264' ? 1 : 2;
  const type = nalType(codec, nal[0]!);
  const fragmentBytes = limit - headerBytes - 1;
  const payloads: Uint8Array[] = [];
  for (let at = headerBytes; at < nal.length; at += fragmentBytes) {
    const part = nal.subarray(at, at + fragmentBytes);
    const first = at === headerBytes ? 0x80 : 0;
    const last = at + fragmentBytes >= nal.length ? 0x40 : 0;
    const out = new Uint8Array(headerBytes + 1 + part.length);
    if (codec === 'h264') {
      out[0] = (nal[0]! & 0xe0) | 28;
    } else {
      out[0] = (nal[0]! & 0x81) | (49 << 1);
      out[1] = nal[1]!;
    }
    out[headerBytes] = first | last | type;
    out.set(part, headerBytes + 1);
    payloads.push(out);
  }
  return payloads;
}

/** A template's units again as they were before they were cut, the stamp's among them. */
export function nalsOf(template: FrameTemplate, stamp: Buffer): Buffer[] {
  const { codec, body, splitPacket } = template;
  const payloads = splitPackets(body).map((one) => one.subarray(PREFIX_BYTES));
  payloads.splice(splitPacket, 0, stamp.subarray(PREFIX_BYTES));
  const at = codec === 'h264' ? 1 : 2;
  const nals: Buffer[][] = [];
  for (const payload of payloads) {
    const type = nalType(codec, payload[0]!);
    if (type !== (codec === 'h264' ? 28 : 49)) nals.push([payload]);
    else if ((payload[at]! & 0x80) === 0) nals.at(-1)!.push(payload.subarray(at + 1));
    else nals.push([unitHeader(payload, codec), payload.subarray(at + 1)]);
  }
  return nals.map((pieces) => Buffer.concat(pieces));
}

/** The header that a fragment's unit had. */
const unitHeader = (fragment: Buffer, codec: Codec): Buffer =>
  codec === 'h264'
    ? Buffer.from([(fragment[0]! & 0xe0) | (fragment[1]! & 0x1f)])
    : Buffer.from([(fragment[0]! & 0x81) | ((fragment[2]! & 0x3f) << 1), fragment[1]!]);

export interface PacketFields {
  readonly channel: number;
  /** Sequence number of the first packet. */
  readonly sequence: number;
  readonly rtpTime: number;
  readonly ssrc: number;
}

/** Frames are written into slabs: one allocation for dozens of them, freed when the last has left. */
export interface Slab {
  take(bytes: number): Buffer;
}

export function createSlab(bytes = 1 << 20): Slab {
  let slab = Buffer.allocUnsafeSlow(bytes);
  let used = 0;
  return {
    take(wanted) {
      if (wanted > bytes / 4) return Buffer.allocUnsafeSlow(wanted);
      if (used + wanted > bytes) {
        slab = Buffer.allocUnsafeSlow(bytes);
        used = 0;
      }
      used += wanted;
      return slab.subarray(used - wanted, used);
    },
  };
}

/** Fills a template for one session. @returns the bytes for an interleaved connection, stamp included. */
export function fillFrame(template: FrameTemplate, stamp: Buffer, fields: PacketFields, slab: Slab): Buffer {
  const { body, offsets, split, splitPacket } = template;
  const out = slab.take(body.length + stamp.length);
  body.copy(out, 0, 0, split);
  stamp.copy(out, split);
  body.copy(out, split + stamp.length, split);
  let sequence = fields.sequence;
  for (let i = 0; i < offsets.length; i++) {
    if (i === splitPacket) fillHeader(out, split, fields, sequence++);
    fillHeader(out, offsets[i]! + (i >= splitPacket ? stamp.length : 0), fields, sequence++);
  }
  return out;
}

export function fillHeader(
  out: Buffer,
  at: number,
  { channel, rtpTime, ssrc }: PacketFields,
  sequence: number,
): void {
  out[at + 1] = channel;
  out[at + 6] = sequence >> 8;
  out[at + 7] = sequence;
  out[at + 8] = rtpTime >>> 24;
  out[at + 9] = rtpTime >>> 16;
  out[at + 10] = rtpTime >>> 8;
  out[at + 11] = rtpTime;
  out[at + 12] = ssrc >>> 24;
  out[at + 13] = ssrc >>> 16;
  out[at + 14] = ssrc >>> 8;
  out[at + 15] = ssrc;
}

/** The packets of a filled frame (each with its interleaved prefix). */
export function splitPackets(filled: Buffer): Buffer[] {
  const packets: Buffer[] = [];
  for (let at = 0; at < filled.length; ) {
    const end = at + 4 + filled.readUInt16BE(at + 2);
    packets.push(filled.subarray(at, end));
    at = end;
  }
  return packets;
}
