import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DemoStream } from '../../../demo/clinic.ts';
import { type FrameStamp, stampsOfAnnexB } from '../../../demo/sei.ts';
import type { SimulatedSite } from '../../../demo/site.ts';
import { runFfmpeg } from '../../../src/media/ffmpeg/run.ts';

/** The address with its login, for clients that want it in the URL. */
export function loginUrl(site: SimulatedSite, camera: number, stream: DemoStream = 'main'): string {
  const url = site.cameras[camera - 1]!.urls[stream];
  return url.replace('rtsp://', `rtsp://${site.user}:${site.password}@`);
}

/** What ffmpeg received of a stream, copied as it came. */
export async function pull(
  site: SimulatedSite,
  camera: number,
  options: {
    stream?: DemoStream;
    transport?: 'tcp' | 'udp';
    frames?: number;
    seconds?: number;
    folder: string;
  },
): Promise<{
  code: number | null;
  errors: string;
  stamps: FrameStamp[];
  path: string;
  codec: 'h264' | 'h265';
}> {
  const { stream = 'main', transport = 'tcp', frames, seconds = 20, folder } = options;
  const codec = stream === 'main' ? site.cameras[camera - 1]!.codec : 'h264';
  const path = join(folder, `${camera}-${stream}-${transport}.${codec}`);
  const run = runFfmpeg([
    ...[
      '-hide_banner',
      '-nostdin',
      '-loglevel',
      'warning',
      '-y',
      '-rtsp_transport',
      transport,
      '-timeout',
      '5000000',
    ],
    ...['-allowed_media_types', 'video', '-i', loginUrl(site, camera, stream), '-c', 'copy'],
    ...(frames ? ['-frames:v', String(frames)] : []),
    ...['-t', String(seconds), '-f', codec === 'h264' ? 'h264' : 'hevc', path],
  ]);
  run.child.stdout?.resume();
  const { code } = await run.ended;
  const bytes = await readFile(path).catch(() => Buffer.alloc(0));
  return { code, errors: run.stderrTail(), stamps: stampsOfAnnexB(codec, bytes), path, codec };
}

/** Decodes a file into gray pictures; `errors` is what ffmpeg complained about. */
export async function decodeGray(
  path: string,
  frames: number,
  size: { width: number; height: number },
): Promise<{ pictures: Buffer[]; errors: string }> {
  const run = runFfmpeg([
    ...['-hide_banner', '-nostdin', '-loglevel', 'error', '-i', path, '-frames:v', String(frames)],
    ...['-vf', `scale=${size.width}:${size.height}`, '-pix_fmt', 'gray', '-f', 'rawvideo', 'pipe:1'],
  ]);
  const chunks: Buffer[] = [];
  run.child.stdout?.on('data', (chunk: Buffer) => chunks.push(chunk));
  await run.ended;
  const all = Buffer.concat(chunks);
  const bytes = size.width * size.height;
  const pictures = Array.from({ length: Math.floor(all.length / bytes) }, (_, i) =>
    all.subarray(i * bytes, (i + 1) * bytes),
  );
  return { pictures, errors: run.stderrTail() };
}

/** Missing numbers between the first and the last stamp. */
export function missing(stamps: readonly FrameStamp[]): number[] {
  const seen = new Set(stamps.map((stamp) => stamp.frame));
  const gaps: number[] = [];
  for (let frame = stamps[0]?.frame ?? 0; frame <= (stamps.at(-1)?.frame ?? -1); frame++)
    if (!seen.has(frame)) gaps.push(frame);
  return gaps;
}
