import { randomBytes, timingSafeEqual } from 'node:crypto';
import { type AddressInfo, createServer, isIPv6, type Socket } from 'node:net';
import type { Cancel, Clock } from '../lib/clock.ts';
import { addressOf, isSendable, type RtspAddress } from './address.ts';
import { numberOf, printMessage, type RtspRequest } from './message.ts';
import { createRtspReader } from './reader.ts';
import { type Answer, createRelayAnswers } from './relay-answers.ts';
import { openRelayCamera } from './relay-camera.ts';
import type { RtspEndReason, RtspTarget } from './session.ts';

export interface RelayEvents {
  /** The camera is connected: one program may now pull from `url` (loopback, without a login). */
  ready(url: string): void;
  /**
   * Exactly once; nothing after it. `stopped`: closed by us, or by the program for a reason of its own; anything
   * else is the camera's doing.
   */
  ended(reason: RtspEndReason): void;
}

export interface Relay {
  /** Ends the camera's session (TEARDOWN, at most 500 ms) and closes; `ended` follows. */
  close(): void;
}

/** A program that does not come, or does not say which path it wants, is not waited for. */
const ARRIVAL_MS = 10_000;
const FIRST_REQUEST_MS = 2000;
/** It gets this long to read what is left for it. */
const LEAVE_MS = 2000;
const CONNECTIONS = 4;
const PENDING_REQUESTS = 8;
/** What comes before the program was told that the stream plays. */
const EARLY_BYTES = 1 << 20;
const FRAME_HEAD_BYTES = 4;
const REASONS: Readonly<Record<number, string>> = {
  200: 'OK',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  415: 'Unsupported Media Type',
  454: 'Session Not Found',
  461: 'Unsupported Transport',
  501: 'Not Implemented',
  503: 'Service Unavailable',
};

/**
 * Stands between a camera and one program that must know neither its login nor more of it than its video: a
 * loopback server for exactly one connection, that asks the camera in its own words. Of all that a camera
 * writes, only numbers and the parameters of its video go any further; the media itself passes through
 * unchanged. Over UDP it flows from the camera to the program directly.
 *
 * Other users of this machine can reach the port too: the path is the secret that they would have to know.
 *
 * @param target its host is an address; nothing is looked up here
 */
export function startRelay(
  target: Pick<RtspTarget, 'url' | 'login'>,
  events: RelayEvents,
  deps: { clock: Clock },
): Relay {
  const url = Buffer.from(target.url).toString('latin1');
  const address = addressOf(url);
  if (address && isSendable(url)) return relayFor({ ...address, url, login: target.login }, events, deps);
  queueMicrotask(() => events.ended('no_way'));
  return { close: () => undefined };
}

