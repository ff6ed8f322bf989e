import type { Socket as UdpSocket } from 'node:dgram';
import type { Socket } from 'node:net';
import type { Fault, FaultBoard } from '../faults.ts';
import { FRAME_TICKS } from '../scenes/profile.ts';
import {
  type FrameTemplate,
  fillFrame,
  fillHeader,
  PREFIX_BYTES,
  packet,
  type Slab,
  splitPackets,
} from './packets.ts';
import { senderReport } from './rtcp.ts';
import { addToRanges, type ServedSession } from './served.ts';
import type { CameraStream, Viewer } from './stream.ts';

/** Where packets go. `send` takes whole interleaved packets, one or many behind each other. */
export type Outlet =
  | { readonly kind: 'tcp'; readonly socket: Socket; readonly rtp: number; readonly rtcp: number }
  | {
      readonly kind: 'udp';
      readonly rtpSocket: UdpSocket;
      readonly rtcpSocket: UdpSocket;
      readonly host: string;
      readonly rtp: number;
      readonly rtcp: number;
    };

/** One RTSP session: what a client has set up of one stream, and what it was sent. */
export interface Session extends Viewer {
  readonly id: string;
  readonly stream: CameraStream;
  readonly served: ServedSession;
  video: Outlet | undefined;
  sound: Outlet | undefined;
  /** When the client was last heard, µs of the steady clock. */
  heardMonoUs: number;
  /** @returns the RTP-Info values of the first packet to come. */
  play(): { sequence: number; rtpTime: number };
  pause(): void;
  report(utcUs: number): void;
  close(): void;
}

export interface SessionOptions {
  readonly id: string;
  readonly stream: CameraStream;
  readonly served: ServedSession;
  readonly faults: FaultBoard;
  readonly slab: Slab;
  /** 0 ≤ n < 1, for lost and flipped bytes. */
  readonly random: () => number;
  /** Unsent bytes above which frames are dropped until the next key frame. */
  readonly backlogBytes: number;
  readonly heardMonoUs: number;
}

const AUDIO_BYTES = 320;

