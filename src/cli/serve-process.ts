import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { z } from 'zod';
import type { Environment } from '../config/environment.ts';
import type { ChildProcess, Ending } from './supervise.ts';

export interface NodeProcess {
  /** Path of the program. */
  readonly entry: string;
  readonly args: readonly string[];
  /** Node's own flags. */
  readonly nodeFlags?: readonly string[];
  readonly env: Environment;
  /** Gets each line of its standard error; absent: the lines go to ours as they are. */
  readonly onLine?: ((line: string) => void) | undefined;
}

/**
 * Starts one of our own programs with an IPC channel. It gets a process group of its own, so that Ctrl-C at the
 * terminal reaches only its supervisor, which ends the processes in order.
 */
export function startNodeProcess<T>(
  program: NodeProcess,
  messages: z.ZodType<T>,
  on: (message: T) => void,
): ChildProcess {
  const child = spawn(process.execPath, [...(program.nodeFlags ?? []), program.entry, ...program.args], {
    stdio: ['ignore', 'ignore', program.onLine ? 'pipe' : 'inherit', 'ipc'],
    env: program.env,
    detached: true,
  });
  const { onLine } = program;
  if (onLine && child.stderr) createInterface({ input: child.stderr }).on('line', onLine);
  child.on('message', (message) => {
    const known = messages.safeParse(message);
    if (known.success) on(known.data);
  });
  const ended = new Promise<Ending>((resolve) => {
    child.once('error', () => resolve({ code: null, signal: null }));
    child.once('close', (code, signal) => resolve({ code, signal }));
  });
  return { ended, end: (signal) => void child.kill(signal) };
}
