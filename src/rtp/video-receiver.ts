import { randomInt } from 'node:crypto';
import type { Clock } from '../lib/clock.ts';
import type { MemoryPool } from '../lib/memory-pool.ts';
import type { WrittenFragment } from '../media/fmp4/fragment-writer.ts';
import type { Codec } from '../media/nal.ts';
import { createDepacketiser } from './depacketiser.ts';
import { createPacketOrder } from './packet-order.ts';
import { createPictureAssembler, type Missing } from './picture-assembler.ts';
import { readReports, receiverReport, type SenderReport } from './rtcp.ts';
import { createRtpPacket, type RtpPacket, readRtpPacket } from './rtp-packet.ts';

/** What DESCRIBE and SETUP said about the stream; unproved. */
export interface VideoStream {
  readonly codec: Codec;
  /** Ticks per second of its RTP times; the fragments keep them. */
  readonly clockRate: number;
  readonly payloadType: number;
  readonly parameterSets: readonly Buffer[];
  readonly transport: 'tcp' | 'udp';
  readonly ssrc?: number;
  /** Sources that were heard before anything was asked for: of an older session, which the camera has not ended. */
  readonly staleSources?: readonly number[];
}

export interface ReceiverEvents {
  /** Once, before the first fragment. */
  begins(parameterSets: readonly Buffer[]): void;
  fragment(fragment: WrittenFragment, missing: Missing): void;
  /** A picture came before the first one that can be decoded. */
  notYet(): void;
  /** `too_large`: no camera makes such pictures. `goodbye`: the camera says that the stream has ended. */
  unusable(why: 'too_large' | 'goodbye'): void;
}

/** Totals of one stream since its start. */
export interface ReceiverCounters {
  readonly packets: number;
  readonly missing: number;
  readonly reordered: number;
  readonly duplicates: number;
  /** Of another stream, of another payload type, or nothing that could be read. */
  readonly foreign: number;
  readonly damagedPictures: number;
  readonly clockJumps: number;
  readonly jitterMs: number;
  readonly driftPpm: number | undefined;
  /** Camera's clock minus ours, by its latest sender report. */
  readonly cameraClockOffsetUs: number | undefined;
}

/** Receives one video stream: RTP in, fragments out. Never throws, whatever comes. */
export interface VideoReceiver {
  /** One packet, `memory[start, end)`; not used after the call. */
  packet(memory: Buffer, start: number, end: number): void;
  /** One RTCP packet. */
  report(memory: Buffer, start: number, end: number): void;
  /** A receiver report to send back; undefined before the first packet. */
  receiverReport(): Buffer | undefined;
  /**
   * Hands on what is still held. Nothing follows.
   *
   * @param leaving it was us who ended it: a picture whose end was still to come is left out
   */
  finish(leaving?: boolean): void;
  /** Steady clock of the latest packet, whosever it was; of the beginning before the first. */
  readonly heardMonoUs: number;
  readonly counters: ReceiverCounters;
}

/** Another stream on our channel is followed when ours has been silent for so long: the camera began anew. */
const SILENT_US = 1_000_000;

export function createVideoReceiver(
  stream: VideoStream,
  events: ReceiverEvents,
  deps: { clock: Clock; memory?: MemoryPool },
): VideoReceiver {
  const { clock } = deps;
  const assembler = createPictureAssembler(
    {
      ...stream,
      announcedSets: stream.parameterSets,
      monoUs: clock.monoUs,
      ...(deps.memory ? { memory: deps.memory } : {}),
    },
    {
      begins: events.begins,
      fragment: events.fragment,
      notYet: events.notYet,
      broken: () => events.unusable('too_large'),
    },
  );
  const depacketiser = createDepacketiser(stream.codec, assembler);
  const order = createPacketOrder(stream.transport === 'udp', stream.clockRate, (memory, packet, missing) => {
    if (!depacketiser.payload(memory, packet.payloadStart, packet.payloadEnd, packet.timestamp, missing))
      foreign += 1;
    if (packet.marker) assembler.marker();
  });
  const packet = createRtpPacket();
  const ownSsrc = randomInt(2 ** 32);
  let ssrc = stream.ssrc;
  let foreign = 0;
  let latestMonoUs = clock.monoUs();
  let heardMonoUs = latestMonoUs;
  let sender: { report: SenderReport; offsetUs: number | undefined; atMonoUs: number } | undefined;
  let reported = { expected: 0, packets: 0 };
  let finished = false;

  /** Two streams may come on one channel: what an old session left behind, or a camera that began anew. */
  const isOurs = ({ ssrc: its }: RtpPacket, nowMonoUs: number): boolean => {
    if (its === ssrc) return true;
    const strange = ssrc !== undefined || stream.staleSources?.includes(its);
    if (strange && nowMonoUs - latestMonoUs < SILENT_US) return false;
    if (ssrc !== undefined) {
      order.beginAnew();
      depacketiser.finish();
    }
    ssrc = its;
    return true;
  };

  return {
    packet(memory, start, end) {
      if (finished) return;
      const nowMonoUs = clock.monoUs();
      heardMonoUs = nowMonoUs;
      if (!readRtpPacket(memory, start, end, packet)) {
        foreign += 1;
        return;
      }
      if (packet.payloadType !== stream.payloadType) {
        foreign += 1;
        // Some cameras put packets of their own between those of the picture, counted with them.
        if (packet.ssrc === ssrc) order.skip(packet.sequence);
        return;
      }
      if (!isOurs(packet, nowMonoUs)) {
        foreign += 1;
        return;
      }
      latestMonoUs = nowMonoUs;
      order.push(memory, packet, nowMonoUs);
    },
    report(memory, start, end) {
      const { sender: report, goodbye } = readReports(memory, start, end);
      if (report && report.ssrc === ssrc) {
        const offsetUs = report.cameraUs === undefined ? undefined : report.cameraUs - clock.utcUs();
        sender = { report, offsetUs, atMonoUs: clock.monoUs() };
      }
      if (goodbye !== undefined && goodbye === ssrc && !finished) events.unusable('goodbye');
    },
    receiverReport() {
      if (ssrc === undefined || order.counters.packets === 0) return undefined;
      const { packets, duplicates, missing } = order.counters;
      const expected = order.highest - order.first + 1;
      const came = packets - duplicates;
      const since = { expected: expected - reported.expected, packets: came - reported.packets };
      reported = { expected, packets: came };
      return receiverReport({
        ssrc: ownSsrc,
        of: ssrc,
        lostShare: since.expected > 0 ? Math.max(0, (since.expected - since.packets) / since.expected) : 0,
        lost: missing,
        highestSequence: order.highest,
        jitter: assembler.clock.jitterTicks,
        middleOfNtp: sender?.report.middleOfNtp ?? 0,
        sinceReportUs: sender ? clock.monoUs() - sender.atMonoUs : 0,
      });
    },
    finish(leaving) {
      if (finished) return;
      order.flush();
      depacketiser.finish();
      assembler.finish(leaving);
      finished = true;
    },
    get heardMonoUs() {
      return heardMonoUs;
    },
    get counters() {
      const { packets, missing, reordered, duplicates } = order.counters;
      return {
        packets,
        missing,
        reordered,
        duplicates,
        foreign,
        damagedPictures: assembler.damagedPictures,
        clockJumps: assembler.clock.jumps,
        jitterMs: (assembler.clock.jitterTicks * 1000) / stream.clockRate,
        driftPpm: assembler.clock.driftPpm,
        cameraClockOffsetUs: sender?.offsetUs,
      };
    },
  };
}
