import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { entryPath } from '../../lib/entry.ts';
import { GirokError } from '../../lib/errors.ts';
import type { Secret } from '../../lib/secret.ts';
import { createTurns } from '../../lib/turns.ts';
import { type OnvifRequest, type OnvifResolved, onvifReplySchema } from './messages.ts';

export interface OnvifDevice {
  /** Pinned by the address policy. */
  readonly address: string;
  readonly port: number;
  readonly path: string;
  readonly secure: boolean;
  readonly credential?: { readonly user: string; readonly password: Secret };
}

export interface Onvif {
  /**
   * Asks a device for its clock, its streams and their addresses; nothing of the answer is checked against the
   * networks yet. The device has at most the wall time; rejects with the signal's reason when it is aborted first.
   *
   * @throws {GirokError} `camera_unreachable`, `camera_login_refused`, `camera_reply_refused`, `camera_no_stream`
   */
  resolve(device: OnvifDevice, signal?: AbortSignal): Promise<OnvifResolved>;
}

const ONVIF_WALL_MS = 5000;
/** Enough for the interpreter and a 64 kB reply; an endless allocation ends the child and not the recorder. */
const HEAP_MB = 48;

/**
 * Interpreters that begin at once. All cameras of a site are asked in the same moment when it starts: together they
 * would take the machine from each other for longer than a camera has to answer.
 */
const BEGIN_AT_ONCE = 3;
/** One that has not begun by then never will. */
const BEGINS_WITHIN_MS = 20_000;

/** @param wallMs after which the child is killed, whatever it does; counted from when it has begun */
export function createOnvif(wallMs: number = ONVIF_WALL_MS): Onvif {
  const beginning = createTurns({
    atOnce: BEGIN_AT_ONCE,
    full: () => new GirokError('internal', { reason: 'no end of those who wait' }),
  });
  return {
    async resolve(device, signal) {
      signal?.throwIfAborted();
      const request: OnvifRequest = {
        address: device.address,
        port: device.port,
        path: device.path,
        secure: device.secure,
        ...(device.credential
          ? { user: device.credential.user, password: device.credential.password.reveal() }
          : {}),
      };
      const reply = onvifReplySchema.safeParse(
        await askChild(await beginning.take(signal, () => beginChild(signal)), request, wallMs, signal),
      );
      if (!reply.success) throw new GirokError('camera_reply_refused', { reason: 'unusable values' });
      if (reply.data.outcome === 'resolved') return reply.data;
      const { code, reason } = reply.data;
      throw new GirokError(code, { address: device.address, reason });
    },
  };
}

/** @returns a child that waits for its question */
async function beginChild(signal?: AbortSignal): Promise<ChildProcess> {
  const child = fork(entryPath(import.meta.url, './child'), [], {
    env: {},
    execArgv: [`--max-old-space-size=${HEAP_MB}`, '--permission', '--allow-fs-read=*', '--no-warnings'],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    serialization: 'json',
  });
  const within = AbortSignal.timeout(BEGINS_WITHIN_MS);
  try {
    const began = once(child, 'message', { signal: signal ? AbortSignal.any([signal, within]) : within });
    await Promise.race([
      began,
      once(child, 'exit').then(([code, killedBy]) => {
        throw new GirokError('internal', {
          reason: `the reading process did not begin (${killedBy ?? code})`,
        });
      }),
    ]);
    return child;
  } catch (error) {
    child.kill('SIGKILL');
    signal?.throwIfAborted();
    if (within.aborted)
      throw new GirokError('internal', { reason: 'the reading process did not begin in time' });
    throw error;
  }
}

function askChild(
  child: ChildProcess,
  request: OnvifRequest,
  wallMs: number,
  signal?: AbortSignal,
): Promise<unknown> {
  const { address } = request;
  return new Promise((resolve, reject) => {
    const onAbort = () => {
      child.kill('SIGKILL');
      reject(signal?.reason);
    };
    if (signal?.aborted) return onAbort();
    signal?.addEventListener('abort', onAbort, { once: true });
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new GirokError('camera_unreachable', { address, reason: `no full reply within ${wallMs} ms` }));
    }, wallMs);
    child.once('message', (message) => {
      resolve(message);
      child.kill('SIGKILL');
    });
    child.once('error', (cause) => reject(new GirokError('internal', { reason: cause.message }, { cause })));
    child.once('exit', (code, killedBy) => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
      const reason = `its reply ended the reading process (${killedBy ?? code})`;
      reject(new GirokError('camera_reply_refused', { address, reason }));
    });
    child.send(request, (error) => {
      // A child that is gone before it was asked is told by 'exit'.
      if (error) child.kill('SIGKILL');
    });
  });
}
