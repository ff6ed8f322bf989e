import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { ServedSession } from '../../demo/rtsp/served.ts';
import { DEFAULT_PASSWORD, type SimulatedCamera } from '../../demo/site.ts';
import { entryPath } from '../../src/lib/entry.ts';

export interface SimulatedCameras {
  readonly pid: number;
  readonly cameras: readonly SimulatedCamera[];
  readonly user: string;
  readonly password: string;
  /** What was sent to whom, by frame number. */
  served(): Promise<readonly ServedSession[]>;
  stop(): Promise<void>;
}

/** The simulated site in a process of its own, so that its work is not counted as the recorder's. */
export async function startCameras(count: number, profile: 'full' | 'small'): Promise<SimulatedCameras> {
  const program = entryPath(import.meta.url, '../../demo/main');
  const child = spawn(
    process.execPath,
    [
      program,
      '--profile',
      profile,
      '--count',
      String(count),
      '--addresses',
      'one',
      '--port',
      '0',
      '--onvif-port',
      '0',
      '--control',
      '0',
    ],
    { stdio: ['ignore', 'pipe', 'ignore'] },
  );
  const ready = await firstLine(child, /^ready \d+/);
  const { user, cameras, control } = JSON.parse(ready.replace(/^ready \d+\s*/, '')) as {
    user: string;
    cameras: SimulatedCamera[];
    control: number;
  };
  return {
    pid: child.pid as number,
    cameras,
    user,
    password: DEFAULT_PASSWORD,
    async served() {
      const reply = await fetch(`http://127.0.0.1:${control}/served`);
      return (await reply.json()) as ServedSession[];
    },
    async stop() {
      child.kill('SIGTERM');
      if (child.exitCode === null) await once(child, 'exit');
    },
  };
}

export async function firstLine(child: ChildProcess, pattern: RegExp): Promise<string> {
  if (!child.stdout) throw new Error('the process has no output to wait for');
  for await (const line of createInterface({ input: child.stdout })) if (pattern.test(line)) return line;
  throw new Error('the process ended before it was ready');
}
