import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { Clock } from '../lib/clock.ts';
import { systemCode } from '../lib/errors.ts';
import type { RtspAddress } from './address.ts';

export type ConnectionFault = 'refused_connection' | 'connection_closed' | 'no_way' | 'no_answer';

export interface ConnectionEvents {
  opened(): void;
  /** memory[start, end) is valid until the call returns. */
  read(memory: Buffer, start: number, end: number): void;
  /** At most once, and not after {@link Connection.hangUp}. */
  closed(fault: ConnectionFault): void;
}

/** A connection to a camera, plain or encrypted. */
export interface Connection {
  /** Left out when the camera has not taken in what was sent before. */
  write(bytes: Buffer): void;
  /** Reads no more until {@link resume}: the camera feels it. */
  pause(): void;
  resume(): void;
  /** Ends it once what was written is on its way; no event follows. */
  hangUp(): void;
  /** Ours and the camera's, while it is open. */
  readonly localAddress: string | undefined;
  readonly remoteAddress: string | undefined;
}

/** How a connection is made; whatever it does, no event comes before it returns. */
export type OpenConnection = typeof openConnection;

const CONNECT_MS = 5000;
const HANG_UP_MS = 500;
const MAX_UNSENT_BYTES = 65_536;

/**
 * Where all plain connections of the process are read into: each read is consumed before the next one begins, so
 * 128 cameras need no more of it than one.
 */
const READ_MEMORY = Buffer.allocUnsafeSlow(262_144);

export function openConnection(
  { secure, host, port }: RtspAddress,
  events: ConnectionEvents,
  { clock }: { clock: Clock },
): Connection {
  let silent = false;
  let opened = false;
  let fault: ConnectionFault | undefined;
  const read = (memory: Buffer, bytes: number) => {
    if (!silent) events.read(memory, 0, bytes);
  };
  const close = () => {
    cancelTimer();
    if (silent) return;
    silent = true;
    events.closed(fault ?? 'connection_closed');
  };

  const socket: Socket = secure
    ? // Cameras have certificates that they made themselves and that end in 2019: there is nothing to check
      // them against. The encryption keeps the password and the pictures from those who only listen.
      connectTls({ host, port, rejectUnauthorized: false }).on('data', (bytes: Buffer) =>
        read(bytes, bytes.length),
      )
    : connectTcp({
        host,
        port,
        onread: {
          buffer: READ_MEMORY,
          callback: (bytes) => {
            read(READ_MEMORY, bytes);
            return true;
          },
        },
      });
  const cancelTimer = clock.after(CONNECT_MS, () => {
    fault = 'no_answer';
    socket.destroy();
  });
  socket.setNoDelay(true);
  socket.once(secure ? 'secureConnect' : 'connect', () => {
    cancelTimer();
    opened = true;
    if (!silent) events.opened();
  });
  socket.on('error', (error) => {
    fault ??= faultOf(systemCode(error), opened);
  });
  // The camera closes its half: there is nothing more to come, and 'close' follows.
  socket.on('end', () => socket.end());
  socket.on('close', close);

  return {
    write(bytes) {
      if (socket.writable && socket.writableLength < MAX_UNSENT_BYTES) socket.write(bytes);
    },
    pause: () => void socket.pause(),
    resume: () => void socket.resume(),
    hangUp() {
      if (silent) return;
      silent = true;
      cancelTimer();
      if (!opened) return void socket.destroy();
      socket.end();
      const cancel = clock.after(HANG_UP_MS, () => socket.destroy());
      socket.once('close', cancel);
    },
    get localAddress() {
      return socket.localAddress;
    },
    get remoteAddress() {
      return socket.remoteAddress;
    },
  };
}

function faultOf(code: string | undefined, opened: boolean): ConnectionFault {
  switch (code) {
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'EHOSTDOWN':
    case 'ENETDOWN':
    case 'EADDRNOTAVAIL':
    case 'EACCES':
    case 'EPERM':
      return 'no_way';
    case 'ETIMEDOUT':
      return 'no_answer';
    case 'ECONNRESET':
    case 'EPIPE':
      return 'connection_closed';
    default:
      // ECONNREFUSED, and whatever keeps TLS from beginning.
      return opened ? 'connection_closed' : 'refused_connection';
  }
}
