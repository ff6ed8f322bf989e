import type { Socket as UdpSocket } from 'node:dgram';
import type { Socket } from 'node:net';
import type { Fault, FaultBoard } from '../faults.ts';
import type { Quirks } from '../quirks.ts';
import { FPS, FRAME_TICKS } from '../scenes/profile.ts';
import { createRoad } from './damage.ts';
import {
  type FrameTemplate,
  fillFrame,
  fillHeader,
  PREFIX_BYTES,
  packet,
  type Slab,
  splitPackets,
} from './packets.ts';
import { createQuirkyPackets, datagramLimit } from './quirky-packets.ts';
import { createStaleSession, createWireNoise } from './quirky-wire.ts';
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
  readonly ssrc: number;
  video: Outlet | undefined;
  sound: Outlet | undefined;
  /** When the client was last heard, µs of the steady clock. */
  heardMonoUs: number;
  /** @returns the RTP-Info values of the first packet to come. */
  play(): { sequence: number; rtpTime: number };
  pause(): void;
  /** Lets an older session's pictures come, where the camera has that quirk. */
  haunt(): void;
  report(utcUs: number): void;
  close(): void;
}

export interface SessionOptions {
  readonly id: string;
  readonly stream: CameraStream;
  readonly served: ServedSession;
  readonly faults: FaultBoard;
  readonly quirks: Quirks;
  readonly slab: Slab;
  /** 0 ≤ n < 1, for lost and flipped bytes. */
  readonly random: () => number;
  /** Unsent bytes above which frames are dropped until the next key frame. */
  readonly backlogBytes: number;
  readonly heardMonoUs: number;
}

const AUDIO_BYTES = 320;
const PRE_BUFFER_FRAMES = 5 * FPS;
/** Every so many frames a picture of the older session comes. */
const STALE_EVERY = 5;

