import { type Clock, SECOND_US } from '../lib/clock.ts';
import { createMemoryPool } from '../lib/memory-pool.ts';
import { readTrack } from '../media/fmp4/track.ts';
import { writeInit } from '../media/fmp4/write-init.ts';
import type { Missing } from '../rtp/picture-assembler.ts';
import { createVideoReceiver, type VideoReceiver } from '../rtp/video-receiver.ts';
import type { OpenConnection } from '../rtsp/connection.ts';
import { openRtspSession } from '../rtsp/session.ts';
import type { Lateness } from './lateness.ts';
import { explainRtspEnd } from './rtsp-end.ts';
import type { FragmentLoss, MediaSource, SourceEnd } from './source.ts';

const REPORT_MS = 5000;
/** Of fragments that have been written, kept for those that follow, all streams together. */
const POOL_BYTES = 16 * 1024 * 1024;
/** So long may a camera take to send its first key frame; then its pictures count as none. */
const KEY_FRAME_WITHIN_US = 30 * SECOND_US;
const IN_VAIN_US = 5 * SECOND_US;
const JUST_NOW_US = 2 * SECOND_US;
const NEVER_DECODABLE: SourceEnd = {
  cause: 'unusable',
  detail: 'what the camera sends is not the H.264 or H.265 that it announces',
};

/**
 * Our own client: RTSP, RTP and fragments in this process, one connection per stream.
 *
 * @param deps.connect instead of real sockets
 */
export function createRtspSource(deps: {
  clock: Clock;
  lateness: Lateness;
  connect?: OpenConnection;
}): MediaSource {
  const { clock, lateness } = deps;
  const memory = createMemoryPool(POOL_BYTES);
  return {
    open(target, events) {
      let receiver: VideoReceiver | undefined;
      let transport: 'tcp' | 'udp' = 'tcp';
      let verdict: SourceEnd | undefined;
      let describedMonoUs = 0;
      let begun = false;

      const lossOf = ({ packets, damagedPictures }: Missing): { loss?: FragmentLoss } => {
        if (packets === 0 && damagedPictures === 0) return {};
        const cause = lateness.lately() ? 'we_were_slow' : transport === 'udp' ? 'network' : 'camera';
        return { loss: { missingPackets: packets, damagedFrames: damagedPictures, cause } };
      };
      /** Packets came for seconds and still come: what is missing is not the network's or the camera's silence. */
      const sendsOn = () => {
        const heardUs = receiver?.heardMonoUs ?? describedMonoUs;
        return heardUs - describedMonoUs > IN_VAIN_US && clock.monoUs() - heardUs < JUST_NOW_US;
      };
      const endBecause = (end: SourceEnd) => {
        verdict ??= end;
        session.stop();
      };

      const session = openRtspSession(
        target,
        {
          described(video) {
            transport = video.transport;
            describedMonoUs = clock.monoUs();
            receiver = createVideoReceiver(
              video,
              {
                begins(sets) {
                  begun = true;
                  const bytes = writeInit(video.codec, video.clockRate, sets);
                  events.init({ bytes, track: readTrack(bytes), source: 'rtsp' });
                },
                fragment: ({ framed, bytes, facts }, missing) =>
                  events.fragment({
                    framed,
                    bytes,
                    facts,
                    receivedMonoUs: clock.monoUs(),
                    receivedWallUs: clock.utcUs(),
                    ...lossOf(missing),
                    release: () => memory.give(framed),
                  }),
                notYet() {
                  if (clock.monoUs() - describedMonoUs < KEY_FRAME_WITHIN_US) events.alive();
                },
                unusable: (why) =>
                  endBecause(
                    why === 'goodbye'
                      ? { cause: 'camera_off', detail: 'the camera ended the stream' }
                      : { cause: 'unusable', detail: 'the pictures are larger than any camera makes' },
                  ),
              },
              { clock, memory },
            );
          },
          packet: (memory, start, end) => receiver?.packet(memory, start, end),
          report: (memory, start, end) => receiver?.report(memory, start, end),
          ended(end) {
            stopReporting();
            receiver?.finish(verdict?.cause === 'stopped');
            // Ended because nothing came of it: only now is it clear why.
            const inVain = verdict?.cause === 'stopped' && !begun && sendsOn();
            events.ended(inVain ? NEVER_DECODABLE : (verdict ?? explainRtspEnd(end)));
          },
        },
        deps,
      );
      const stopReporting = clock.every(REPORT_MS, () => {
        const report = receiver?.receiverReport();
        if (report) session.sendReport(report);
      });
      return {
        kind: 'rtsp',
        insteadBecause: undefined,
        health() {
          if (!receiver) return undefined;
          const { counters } = receiver;
          return {
            transport,
            packets: counters.packets,
            missingPackets: counters.missing,
            reorderedPackets: counters.reordered,
            duplicatePackets: counters.duplicates,
            foreignPackets: counters.foreign,
            damagedFrames: counters.damagedPictures,
            clockJumps: counters.clockJumps,
            jitterMs: counters.jitterMs,
            ...(counters.cameraClockOffsetUs === undefined
              ? {}
              : { cameraClockOffsetMs: counters.cameraClockOffsetUs / 1000 }),
            ...(counters.driftPpm === undefined ? {} : { driftPpm: counters.driftPpm }),
          };
        },
        stop() {
          verdict ??= { cause: 'stopped', detail: 'ended by the recorder' };
          session.stop();
        },
      };
    },
  };
}
