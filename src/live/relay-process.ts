import { fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { type Clock, sleep } from '../lib/clock.ts';
import { entryPath } from '../lib/entry.ts';
import type { Log } from '../lib/logger.ts';
import { createBackoff } from '../recording/backoff.ts';
import { relayReadySchema } from './relay-messages.ts';
import { signedPath } from './relay-sign.ts';

/** A relay process that runs. */
export interface RunningRelay {
  readonly pid: number;
  /** Where one stream is published and read: the address is good for one request within the next seconds. */
  url(name: string): string;
  /** Aborted when the process ends. */
  readonly ended: AbortSignal;
}

export interface RelayHold {
  /** The running one; waits while it starts. @throws the signal's reason */
  ready(signal: AbortSignal): Promise<RunningRelay>;
  release(): void;
}

/** The relay runs while somebody holds it; one that dies is started again, with a new secret each time. */
export interface Relay {
  hold(): RelayHold;
  /** The process that runs now, for status. */
  readonly pid: number | undefined;
  stop(): Promise<void>;
}

export interface RelayDeps {
  readonly clock: Clock;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  readonly log: Log;
}

const VALID_MS = 10_000;
const START_MS = 10_000;
const GRACE_MS = 2000;
const HEAP_MB = 128;

export function createRelay(deps: RelayDeps): Relay {
  const { clock, log } = deps;
  let holds = 0;
  let quit: AbortController | undefined;
  let supervised: Promise<void> = Promise.resolve();
  let running: RunningRelay | undefined;
  let waiting: ((relay: RunningRelay) => void)[] = [];

  const supervise = async (signal: AbortSignal) => {
    const backoff = createBackoff(deps.random);
    while (!signal.aborted) {
      const startedUs = clock.monoUs();
      const how = await runOnce(deps, signal, (relay) => {
        running = relay;
        for (const tell of waiting.splice(0)) tell(relay);
      });
      running = undefined;
      if (signal.aborted) return;
      if (clock.monoUs() - startedUs > START_MS * 1000) backoff.reset();
      const delayMs = backoff.nextDelayMs(true);
      log.warn('relay.ended', { how, delayMs });
      // An abort is the way out of the loop.
      await sleep(clock, delayMs, signal).catch(() => undefined);
    }
  };
  const end = () => {
    quit?.abort(new Error('nobody watches'));
    quit = undefined;
    // Whoever comes now waits for the next one.
    running = undefined;
  };

  return {
    get pid() {
      return running?.pid;
    },
    hold() {
      holds += 1;
      if (!quit) {
        const fresh = new AbortController();
        quit = fresh;
        // One after the other: `running` is one process's.
        supervised = supervised.then(() => supervise(fresh.signal));
      }
      let released = false;
      return {
        ready: (signal) =>
          new Promise((resolve, reject) => {
            signal.throwIfAborted();
            if (running && !running.ended.aborted) return resolve(running);
            const onAbort = () => {
              waiting = waiting.filter((one) => one !== tell);
              reject(signal.reason);
            };
            const tell = (relay: RunningRelay) => {
              signal.removeEventListener('abort', onAbort);
              resolve(relay);
            };
            waiting.push(tell);
            signal.addEventListener('abort', onAbort, { once: true });
          }),
        release() {
          if (released) return;
          released = true;
          holds -= 1;
          if (holds === 0) end();
        },
      };
    },
    async stop() {
      end();
      await supervised;
    },
  };
}

/** One life of the process. @returns how it ended */
function runOnce(
  { clock, log }: RelayDeps,
  signal: AbortSignal,
  onReady: (relay: RunningRelay) => void,
): Promise<string> {
  const secret = randomBytes(32).toString('hex');
  const child = fork(entryPath(import.meta.url, '../main/relay'), [], {
    // express tells callers its stacks unless it hears this.
    env: { NODE_ENV: 'production' },
    execArgv: [`--max-old-space-size=${HEAP_MB}`, '--permission', '--allow-fs-read=*', '--no-warnings'],
    // node-media-server writes each connection to stdout.
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    serialization: 'json',
  });
  const ended = new AbortController();
  const kill = () => void child.kill('SIGKILL');
  const cancelStart = clock.after(START_MS, kill);
  let cancelGrace = () => {};
  const onQuit = () => {
    child.kill('SIGTERM');
    cancelGrace = clock.after(GRACE_MS, kill);
  };
  return new Promise((resolve) => {
    const over = (how: string) => {
      cancelStart();
      cancelGrace();
      signal.removeEventListener('abort', onQuit);
      ended.abort(new Error(`the relay ended: ${how}`));
      resolve(how);
    };
    child.once('error', (error) => over(error.message));
    child.once('exit', (code, name) => over(name ?? String(code)));
    child.once('message', (message) => {
      const ready = relayReadySchema.safeParse(message);
      if (!ready.success || child.pid === undefined) return kill();
      cancelStart();
      const { port } = ready.data;
      log.info('relay.started', { pid: child.pid });
      onReady({
        pid: child.pid,
        url: (name) => `http://127.0.0.1:${port}${signedPath(name, secret, clock.utcUs(), VALID_MS)}`,
        ended: ended.signal,
      });
    });
    child.send({ secret }, (error) => {
      // One that is gone before it was told anything is known by 'exit'.
      if (error) kill();
    });
    signal.addEventListener('abort', onQuit, { once: true });
    if (signal.aborted) onQuit();
  });
}