export function createSession(options: SessionOptions): Session {
  const { stream, served, faults, quirks, slab, random } = options;
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
  let bytes = 0;
  /** Sequence numbers used up since the last packet that was sent. */
  let unsent = 0;
  let earlierTime: number | undefined;
  /** Frames that still have to come although later ones were sent: B-frames. */
  const awaited = new Set<number>();
  const quirkyPackets = createQuirkyPackets(quirks);
  const noise = createWireNoise(quirks, random);
  const stale = quirks.has('stale_session') ? createStaleSession(stream, random, slab) : undefined;
  const foreignSsrc = randomInt(random, 2 ** 32);
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

  function countSent(packets: number): void {
    if (served.packetsSent > 0) served.packetsLost += unsent;
    unsent = 0;
    served.packetsSent += packets;
  }

  const road = createRoad({
    ...{ find, served, random },
    account: (sent) => {
      if (sent) countSent(1);
      else unsent++;
    },
  });

  function deliverReport(outlet: Outlet, rtcp: Buffer): void {
    if (outlet.kind === 'tcp') {
      const prefix = Buffer.from([0x24, outlet.rtcp, rtcp.length >> 8, rtcp.length & 0xff]);
      outlet.socket.write(Buffer.concat([prefix, rtcp]));
    } else {
      outlet.rtcpSocket.send(rtcp, outlet.rtcp, outlet.host);
    }
  }

  /** Everything that is not the picture itself and that a camera with quirks sends along with it. */
  function deliverStrangers(outlet: Outlet, frame: number, key: boolean): void {
    if (stale && outlet.kind === 'tcp' && frame % STALE_EVERY === 0)
      outlet.socket.write(stale.next(outlet.rtp));
    if (key && quirks.has('foreign_reports')) {
      const facts = { ssrc: foreignSsrc, utcUs: 1_000_000, rtpTime: 1, packets: 1, bytes: 1 };
      deliverReport(outlet, senderReport(facts));
    }
  }

  function cut(template: FrameTemplate, stamp: Buffer, outlet: Outlet, time: number): Buffer {
    const fields = { channel: outlet.kind === 'tcp' ? outlet.rtp : 0, sequence, rtpTime: time, ssrc };
    if (!quirkyPackets) {
      sequence = (sequence + template.offsets.length + 1) & 0xffff;
      return fillFrame(template, stamp, fields, slab);
    }
    const before = earlierTime ?? (time - FRAME_TICKS + 2 ** 32) % 2 ** 32;
    const packets = quirkyPackets.cut(template, stamp, fields, before, datagramLimit(outlet.kind));
    earlierTime = time;
    sequence = (sequence + packets.length) & 0xffff;
    return Buffer.concat(packets);
  }

  /** Where the account stands after a frame, which with B-frames may have a lower number than the one before. */
  function advance(frame: number, bytesSent: number): void {
    if (served.firstFrame === null) return;
    const last = served.lastFrame ?? frame - 1;
    if (quirks.has('b_frames')) for (let one = last + 1; one < frame; one++) awaited.add(one);
    awaited.delete(frame);
    served.lastFrame = Math.max(last, frame);
    served.framesSent++;
    served.bytesSent += bytesSent;
  }

  const session: Session = {
    id: options.id,
    stream,
    served,
    ssrc,
    video: undefined,
    sound: undefined,
    heardMonoUs: options.heardMonoUs,

    play() {
      if (!playing) {
        stream.join(session);
        playing = true;
        if (quirks.has('pre_buffer')) firstFrame = stream.replay(session, PRE_BUFFER_FRAMES);
        else firstFrame = quirks.has('joins_mid_group') ? stream.nextFrame() : stream.nextKeyFrame();
        mutedBy = find('stall_play')?.id;
      }
      return { sequence: sequence & 0xffff, rtpTime: rtpTime(firstFrame * FRAME_TICKS) };
    },

    pause() {
      playing = false;
      stream.leave(session);
      const outlet = session.video;
      if (outlet) for (const late of road.rest()) deliver(outlet, late);
      for (const frame of awaited) addToRanges(served.droppedFault, frame);
      awaited.clear();
    },

    haunt() {
      const outlet = session.video;
      if (stale && outlet?.kind === 'tcp') outlet.socket.write(stale.next(outlet.rtp));
    },

    frame(frame, template: FrameTemplate, stamp) {
      const outlet = session.video;
      if (!outlet || frame < firstFrame) return;
      // The clip of another fault may hold back the key frame that a new session has to begin with.
      if (served.firstFrame === null && !template.key && !quirks.has('joins_mid_group')) return;
      if (template.key) served.firstFrame ??= frame;
      if (muted() || find('audio_only')) return addToRanges(served.droppedFault, frame);
      const count = template.offsets.length + 1;
      if (outlet.kind === 'tcp') {
        const full = outlet.socket.writableLength > options.backlogBytes;
        slow = full || (slow && !template.key);
        if (slow) {
          sequence = (sequence + count) & 0xffff;
          unsent += count;
          return addToRanges(served.droppedSlow, frame);
        }
      }
      if (quirks.size > 0) deliverStrangers(outlet, frame, template.key);
      let data = cut(template, stamp, outlet, rtpTime(frame * FRAME_TICKS));
      const sentBefore = served.packetsSent;
      if (faults.any(camera) || road.holds()) data = Buffer.concat(road.carry(splitPackets(data), frame));
      else countSent(quirkyPackets ? splitPackets(data).length : count);
      deliver(outlet, noise && outlet.kind === 'tcp' ? noise(data) : data);
      bytes += data.length - (served.packetsSent - sentBefore) * PREFIX_BYTES;
      advance(frame, data.length);
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
      const facts = {
        ssrc,
        utcUs: utcUs + skewUs,
        rtpTime: rtpTime(stream.rtpNow()),
        packets: served.packetsSent,
        bytes,
      };
      deliverReport(outlet, senderReport(facts));
    },

    close() {
      session.pause();
      served.open = false;
    },
  };
  return session;
}

const randomInt = (random: () => number, below: number): number => Math.floor(random() * below);
