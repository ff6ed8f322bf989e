import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { Secret } from '../../../src/lib/secret.ts';
import { headerOf, type RtspRequest } from '../../../src/rtsp/message.ts';
import { createRtspReader } from '../../../src/rtsp/reader.ts';
import {
  openRtspSession,
  type RtspEnd,
  type RtspTarget,
  type VideoDescription,
} from '../../../src/rtsp/session.ts';
import { createManualClock } from '../../support/manual-clock.ts';
import { SELF_MADE } from './self-made-certificate.ts';

/** Status and headers, then perhaps a body; CSeq and Content-Length are added unless they are there. */
export interface Said {
  readonly head: readonly string[];
  readonly body?: string;
  /** Sent before the reply, and behind it. */
  readonly before?: Buffer;
  readonly after?: Buffer;
}

export type Reply = Said | 'silence' | 'close' | 'reset';
export type Rule = Reply | ((request: RtspRequest, nth: number, camera: ScriptedCamera) => Reply | undefined);

/** By method: what is said instead of what a good camera says. */
export type Script = Readonly<Record<string, Rule>>;

export interface ScriptedCamera {
  readonly port: number;
  /** All requests so far, over all connections. */
  readonly requests: RtspRequest[];
  /** What came on interleaved channels, `channel:hex`. */
  readonly frames: string[];
  /** Replies of the client to requests of the camera. */
  readonly replies: number[];
  readonly connections: number;
  send(bytes: Buffer): void;
  close(): Promise<void>;
}

export const USUAL_SDP = [
  'v=0',
  'm=video 0 RTP/AVP 96',
  'a=rtpmap:96 H264/90000',
  'a=control:trackID=0',
  'm=audio 0 RTP/AVP 0',
  'a=control:trackID=1',
  '',
].join('\r\n');
export const OK = 'RTSP/1.0 200 OK';

/** Interleaved frames: version 2, then zeros. */
export const frame = (channel: number, bytes = 20): Buffer => {
  const all = Buffer.alloc(4 + bytes);
  all.set([0x24, channel, bytes >> 8, bytes & 255, 0x80]);
  return all;
};

const USUAL: Script = {
  OPTIONS: { head: [OK, 'Public: OPTIONS, DESCRIBE, SETUP, PLAY, GET_PARAMETER, TEARDOWN'] },
  DESCRIBE: (request) => ({
    head: [OK, 'Content-Type: application/sdp', `Content-Base: ${request.url}/`],
    body: USUAL_SDP,
  }),
  SETUP: (request) => ({
    head: [OK, 'Session: 12345;timeout=60', `Transport: ${headerOf(request, 'transport')}`],
  }),
  PLAY: { head: [OK, 'Session: 12345'], after: Buffer.concat([frame(0), frame(1), frame(0)]) },
};

export async function startCamera(script: Script = {}, secure = false): Promise<ScriptedCamera> {
  const sockets = new Set<Socket>();
  const seen = new Map<string, number>();
  let connections = 0;
  let latest: Socket | undefined;

  function accept(socket: Socket): void {
    connections++;
    latest = socket;
    sockets.add(socket);
    const reader = createRtspReader({
      message: (message) => {
        if (message.kind === 'reply') {
          camera.replies.push(message.status);
          return;
        }
        camera.requests.push(message);
        const nth = seen.get(message.method) ?? 0;
        seen.set(message.method, nth + 1);
        say(socket, message, nth);
      },
      packet: (channel, memory, start, end) =>
        camera.frames.push(`${channel}:${memory.toString('hex', start, end)}`),
      broken: () => socket.destroy(),
    });
    socket.on('data', (bytes: Buffer) => reader.push(bytes, 0, bytes.length));
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
  }

  function say(socket: Socket, request: RtspRequest, nth: number): void {
    const of = (rule: Rule | undefined) => (typeof rule === 'function' ? rule(request, nth, camera) : rule);
    const reply = of(script[request.method]) ?? of(USUAL[request.method]) ?? { head: [OK] };
    if (reply === 'silence') return;
    if (reply === 'close') return void socket.end();
    if (reply === 'reset') return void socket.resetAndDestroy();
    const { head, body = '', before, after } = reply;
    const has = (name: string) => head.some((line) => line.toLowerCase().startsWith(name));
    const lines = [
      ...head,
      ...(has('cseq') ? [] : [`CSeq: ${headerOf(request, 'cseq')}`]),
      ...(body && !has('content-length') ? [`Content-Length: ${Buffer.byteLength(body)}`] : []),
    ];
    const text = Buffer.from(`${lines.join('\r\n')}\r\n\r\n${body}`);
    socket.write(Buffer.concat([before ?? Buffer.alloc(0), text, after ?? Buffer.alloc(0)]));
  }

  const server = secure ? createTlsServer(SELF_MADE, accept) : createServer(accept);
  server.on('tlsClientError', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (!address || typeof address === 'string') throw new Error('no port');
  const camera: ScriptedCamera = {
    port: address.port,
    requests: [],
    frames: [],
    replies: [],
    get connections() {
      return connections;
    },
    send: (bytes) => void latest?.write(bytes),
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
  return camera;
}

export const LOGIN = { user: 'girok', password: new Secret('geheim') };

/** A session with everything that it told. */
export function pull(url: string, options: Partial<RtspTarget> = {}) {
  const clock = createManualClock();
  const heard = {
    described: [] as VideoDescription[],
    packets: [] as number[],
    reports: [] as number[],
    ends: [] as RtspEnd[],
  };
  const session = openRtspSession(
    { url, transport: 'tcp', ...options },
    {
      described: (video) => heard.described.push(video),
      packet: (_memory, start, end) => heard.packets.push(end - start),
      report: (_memory, start, end) => heard.reports.push(end - start),
      ended: (end) => heard.ends.push(end),
    },
    { clock },
  );
  return { ...heard, clock, session };
}

/** Waits for what the other side of a real socket does; the test's own time is the bound. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 1));
}
