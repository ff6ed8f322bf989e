import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { runFfmpeg } from '../../src/media/ffmpeg/run.ts';
import type { Codec } from './annex-b.ts';
import type { Film } from './film.ts';
import { FPS, GOP_FRAMES, type StreamShape } from './profile.ts';

export interface Output {
  readonly path: string;
  readonly codec: Codec;
  readonly shape: StreamShape;
}

const COLOR = [
  '-color_range',
  'tv',
  '-colorspace',
  'bt709',
  '-color_primaries',
  'bt709',
  '-color_trc',
  'bt709',
];

/**
 * Draws every frame once and encodes it into all outputs in a single run: a constant bit rate that the
 * picture's noise fills, a closed GOP per second, no B-frames. One thread per encoder: with more, the rate control of
 * x264 depends on their timing, and the same film would not give the same bytes twice.
 *
 * @throws the signal's reason when aborted; an Error with ffmpeg's last words when it fails.
 */
export async function encodeFilm(
  film: Film,
  input: { width: number; height: number; frames: number },
  outputs: readonly Output[],
  options: { x264Preset: string; signal?: AbortSignal; onFrame?: (frame: number) => void },
): Promise<void> {
  const labels = outputs.map((_, i) => `[s${i}]`);
  const scaled = outputs.map(
    ({ shape }, i) => `[s${i}]scale=${shape.width}:${shape.height}:flags=area[o${i}]`,
  );
  const graph = [`[0:v]split=${outputs.length}${labels.join('')}`, ...scaled].join(';');
  const run = runFfmpeg(
    [
      ...['-hide_banner', '-nostdin', '-loglevel', 'error', '-y'],
      ...['-f', 'rawvideo', '-pix_fmt', 'yuv420p', '-s', `${input.width}x${input.height}`, '-r', String(FPS)],
      ...['-i', 'pipe:0', '-filter_complex', graph],
      ...outputs.flatMap((output, i) => outputArgs(output, `[o${i}]`, options.x264Preset)),
    ],
    { stdin: 'pipe' },
  );
  run.child.stdout?.resume();
  const stdin = run.child.stdin!;
  // A broken pipe shows as ffmpeg's exit, which is reported with its reason below.
  stdin.on('error', () => undefined);
  let ended = false;
  void run.ended.then(() => {
    ended = true;
  });
  try {
    for (let frame = 0; frame < input.frames && !ended; frame++) {
      options.signal?.throwIfAborted();
      const { data } = await film.draw(frame);
      if (!stdin.write(data))
        await Promise.race([once(stdin, 'drain', { signal: options.signal }), run.ended]);
      options.onFrame?.(frame);
    }
    stdin.end();
    const { code, error } = await run.ended;
    if (error) throw error;
    if (code !== 0) throw new Error(`ffmpeg could not encode the scene: ${run.stderrTail().trim()}`);
  } finally {
    run.stop(1000);
  }
}

function outputArgs({ path, codec, shape }: Output, label: string, preset: string): string[] {
  const rate = String(shape.bitrateBps);
  const common = [
    '-map',
    label,
    '-pix_fmt',
    'yuv420p',
    ...COLOR,
    '-an',
    '-g',
    String(GOP_FRAMES),
    '-bf',
    '0',
  ];
  const bits = ['-b:v', rate, '-maxrate', rate, '-bufsize', rate];
  if (codec === 'h264') {
    const x264 = `keyint=${GOP_FRAMES}:min-keyint=${GOP_FRAMES}:scenecut=0:open-gop=0:repeat-headers=1:threads=1`;
    return [
      ...common,
      '-c:v',
      'libx264',
      '-preset',
      preset,
      '-profile:v',
      'high',
      ...bits,
      '-x264-params',
      x264,
      '-f',
      'h264',
      path,
    ];
  }
  const kbit = Math.round(shape.bitrateBps / 1000);
  const x265 = `keyint=${GOP_FRAMES}:min-keyint=${GOP_FRAMES}:scenecut=0:open-gop=0:bframes=0:repeat-headers=1:frame-threads=1:info=0:log-level=error:bitrate=${kbit}:vbv-maxrate=${kbit}:vbv-bufsize=${kbit}`;
  return [...common, '-c:v', 'libx265', '-preset', 'ultrafast', '-x265-params', x265, '-f', 'hevc', path];
}

export interface AgainOptions {
  readonly frames: number;
  readonly loopFrames: number;
  readonly x264Preset: string;
  readonly signal?: AbortSignal;
}

/** The clip without key frames: an H.264 loop played several times into one endless GOP of equal parameters. */
export const encodeWithoutKeyFrames = (
  source: string,
  target: Output,
  options: AgainOptions,
): Promise<void> => encodeAgain(source, target, { ...options, x264: 'keyint=infinite:scenecut=0:bframes=0' });

/** An H.264 loop with two B-frames, which nothing refers to, between the others of each closed GOP. */
export const encodeWithBFrames = (source: string, target: Output, options: AgainOptions): Promise<void> =>
  encodeAgain(source, target, {
    ...options,
    x264: `keyint=${GOP_FRAMES}:min-keyint=${GOP_FRAMES}:scenecut=0:bframes=2:b-adapt=0:b-pyramid=none`,
  });

async function encodeAgain(
  source: string,
  target: Output,
  options: AgainOptions & { readonly x264: string },
): Promise<void> {
  const rate = String(target.shape.bitrateBps);
  const loop = await readFile(source);
  const run = runFfmpeg(
    [
      ...[
        '-hide_banner',
        '-nostdin',
        '-loglevel',
        'error',
        '-y',
        '-r',
        String(FPS),
        '-f',
        'h264',
        '-i',
        'pipe:0',
      ],
      ...['-frames:v', String(options.frames), '-an', '-pix_fmt', 'yuv420p', ...COLOR],
      ...['-c:v', 'libx264', '-preset', options.x264Preset, '-profile:v', 'high'],
      ...['-b:v', rate, '-maxrate', rate, '-bufsize', rate],
      ...['-x264-params', `${options.x264}:open-gop=0:repeat-headers=1:threads=1`, '-f', 'h264', target.path],
    ],
    { stdin: 'pipe' },
  );
  run.child.stdout?.resume();
  const stop = () => run.stop(1000);
  options.signal?.addEventListener('abort', stop, { once: true });
  const laps = Math.ceil(options.frames / options.loopFrames);
  // Raw streams cannot be rewound by ffmpeg's own loop option, hence laps through the pipe. ffmpeg closes it
  // once it has its frames; that is no failure, and a real one shows in its exit code.
  await pipeline(Readable.from(Array.from({ length: laps }, () => loop)), run.child.stdin!).catch(
    () => undefined,
  );
  const { code, error } = await run.ended;
  options.signal?.removeEventListener('abort', stop);
  options.signal?.throwIfAborted();
  if (error) throw error;
  if (code !== 0) throw new Error(`ffmpeg could not encode the clip: ${run.stderrTail().trim()}`);
}
