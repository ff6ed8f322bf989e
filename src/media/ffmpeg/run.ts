import { type ChildProcess, spawn } from 'node:child_process';
import { GirokError, systemCode } from '../../lib/errors.ts';

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
  /** What stdin is: nothing by default. */
  readonly stdin?: 'ignore' | 'pipe';
  /** For whatever a camera sends: memory, files and core file limited; such a run can write no file. */
  readonly confined?: boolean;
  /** Of a confined run: whatever else the machine has to do goes first. */
  readonly yielding?: boolean;
}

const STDERR_KEPT = 4096;
const AGAIN_MS = 500;
/** What prlimit(1) says when it cannot find the program that it is to start. */
const NOT_FOUND = 127;

/**
 * Copying a stream needs about 0.3 GB of addresses (most of them never touched), a dozen descriptors, and no
 * file. A limit of processes counts all of a user's and would stop others: there is none.
 */
const LIMITS = ['--core=0', '--nofile=64', `--as=${1 << 30}`, '--fsize=0', '--'];

/** A third of the time where somebody who records, at 0, wants all of it. nice(1) is wherever a shell is. */
const YIELDING = ['nice', '-n', '5'];

/**
 * Starts ffmpeg with an argument array, no shell and no environment of ours: a camera's bytes are parsed in
 * there, so nothing of value may be within its reach.
 */
export function runFfmpeg(args: readonly string[], options: FfmpegOptions = {}): FfmpegRun {
  const { stdin = 'ignore', confined = false, yielding = false } = options;
  // nice and prlimit become the program that they start: the child's id and signals are ffmpeg's own.
  const [command = 'ffmpeg', ...given] = [
    ...(yielding ? YIELDING : []),
    ...(confined ? ['prlimit', ...LIMITS] : []),
    'ffmpeg',
    ...args,
  ];
  const child = spawn(command, given, {
    env: { PATH: '/usr/bin:/usr/local/bin:/bin' },
    stdio: [stdin, 'pipe', 'pipe'],
  });
  let tail = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    tail = (tail + text).slice(-STDERR_KEPT);
  });
  const ended = new Promise<Awaited<FfmpegRun['ended']>>((resolve) => {
    child.once('error', (error) => {
      const missing = confined ? 'prlimit_missing' : 'ffmpeg_missing';
      resolve({
        code: null,
        signal: null,
        error: systemCode(error) === 'ENOENT' ? new GirokError(missing, {}, { cause: error }) : error,
      });
    });
    child.once('close', (code, signal) => {
      const missing = confined && code === NOT_FOUND;
      resolve({ code, signal, ...(missing ? { error: new GirokError('ffmpeg_missing') } : {}) });
    });
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