export function createSession(options: SessionOptions): Session {
  const { stream, served, faults, slab, random } = options;
  const camera = stream.camera.id;
  const [ssrc, audioSsrc] = [randomInt(random, 2 ** 32), randomInt(random, 2 ** 32)];
  const timeBase = randomInt(random, 2 ** 32);
  let sequence = randomInt(random, 65_536);
  let audioSequence = randomInt(random, 65_536);
  let playing = false;
  let firstFrame = 0;
  let slow = false;
  let mutedBy: number | undefined;
  let wrap: { fault: number; offset: number } | undefined;
  let [packets, bytes] = [0, 0];
  const silence = packet(Buffer.alloc(AUDIO_BYTES, 0xff), 0);

  const find = (kind: Fault['kind']) =>
    faults.any(camera) ? faults.find(camera, stream.kind, kind) : undefined;

  function rtpTime(ticks: number): number {
    let time = timeBase + ticks;
    const jump = find('time_jump');
    if (jump) time += (jump.seconds ?? 0) * 90_000;
    const wrapping = find('time_wrap');
    if (wrapping) {
      if (wrap?.fault !== wrapping.id) {
        const target = 2 ** 32 - (wrapping.seconds ?? 10) * 90_000;
        wrap = { fault: wrapping.id, offset: target - time };
      }
      time += wrap.offset;
    }
    return ((Math.floor(time) % 2 ** 32) + 2 ** 32) % 2 ** 32;
  }

  function muted(): boolean {
    if (!faults.any(camera)) return false;
    if (mutedBy !== undefined && find('stall_play')?.id === mutedBy) return true;
    mutedBy = undefined;
    return find('stall') !== undefined;
  }

  function deliver(outlet: Outlet, data: Buffer): void {
    if (outlet.kind === 'tcp') {
      outlet.socket.write(data);
      return;
    }
    for (const one of splitPackets(data))
      outlet.rtpSocket.send(one, 4, one.length - 4, outlet.rtp, outlet.host);
  }

  /** Loses packets and flips bytes as the faults say. */
  function damage(data: Buffer, frame: number): Buffer {
    const [drop, corrupt] = [find('drop'), find('corrupt')];
    if (!drop && !corrupt) return data;
    let hurt = false;
    const kept = splitPackets(data).filter(() => {
      const lost = drop !== undefined && random() < (drop.rate ?? 0.01);
      hurt ||= lost;
      return !lost;
    });
    if (corrupt) {
      const rate = corrupt.rate ?? 0.0001;
      for (const one of kept) {
        // Distance to the next flipped byte, so that a small rate costs no throw of the dice per byte.
        for (let at = PREFIX_BYTES + gap(rate); at < one.length; at += 1 + gap(rate)) {
          one[at]! ^= 1 << randomInt(random, 8);
          hurt = true;
        }
      }
    }
    if (hurt) addToRanges(served.damaged, frame);
    return Buffer.concat(kept);
  }

  const gap = (rate: number) => Math.floor(Math.log(1 - random()) / Math.log(1 - Math.min(0.999999, rate)));

  const session: Session = {
    id: options.id,
    stream,
    served,
    video: undefined,
    sound: undefined,
    heardMonoUs: options.heardMonoUs,

    play() {
      if (!playing) {
        stream.join(session);
        playing = true;
        firstFrame = stream.nextKeyFrame();
        mutedBy = find('stall_play')?.id;
      }
      return { sequence: sequence & 0xffff, rtpTime: rtpTime(firstFrame * FRAME_TICKS) };
    },

    pause() {
      playing = false;
      stream.leave(session);
    },

    frame(frame, template: FrameTemplate, stamp) {
      const outlet = session.video;
      if (!outlet || frame < firstFrame) return;
      // The clip of another fault may hold back the key frame that a new session has to begin with.
      if (served.firstFrame === null && !template.key) return;
      served.firstFrame ??= frame;
      if (muted() || find('audio_only')) return addToRanges(served.droppedFault, frame);
      const count = template.offsets.length + 1;
      if (outlet.kind === 'tcp') {
        const full = outlet.socket.writableLength > options.backlogBytes;
        slow = full || (slow && !template.key);
        if (slow) {
          sequence += count;
          return addToRanges(served.droppedSlow, frame);
        }
      }
      const fields = {
        channel: outlet.kind === 'tcp' ? outlet.rtp : 0,
        sequence,
        rtpTime: rtpTime(frame * FRAME_TICKS),
        ssrc,
      };
      let data = fillFrame(template, stamp, fields, slab);
      sequence = (sequence + count) & 0xffff;
      if (faults.any(camera)) data = damage(data, frame);
      deliver(outlet, data);
      packets += count;
      bytes += data.length - count * PREFIX_BYTES;
      served.lastFrame = frame;
      served.framesSent++;
      served.bytesSent += data.length;
    },

    audio(block) {
      const outlet = session.sound;
      if (!outlet || muted()) return;
      if (outlet.kind === 'tcp' && outlet.socket.writableLength > options.backlogBytes) return;
      const data = Buffer.from(silence);
      const time = (timeBase + block * AUDIO_BYTES) % 2 ** 32;
      fillHeader(
        data,
        0,
        { channel: outlet.kind === 'tcp' ? outlet.rtp : 0, sequence: 0, rtpTime: time, ssrc: audioSsrc },
        audioSequence++ & 0xffff,
      );
      deliver(outlet, data);
    },

    report(utcUs) {
      const outlet = session.video;
      if (!playing || !outlet || muted()) return;
      const skewUs = (find('clock_skew')?.seconds ?? 0) * 1e6;
      const facts = { ssrc, utcUs: utcUs + skewUs, rtpTime: rtpTime(stream.rtpNow()), packets, bytes };
      const rtcp = senderReport(facts);
      if (outlet.kind === 'tcp') {
        outlet.socket.write(
          Buffer.concat([Buffer.from([0x24, outlet.rtcp, rtcp.length >> 8, rtcp.length & 0xff]), rtcp]),
        );
      } else {
        outlet.rtcpSocket.send(rtcp, outlet.rtcp, outlet.host);
      }
    },

    close() {
      session.pause();
      served.open = false;
    },
  };
  return session;
}

const randomInt = (random: () => number, below: number): number => Math.floor(random() * below);
