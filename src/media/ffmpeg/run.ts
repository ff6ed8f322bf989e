import { type ChildProcess, spawn } from 'node:child_process';
import { GirokError } from '../../lib/errors.ts';

export interface FfmpegRun {
  readonly child: ChildProcess;
  /** The last lines ffmpeg wrote to stderr, at most 4 kB; may hold what a camera sent: never trust, never print unfiltered. */
  stderrTail(): string;
  /** How it ended; never rejects. A start that failed gives `code: null` and the error. */
  readonly ended: Promise<{ code: number | null; signal: NodeJS.Signals | null; error?: Error }>;
  /** Asks politely, then kills after `graceMs`. Ends only the process started here. */
  stop(graceMs: number): void;
}

export interface FfmpegOptions {
  readonly program?: 'ffmpeg' | 'ffprobe';
  /** What stdin is: nothing by default. */
  readonly stdin?: 'ignore' | 'pipe';
  /** Extra bytes of stderr kept. */
  readonly cwd?: string;
}

const STDERR_KEPT = 4096;
const AGAIN_MS = 500;

/**
 * Starts ffmpeg with an argument array, no shell and no environment of ours: a camera's bytes are parsed in
 * there, so nothing of value may be within its reach.
 */
export function runFfmpeg(args: readonly string[], options: FfmpegOptions = {}): FfmpegRun {
  const child = spawn(options.program ?? 'ffmpeg', args, {
    env: { PATH: '/usr/bin:/usr/local/bin:/bin' },
    stdio: [options.stdin ?? 'ignore', 'pipe', 'pipe'],
    ...(options.cwd ? { cwd: options.cwd } : {}),
  });
  let tail = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    tail = (tail + text).slice(-STDERR_KEPT);
  });
  const ended = new Promise<Awaited<FfmpegRun['ended']>>((resolve) => {
    child.once('error', (error) => {
      const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
      resolve({
        code: null,
        signal: null,
        error: missing ? new GirokError('ffmpeg_missing', {}, { cause: error }) : error,
      });
    });
    child.once('close', (code, signal) => resolve({ code, signal }));
  });
  return {
    child,
    stderrTail: () => tail,
    ended,
    stop(graceMs) {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGTERM');
      // The first one only asks it to stop after the next packet; the second breaks off a read that never returns.
      const again = setTimeout(() => child.kill('SIGTERM'), Math.min(AGAIN_MS, graceMs / 2));
      const killer = setTimeout(() => child.kill('SIGKILL'), graceMs);
      again.unref();
      killer.unref();
      void ended.then(() => {
        clearTimeout(again);
        clearTimeout(killer);
      });
    },
  };
}
