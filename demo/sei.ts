import type { DemoStream } from './clinic.ts';
import { type Codec, isSei, nalType, splitAnnexB } from './scenes/annex-b.ts';

/**
 * The mark that the simulated cameras put into every access unit, so that a test can name each missing frame:
 * an SEI message `user_data_unregistered` (H.264 D.1.7, H.265 D.2.7) with our UUID, then big-endian
 * uint64 frame number, uint64 µs UTC, uint16 camera number, uint8 stream kind.
 */
export interface FrameStamp {
  /** Counts from the server's start, one by one, whether or not anybody watches. */
  readonly frame: number;
  /** When the camera took the picture, µs UTC. */
  readonly utcUs: number;
  readonly camera: number;
  readonly stream: DemoStream;
}

export const STAMP_UUID = Buffer.from('6769726f6b2d64656d6f2d6672616d65', 'hex');
const STREAMS: readonly DemoStream[] = ['main', 'sub', 'night'];
const USER_DATA_UNREGISTERED = 5;
const PAYLOAD_BYTES = 16 + 8 + 8 + 2 + 1;

/** The stamp as a complete NAL unit, emulation prevention included (36…60 bytes, no start code). */
export function writeStamp(codec: Codec, stamp: FrameStamp): Buffer {
  const header = codec === 'h264' ? [0x06] : [39 << 1, 0x01];
  const raw = Buffer.alloc(header.length + 2 + PAYLOAD_BYTES + 1);
  let at = 0;
  for (const byte of header) raw[at++] = byte;
  raw[at++] = USER_DATA_UNREGISTERED;
  raw[at++] = PAYLOAD_BYTES;
  at += STAMP_UUID.copy(raw, at);
  at = raw.writeBigUInt64BE(BigInt(stamp.frame), at);
  at = raw.writeBigUInt64BE(BigInt(stamp.utcUs), at);
  at = raw.writeUInt16BE(stamp.camera, at);
  raw[at++] = STREAMS.indexOf(stamp.stream);
  raw[at] = 0x80;
  return escapeNal(raw);
}

/** @returns undefined when the NAL unit is no SEI or carries no stamp of ours. */
export function parseStamp(codec: Codec, nal: Uint8Array): FrameStamp | undefined {
  if (nal.length < 2 || !isSei(codec, nalType(codec, nal[0]!))) return undefined;
  const raw = unescapeNal(nal);
  let at = codec === 'h264' ? 1 : 2;
  while (at + 2 < raw.length) {
    let type = 0;
    while (raw[at] === 0xff) type += raw[at++]!;
    type += raw[at++] ?? 0;
    let bytes = 0;
    while (raw[at] === 0xff) bytes += raw[at++]!;
    bytes += raw[at++] ?? 0;
    if (at + bytes > raw.length) return undefined;
    if (type === USER_DATA_UNREGISTERED && bytes === PAYLOAD_BYTES) {
      const body = raw.subarray(at, at + bytes);
      const stream = STREAMS[body[34]!];
      if (stream && STAMP_UUID.equals(body.subarray(0, 16))) {
        return {
          frame: Number(body.readBigUInt64BE(16)),
          utcUs: Number(body.readBigUInt64BE(24)),
          camera: body.readUInt16BE(32),
          stream,
        };
      }
    }
    at += bytes;
  }
  return undefined;
}

/** Every stamp in an Annex B byte stream, in order. */
export function stampsOfAnnexB(codec: Codec, bytes: Uint8Array): FrameStamp[] {
  return splitAnnexB(bytes)
    .map(({ start, end }) => parseStamp(codec, bytes.subarray(start, end)))
    .filter((stamp) => stamp !== undefined);
}

/** Every stamp in one sample of an MP4 file: NAL units behind 4-byte lengths. Stops at the first broken length. */
export function stampsOfSample(codec: Codec, sample: Uint8Array): FrameStamp[] {
  const stamps: FrameStamp[] = [];
  const view = Buffer.from(sample.buffer, sample.byteOffset, sample.byteLength);
  for (let at = 0; at + 4 <= view.length; ) {
    const end = at + 4 + view.readUInt32BE(at);
    if (end > view.length) break;
    const stamp = parseStamp(codec, view.subarray(at + 4, end));
    if (stamp) stamps.push(stamp);
    at = end;
  }
  return stamps;
}

/** Inserts emulation_prevention_three_byte wherever two zeros are followed by 0…3 (H.264 7.4.1). */
export function escapeNal(raw: Uint8Array): Buffer {
  const out = Buffer.alloc(raw.length + Math.ceil(raw.length / 2));
  let length = 0;
  let zeros = 0;
  for (const byte of raw) {
    if (zeros >= 2 && byte <= 3) {
      out[length++] = 3;
      zeros = 0;
    }
    out[length++] = byte;
    zeros = byte === 0 ? zeros + 1 : 0;
  }
  return out.subarray(0, length);
}

export function unescapeNal(nal: Uint8Array): Buffer {
  const out = Buffer.alloc(nal.length);
  let length = 0;
  let zeros = 0;
  for (const byte of nal) {
    if (zeros >= 2 && byte === 3) {
      zeros = 0;
      continue;
    }
    out[length++] = byte;
    zeros = byte === 0 ? zeros + 1 : 0;
  }
  return out.subarray(0, length);
}
