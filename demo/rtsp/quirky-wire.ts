import type { Quirks } from '../quirks.ts';
import { writeStamp } from '../sei.ts';
import { fillFrame, packet, type Slab, splitPackets } from './packets.ts';
import type { CameraStream } from './stream.ts';

/** What stands between the packets of an interleaved connection that should not be there. */
export type WireNoise = (data: Buffer) => Buffer;

const EMPTY_LINE = Buffer.from('\r\n');
const UNASSIGNED_CHANNEL = 40;
const DOLLAR = 0x24;

/** @returns undefined where the connection is clean. */
export function createWireNoise(quirks: Quirks, random: () => number): WireNoise | undefined {
  const wanted = ['crlf_before_data', 'unassigned_channels', 'garbage_between'] as const;
  if (!wanted.some((quirk) => quirks.has(quirk))) return undefined;
  const stranger = packet(Buffer.alloc(40, 0xee));
  stranger[1] = UNASSIGNED_CHANNEL;

  /** Not a `$` in it, which nobody could tell from the beginning of a packet. */
  const garbage = () =>
    Buffer.from(Array.from({ length: 1 + Math.floor(random() * 60) }, () => Math.floor(random() * 256))).map(
      (byte) => (byte === DOLLAR ? 0 : byte),
    );

  return (data) => {
    const packets = splitPackets(data);
    const middle = packets.length >> 1;
    return Buffer.concat(
      packets.flatMap((one, i) => [
        ...(quirks.has('unassigned_channels') && i === middle ? [stranger] : []),
        ...(quirks.has('garbage_between') && (i === 0 || i === middle) ? [garbage()] : []),
        ...(quirks.has('crlf_before_data') ? [EMPTY_LINE] : []),
        one,
      ]),
    );
  };
}

/** An older session of the same stream whose packets get onto a connection that is not theirs. */
export interface StaleSession {
  /** One of its pictures: with the frame number 0 and a time long past, so that nobody takes it for a new one. */
  next(channel: number): Buffer;
}

const STALE_UTC_US = 1_000_000;
const STALE_TICKS = 6000;

export function createStaleSession(stream: CameraStream, random: () => number, slab: Slab): StaleSession {
  const below = (limit: number) => Math.floor(random() * limit);
  const ssrc = below(2 ** 32);
  let [sequence, rtpTime] = [below(2 ** 16), below(2 ** 32)];
  return {
    next(channel) {
      const { codec, frames } = stream.track();
      const template = frames[1]!;
      const stamp = packet(
        writeStamp(codec, {
          frame: 0,
          utcUs: STALE_UTC_US,
          camera: stream.camera.number,
          stream: stream.kind,
        }),
      );
      const data = fillFrame(template, stamp, { channel, sequence, rtpTime, ssrc }, slab);
      sequence = (sequence + template.offsets.length + 1) % 2 ** 16;
      rtpTime = (rtpTime + STALE_TICKS) % 2 ** 32;
      return data;
    },
  };
}
