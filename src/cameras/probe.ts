import { z } from 'zod';
import { GirokError } from '../lib/errors.ts';
import { runFfmpeg } from '../media/ffmpeg/run.ts';
import { type StreamShape, shapeOf } from './key-frames.ts';
import { rtspUrlWithLogin, withoutSecrets } from './rtsp-url.ts';
import type { StreamTarget } from './stream-source.ts';

export interface ProbedStream extends StreamShape {
  /** ffmpeg's name: `h264`, `hevc`, … */
  readonly codec: string;
  readonly width: number;
  readonly height: number;
}

const CONNECT_TIMEOUT_US = 5_000_000;
/** Beyond the watching itself: connecting, and waiting for the first key frame. */
const PATIENCE_MS = 12_000;
const OUTPUT_MAX_BYTES = 4 << 20;

const outputSchema = z.object({
  packets: z
    .array(z.object({ pts_time: z.coerce.number().optional(), size: z.coerce.number(), flags: z.string() }))
    .default([]),
  streams: z
    .array(
      z.object({
        codec_name: z.string().default('unknown'),
        width: z.number().default(0),
        height: z.number().default(0),
      }),
    )
    .default([]),
});

/**
 * Watches a stream for some seconds without decoding it.
 *
 * @throws {GirokError} `camera_unreachable`, `camera_login_refused`, `camera_no_stream`, `camera_reply_refused`,
 *   `ffmpeg_missing`
 */
export async function probeStream(target: StreamTarget, seconds: number): Promise<ProbedStream> {
  // The only place where the login stands in an argument: ffprobe takes no other. It ends within seconds.
  const url = rtspUrlWithLogin(target.url, target.credential).reveal();
  const run = runFfmpeg(
    [
      ...[
        '-v',
        'error',
        '-hide_banner',
        '-f',
        'rtsp',
        '-rtsp_transport',
        target.transport === 'udp' ? 'udp' : 'tcp',
      ],
      ...['-timeout', String(CONNECT_TIMEOUT_US), '-protocol_whitelist', 'rtsp,rtsps,rtp,tcp,tls,udp'],
      ...['-allowed_media_types', 'video', '-select_streams', 'v:0', '-read_intervals', `%+${seconds}`],
      ...[
        '-show_entries',
        'stream=codec_name,width,height:packet=pts_time,size,flags',
        '-of',
        'json',
        '-i',
        url,
      ],
    ],
    { program: 'ffprobe', confined: true },
  );
  const timer = setTimeout(() => run.stop(500), seconds * 1000 + PATIENCE_MS);
  let output = '';
  run.child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    output += text;
    if (output.length > OUTPUT_MAX_BYTES) run.stop(0);
  });
  const { code, error } = await run.ended;
  clearTimeout(timer);
  if (error) throw error;
  const said = withoutSecrets(run.stderrTail(), target.credential?.password);
  if (code !== 0) throw refusal(said, target.address);
  const { packets, streams } = readOutput(output, target.address);
  const [stream] = streams;
  if (!stream) throw new GirokError('camera_no_stream', { address: target.address, reason: lastLine(said) });
  const frames = packets.flatMap((packet) =>
    packet.pts_time === undefined
      ? []
      : [{ atSeconds: packet.pts_time, bytes: packet.size, key: packet.flags.startsWith('K') }],
  );
  return { codec: stream.codec_name, width: stream.width, height: stream.height, ...shapeOf(frames) };
}

function readOutput(output: string, address: string) {
  try {
    return outputSchema.parse(JSON.parse(output));
  } catch (cause) {
    throw new GirokError('camera_reply_refused', { address, reason: 'unreadable stream' }, { cause });
  }
}

/** ffmpeg tells causes only in words. */
function refusal(said: string, address: string): GirokError {
  const reason = lastLine(said);
  if (/401|unauthorized/i.test(said)) return new GirokError('camera_login_refused', { address });
  if (/404|not found/i.test(said)) return new GirokError('camera_no_stream', { address, reason });
  if (/refused|timed out|unreachable|no route|reset|input\/output/i.test(said) || reason === '')
    return new GirokError('camera_unreachable', { address, reason: reason || 'timeout' });
  return new GirokError('camera_reply_refused', { address, reason });
}

const lastLine = (text: string): string => text.trim().split('\n').at(-1)?.trim().slice(0, 200) ?? '';
