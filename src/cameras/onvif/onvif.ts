import { fork } from 'node:child_process';
import { entryPath } from '../../lib/entry.ts';
import { GirokError } from '../../lib/errors.ts';
import type { Secret } from '../../lib/secret.ts';
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
   * networks yet. Takes at most the wall time; rejects with the signal's reason when it is aborted first.
   *
   * @throws {GirokError} `camera_unreachable`, `camera_login_refused`, `camera_reply_refused`, `camera_no_stream`
   */
  resolve(device: OnvifDevice, signal?: AbortSignal): Promise<OnvifResolved>;
}

const ONVIF_WALL_MS = 5000;
/** Enough for the interpreter and a 64 kB reply; an endless allocation ends the child and not the recorder. */
const HEAP_MB = 48;

/** @param wallMs after which the child is killed, whatever it does. */
export function createOnvif(wallMs: number = ONVIF_WALL_MS): Onvif {
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
      const reply = onvifReplySchema.safeParse(await askChild(request, wallMs, signal));
      if (!reply.success) throw new GirokError('camera_reply_refused', { reason: 'unusable values' });
      if (reply.data.outcome === 'resolved') return reply.data;
      const { code, reason } = reply.data;
      throw new GirokError(code, { address: device.address, reason });
    },
  };
}

function askChild(request: OnvifRequest, wallMs: number, signal?: AbortSignal): Promise<unknown> {
  const child = fork(entryPath(import.meta.url, './child'), [], {
    env: {},
    execArgv: [`--max-old-space-size=${HEAP_MB}`, '--permission', '--allow-fs-read=*', '--no-warnings'],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    serialization: 'json',
  });
  const { address } = request;
  return new Promise((resolve, reject) => {
    const onAbort = () => {
      child.kill('SIGKILL');
      reject(signal?.reason);
    };
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