function relayFor(
  target: RtspAddress & { readonly url: string; readonly login: RtspTarget['login'] },
  events: RelayEvents,
  deps: { clock: Clock },
): Relay {
  const { clock } = deps;
  const path = `/${randomBytes(16).toString('hex')}`;
  const sockets = new Set<Socket>();
  let base = '';
  let program: Socket | undefined;
  let cancelArrival: Cancel = () => undefined;
  let closing = false;
  let over = false;
  let frames: Buffer[] = [];
  let framesBytes = 0;

  const camera = openRelayCamera(
    target,
    target.login,
    {
      opened: listen,
      packet(channel, memory, start, last) {
        const ours = answers.fromCamera.get(channel);
        if (ours === undefined || framesBytes > EARLY_BYTES) return;
        frames.push(framed(ours, memory, start, last));
        framesBytes += FRAME_HEAD_BYTES + last - start;
      },
      readDone: handOn,
      ended: end,
    },
    deps,
  );
  const answers = createRelayAnswers(target, () => base, camera);
  const server = createServer(arrived);
  server.maxConnections = CONNECTIONS;
  // No descriptor left for a port: not the camera's doing, and the next attempt may find one.
  server.on('error', () => end('stopped'));

  function listen(): void {
    const host = isIPv6(target.host) ? '::1' : '127.0.0.1';
    server.listen({ host, port: 0 }, () => {
      if (over) return;
      const { port } = server.address() as AddressInfo;
      base = `rtsp://${isIPv6(host) ? `[${host}]` : host}:${port}${path}`;
      cancelArrival = clock.after(ARRIVAL_MS, () => program ?? close());
      events.ready(base);
    });
  }

  function arrived(socket: Socket): void {
    sockets.add(socket);
    socket.setNoDelay(true);
    const cancelFirst = clock.after(FIRST_REQUEST_MS, () => program === socket || socket.destroy());
    let waiting = 0;
    let turn: Promise<void> = Promise.resolve();
    const reader = createRtspReader({
      message(message) {
        if (message.kind === 'reply' || !claim(socket, message)) return;
        if (++waiting > PENDING_REQUESTS) return void socket.destroy();
        turn = turn.then(async () => {
          reply(socket, message, await answers.answer(message));
          waiting--;
          if (message.method === 'TEARDOWN') socket.end();
          handOn();
        });
      },
      packet(channel, memory, start, last) {
        const theirs = program === socket ? answers.toCamera.get(channel) : undefined;
        if (theirs !== undefined) camera.send(framed(theirs, memory, start, last));
      },
      broken: () => socket.destroy(),
    });
    socket.on('data', (bytes: Buffer) => reader.push(bytes, 0, bytes.length));
    // Its close follows and says all there is to say.
    socket.on('error', () => undefined);
    socket.on('close', () => {
      cancelFirst();
      reader.close();
      sockets.delete(socket);
      if (program === socket) close();
    });
  }

  /** Whether this connection is the program's: the first that names the path is, and nobody after it. */
  function claim(socket: Socket, request: RtspRequest): boolean {
    if (program === socket) return true;
    const right = Buffer.from(base, 'latin1');
    const named = Buffer.from(request.url.slice(0, base.length), 'latin1');
    if (program || named.length !== right.length || !timingSafeEqual(named, right)) {
      reply(socket, request, { status: 404 });
      socket.end();
      return false;
    }
    program = socket;
    cancelArrival();
    server.close();
    for (const other of sockets) if (other !== socket) other.destroy();
    return true;
  }

  /** In the camera's order, and never before the answer to PLAY: the program throws away what comes earlier. */
  function handOn(): void {
    if (!answers.playing || frames.length === 0) return;
    const bytes = Buffer.concat(frames);
    frames = [];
    framesBytes = 0;
    if (!program || program.destroyed || program.write(bytes)) return;
    camera.pause();
    program.once('drain', () => camera.resume());
  }

  function close(): void {
    if (over || closing) return;
    closing = true;
    void answers.tearDown().then(() => end(answers.refusal ?? 'stopped'));
  }

  function end(reason: RtspEndReason): void {
    if (over) return;
    over = true;
    cancelArrival();
    camera.close();
    server.close();
    for (const socket of sockets) {
      socket.end();
      clock.after(LEAVE_MS, () => socket.destroy());
    }
    events.ended(reason);
  }

  return { close };
}

function reply(socket: Socket, request: RtspRequest, { status, headers = [], body = '' }: Answer): void {
  if (!socket.writable) return;
  const length = body === '' ? [] : [`Content-Length: ${body.length}`];
  const lines = [
    `RTSP/1.0 ${status} ${REASONS[status] ?? 'Refused'}`,
    `CSeq: ${numberOf(request, 'cseq') ?? 0}`,
    ...headers,
    ...length,
  ];
  socket.write(Buffer.concat([printMessage(lines), Buffer.from(body, 'latin1')]));
}

/** One interleaved frame (RFC 2326 §10.12); a copy, because the reader's memory is used again. */
function framed(channel: number, memory: Buffer, start: number, end: number): Buffer {
  const frame = Buffer.allocUnsafe(FRAME_HEAD_BYTES + end - start);
  frame[0] = 0x24;
  frame[1] = channel;
  frame.writeUInt16BE(end - start, 2);
  memory.copy(frame, FRAME_HEAD_BYTES, start, end);
  return frame;
}
