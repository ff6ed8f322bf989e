import type { Clock } from '../lib/clock.ts';
import { type ErrorCode, GirokError } from '../lib/errors.ts';
import { type Codec, nalRole } from '../media/nal.ts';
import { sequenceParameters } from '../media/sequence-parameters.ts';
import { createVideoReceiver, type VideoReceiver } from '../rtp/video-receiver.ts';
import { openRtspSession, type RtspEnd, type RtspEndReason } from '../rtsp/session.ts';
import { type SeenFrame, type StreamShape, shapeOf } from './key-frames.ts';
import type { StreamTarget } from './stream-source.ts';

export interface ProbedStream extends StreamShape {
  /** `h264`, `h265`, or the camera's name for what is neither. */
  readonly codec: string;
  /** 0 × 0 when the camera does not say. */
  readonly width: number;
  readonly height: number;
}

/** Beyond the watching itself: connecting, and waiting for the first key frame. */
const PATIENCE_MS = 12_000;

const CODES: Readonly<Record<Exclude<RtspEndReason, 'stopped' | 'unsupported_codec'>, ErrorCode>> = {
  refused_connection: 'camera_unreachable',
  connection_closed: 'camera_unreachable',
  no_way: 'camera_unreachable',
  no_answer: 'camera_unreachable',
  server_ended: 'camera_unreachable',
  session_expired: 'camera_unreachable',
  login_refused: 'camera_login_refused',
  stream_refused: 'camera_no_stream',
  no_video: 'camera_no_stream',
  camera_error: 'camera_reply_refused',
  redirected_away: 'camera_reply_refused',
  unsupported_transport: 'camera_reply_refused',
  unsupported_packetization: 'camera_reply_refused',
  unreadable_description: 'camera_reply_refused',
  unreadable_stream: 'camera_reply_refused',
};

/**
 * Watches a stream for some seconds from its first key frame on, as the recorder would pull it, without decoding.
 * Rejects with the signal's reason when it is aborted first.
 *
 * @throws {GirokError} `camera_unreachable`, `camera_login_refused`, `camera_no_stream`, `camera_reply_refused`
 */
export function probeStream(
  { url, address, transport, credential }: StreamTarget,
  seconds: number,
  { clock, signal }: { clock: Clock; signal?: AbortSignal | undefined },
): Promise<ProbedStream> {
  return new Promise((resolve, reject) => {
    const frames: SeenFrame[] = [];
    let seen = { codec: 'unknown', width: 0, height: 0 };
    let receiver: VideoReceiver | undefined;
    let undecodable = 0;
    let fault: ErrorCode | undefined;

    const session = openRtspSession(
      { url, transport, ...(credential ? { login: credential } : {}) },
      {
        described(video) {
          seen = { codec: video.codec, ...sizeOf(video.codec, video.parameterSets) };
          receiver = createVideoReceiver(
            video,
            {
              begins(sets) {
                seen = { ...seen, ...sizeOf(video.codec, sets) };
              },
              fragment({ facts }) {
                let ticks = facts.mediaStart;
                for (const { bytes, keyFrame, durationTicks } of facts.samples) {
                  frames.push({ atSeconds: ticks / video.clockRate, bytes, key: keyFrame });
                  ticks += durationTicks;
                }
                if (ticks / video.clockRate - (frames[0]?.atSeconds ?? 0) >= seconds) session.stop();
              },
              notYet: () => undecodable++,
              unusable(why) {
                fault = why === 'goodbye' ? 'camera_unreachable' : 'camera_reply_refused';
                session.stop();
              },
            },
            { clock },
          );
        },
        packet: (memory, start, end) => receiver?.packet(memory, start, end),
        report: (memory, start, end) => receiver?.report(memory, start, end),
        ended,
      },
      { clock },
    );
    const cancelPatience = clock.after(seconds * 1000 + PATIENCE_MS, session.stop);
    signal?.addEventListener('abort', session.stop, { once: true });
    if (signal?.aborted) session.stop();

    function ended(end: RtspEnd): void {
      cancelPatience();
      signal?.removeEventListener('abort', session.stop);
      const outcome = outcomeOf(end);
      if (signal?.aborted) reject(signal.reason);
      else if (outcome instanceof GirokError) reject(outcome);
      else resolve(outcome);
    }

    function outcomeOf({ reason, encoding }: RtspEnd): ProbedStream | GirokError {
      const nothing = { frames: 0, keyFrameSeconds: [], warnings: [] };
      if (reason === 'unsupported_codec')
        return { ...seen, codec: encoding?.toLowerCase() ?? seen.codec, ...nothing };
      if (reason !== 'stopped') return refusal(CODES[reason], address, reason);
      if (fault) return refusal(fault, address, 'the stream ended');
      if (frames.length > 0) return { ...seen, ...shapeOf(frames) };
      if (undecodable === 0) return refusal('camera_no_stream', address, 'no pictures');
      return { ...seen, ...nothing, frames: undecodable, warnings: ['no_key_frame'] };
    }
  });
}

function sizeOf(codec: Codec, sets: readonly Buffer[]): { width: number; height: number } {
  const sps = sets.find((set) => nalRole(codec, set[0] ?? 0) === 'sps');
  const parameters = sps && sequenceParameters(codec, sps);
  return { width: parameters?.width ?? 0, height: parameters?.height ?? 0 };
}

const refusal = (code: ErrorCode, address: string, reason: string): GirokError =>
  new GirokError(code, { address, reason: reason.replaceAll('_', ' ') });
