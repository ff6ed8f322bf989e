import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { type FrameStamp, parseStamp } from '../../../demo/sei.ts';

/** What came over an RTSP connection, in its order; nothing is judged. */
export type Heard =
  | { readonly kind: 'answer'; readonly text: string }
  | { readonly kind: 'data'; readonly channel: number; readonly packet: Buffer }
  /** Bytes that belong to neither. */
  | { readonly kind: 'junk'; readonly bytes: Buffer };

export interface RawClient {
  readonly heard: Heard[];
  /** Resolves when the connection is over. */
  readonly closed: Promise<void>;
  /** Sends a request and waits for the next answer. @returns the whole answer */
  ask(method: string, url: string, headers?: readonly string[]): Promise<string>;
  /** Sends a request without waiting. */
  send(method: string, url: string, headers?: readonly string[]): void;
  /** Packets of a channel so far. */
  packets(channel: number): Buffer[];
  close(): void;
}

export async function openRaw(url: string, certificate?: string): Promise<RawClient> {
  const { hostname, port } = new URL(url);
  const socket: Socket = certificate
    ? connectTls({ host: hostname, port: Number(port), ca: certificate })
    : connect(Number(port), hostname);
  await once(socket, certificate ? 'secureConnect' : 'connect');
  const heard: Heard[] = [];
  const waiting: ((text: string) => void)[] = [];
  let rest: Buffer = Buffer.alloc(0);
  let cseq = 0;
  // However the connection ends is seen by whoever waits for `closed`.
  socket.on('error', () => undefined);
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));

  function take(bytes: number): Buffer {
    const taken = rest.subarray(0, bytes);
    rest = rest.subarray(bytes);
    return taken;
  }

  /** @returns whether there is more to read. */
  function readOne(): boolean {
    if (rest[0] === 0x24) {
      if (rest.length < 4 || rest.length < 4 + rest.readUInt16BE(2)) return false;
      const data = take(4 + rest.readUInt16BE(2));
      heard.push({ kind: 'data', channel: data[1]!, packet: data.subarray(4) });
      return true;
    }
    if (rest.toString('latin1', 0, 5) === 'RTSP/') {
      const head = rest.indexOf('\r\n\r\n');
      if (head < 0) return false;
      const length = Number(/Content-Length: (\d+)/i.exec(rest.toString('latin1', 0, head))?.[1] ?? 0);
      if (rest.length < head + 4 + length) return false;
      const text = take(head + 4 + length).toString('latin1');
      heard.push({ kind: 'answer', text });
      waiting.shift()?.(text);
      return true;
    }
    const next = [rest.indexOf(0x24), rest.indexOf('RTSP/')].filter((at) => at > 0);
    if (next.length === 0) return false;
    heard.push({ kind: 'junk', bytes: take(Math.min(...next)) });
    return true;
  }

  socket.on('data', (bytes: Buffer) => {
    rest = Buffer.concat([rest, bytes]);
    while (rest.length > 0 && readOne());
  });

  const send = (method: string, target: string, headers: readonly string[] = []) =>
    void socket.write(
      `${[`${method} ${target} RTSP/1.0`, `CSeq: ${++cseq}`, ...headers].join('\r\n')}\r\n\r\n`,
    );
  return {
    heard,
    closed,
    send,
    ask(method, target, headers) {
      const answer = new Promise<string>((resolve) => waiting.push(resolve));
      send(method, target, headers);
      return Promise.race([answer, closed.then(() => Promise.reject(new Error('closed')))]);
    },
    packets: (channel) =>
      heard.flatMap((one) => (one.kind === 'data' && one.channel === channel ? [one.packet] : [])),
    close: () => void socket.destroy(),
  };
}

/** SETUP and PLAY over TCP on channels 0 and 1. @returns both answers and the session's id */
export async function playTcp(
  client: RawClient,
  url: string,
): Promise<{ id: string; setup: string; play: string }> {
  const setup = await client.ask('SETUP', `${url}/trackID=0`, [
    'Transport: RTP/AVP/TCP;unicast;interleaved=0-1',
  ]);
  const id = sessionOf(setup);
  return { id, setup, play: await client.ask('PLAY', url, [`Session: ${id}`]) };
}

/** SETUP and PLAY over UDP. @returns where the packets come, and the answer to SETUP */
export async function playUdp(
  client: RawClient,
  url: string,
): Promise<{ socket: UdpSocket; packets: Buffer[]; setup: string }> {
  const socket = createSocket({ type: 'udp4', recvBufferSize: 4_000_000 });
  const packets: Buffer[] = [];
  socket.on('message', (message) => packets.push(message));
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address();
  const setup = await client.ask('SETUP', `${url}/trackID=0`, [
    `Transport: RTP/AVP;unicast;client_port=${port}-${port + 1}`,
  ]);
  await client.ask('PLAY', url, [`Session: ${sessionOf(setup)}`]);
  return { socket, packets, setup };
}

export const sessionOf = (answer: string): string => /Session: (\w+)/.exec(answer)?.[1] ?? '';
export const statusOf = (answer: string): number => Number(answer.slice(9, 12));

/** The stamps in single packets, in order. */
export const stampsOf = (packets: readonly Buffer[], codec: 'h264' | 'h265' = 'h264'): FrameStamp[] =>
  packets.flatMap((packet) => parseStamp(codec, packet.subarray(12)) ?? []);
