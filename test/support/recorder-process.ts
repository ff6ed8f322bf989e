import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type RecorderStatus, recorderStatusSchema } from '../../src/contract/recorder-status.ts';
import { RECORDER_NODE_FLAGS } from '../../src/recording/node-flags.ts';
import type { RecorderHome } from './recorder-home.ts';

const PROGRAM = fileURLToPath(new URL('../../src/main/recorder.ts', import.meta.url));
const ASK_EVERY_MS = 100;

export interface ProcessEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A line of the recorder's log. */
export interface LogLine {
  readonly event: string;
  readonly level: string;
  readonly [fact: string]: unknown;
}

/** A real recorder process, and what a test may do to it. */
export interface RecorderProcess {
  readonly pid: number;
  readonly ended: Promise<ProcessEnd>;
  /** @throws when it does not answer */
  status(): Promise<RecorderStatus>;
  /** Asks until `condition` holds. @throws after `withinMs`, with what it last saw and the end of the log */
  until(
    what: string,
    withinMs: number,
    condition: (status: RecorderStatus) => boolean,
  ): Promise<RecorderStatus>;
  /** All that it wrote to standard error. */
  said(): string;
  log(event?: string): LogLine[];
  /** Processes that it started and that are alive, by their command lines. */
  children(): { pid: number; command: string }[];
  /** In good order. */
  stop(): Promise<ProcessEnd>;
  /** Like a power cut for the process. @returns when, µs UTC */
  kill(): Promise<number>;
}

export interface StartOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** The recorder's program; from the sources unless told. */
  readonly program?: string;
  /** As whom; as the tests themselves unless told. */
  readonly user?: { readonly uid: number; readonly gid: number };
}

/** Starts a recorder; whether it comes up is the caller's to wait for. */
export function startRecorder(
  home: RecorderHome,
  { env = {}, program = PROGRAM, user }: StartOptions = {},
): RecorderProcess {
  const child = spawn(
    process.execPath,
    [...RECORDER_NODE_FLAGS, program, '--config', home.config, '--storage', home.storage],
    {
      env: { PATH: process.env.PATH ?? '', LANG: 'en_US.UTF-8', ...env },
      stdio: ['ignore', 'ignore', 'pipe'],
      ...user,
    },
  );
  const { pid } = child;
  if (pid === undefined) throw new Error('the recorder could not be started');
  // Nothing happens to one that has ended in good order.
  home.onRemove(() => child.kill('SIGKILL'));
  let said = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const ended = endOf(child);
  const socketPath = join(home.storage, 'run', 'recorder.sock');
  const status = async () => recorderStatusSchema.parse(JSON.parse(await get(socketPath, '/status')));
  let over = false;
  void ended.then(() => {
    over = true;
  });

  return {
    pid,
    ended,
    status,
    async until(what, withinMs, condition) {
      const untilMs = performance.now() + withinMs;
      let last: RecorderStatus | undefined;
      while (performance.now() < untilMs) {
        if (over) throw new Error(`the recorder ended before ${what}:\n${said.slice(-4000)}`);
        // Not up yet, or gone in this moment: asked again until the time is over.
        last = await status().catch(() => last);
        if (last && condition(last)) return last;
        await new Promise((resolve) => setTimeout(resolve, ASK_EVERY_MS));
      }
      const seen = JSON.stringify(last, undefined, 1)?.slice(0, 6000) ?? 'no status';
      throw new Error(`not ${what} within ${withinMs} ms:\n${seen}\n${said.slice(-3000)}`);
    },
    said: () => said,
    log: (event) => parseLog(said).filter((line) => event === undefined || line.event === event),
    children: () => childrenOf(pid),
    async stop() {
      child.kill('SIGTERM');
      return ended;
    },
    async kill() {
      const atUs = Math.round((performance.timeOrigin + performance.now()) * 1000);
      child.kill('SIGKILL');
      await ended;
      return atUs;
    },
  };
}

/** Whether every stream that the status knows is recording, and there are `streams` of them. */
export const allRecording =
  (streams: number) =>
  ({ cameras }: RecorderStatus): boolean => {
    const all = cameras.flatMap((camera) => camera.streams);
    return all.length === streams && all.every(({ state, frames }) => state === 'recording' && frames > 0);
  };

export const streamOf = (status: RecorderStatus, camera: string, stream: 'main' | 'sub' = 'main') =>
  status.cameras.find(({ id }) => id === camera)?.streams.find((one) => one.stream === stream);

const endOf = (child: ChildProcess) =>
  new Promise<ProcessEnd>((resolve) => child.once('close', (code, signal) => resolve({ code, signal })));

function get(socketPath: string, path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const asked = request({ socketPath, path, timeout: 2000 }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => {
        text += part;
      });
      response.on('end', () => resolve(text));
      response.on('error', reject);
    });
    asked.on('timeout', () => asked.destroy(new Error('no answer')));
    asked.on('error', reject);
    asked.end();
  });
}

function parseLog(text: string): LogLine[] {
  return text
    .split('\n')
    .filter((line) => line.startsWith('{') && line.endsWith('}'))
    .map((line) => JSON.parse(line) as LogLine);
}

export function childrenOf(parent: number): { pid: number; command: string }[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
        const [state, ppid] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
        if (Number(ppid) !== parent || state === 'Z') return [];
        const command = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ');
        return [{ pid: Number(name), command }];
      } catch {
        // It ended between the two looks.
        return [];
      }
    });
}

/** Whether a process is there and is the same program that it was. */
export function isAlive({ pid, command }: { pid: number; command: string }): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ') === command;
  } catch {
    // No such process.
    return false;
  }
}
