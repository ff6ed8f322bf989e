import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import NodeMediaServer from 'node-media-server';
import { type Clock, SECOND_US } from '../lib/clock.ts';
import { isSigned } from './relay-sign.ts';

const HOST = '127.0.0.1';
const HEAD_MS = 5000;
/** 256 cameras, two streams each, in and out. */
const MOST_CONNECTIONS = 1024;
const TELL_EVERY_US = 10 * SECOND_US;

export interface RelayServerDeps {
  /** 32 bytes, hexadecimal: an empty one would make node-media-server let everybody in. */
  readonly secret: string;
  readonly clock: Clock;
  /** Somebody on this machine asks for what we did not sign; at most every ten seconds. */
  refused(): void;
}

/**
 * Starts the HTTP-FLV part of node-media-server on a port of loopback that the system chooses. Its RTMP, its
 * admin, its store on disk, its recorder, notifier and puller begin with `run()`, which is never called. It checks
 * signatures itself, but ends itself on an address that it does not expect (a sign given twice, an upgrade to an
 * odd path), and answers an unsigned one with 200: so nothing reaches it that we have not checked first.
 *
 * @returns the port
 */
export function startRelayServer({ secret, clock, refused }: RelayServerDeps): Promise<number> {
  const relay = new NodeMediaServer({
    bind: HOST,
    // It makes no server without a number; we listen ourselves.
    http: { port: 1 },
    auth: { play: true, publish: true, secret },
    webadmin: { enable: false },
    record: { auto: false },
  });
  const server = relay.httpServer.httpServer;
  const admitted = server.listeners('request') as ((
    asked: IncomingMessage,
    answer: ServerResponse,
  ) => void)[];
  for (const event of ['request', 'upgrade', 'error'] as const) server.removeAllListeners(event);

  let toldUs = Number.NEGATIVE_INFINITY;
  const refuse = () => {
    if (clock.monoUs() - toldUs < TELL_EVERY_US) return;
    toldUs = clock.monoUs();
    refused();
  };
  server.on('request', (asked: IncomingMessage, answer: ServerResponse) => {
    const { method, url = '', headers } = asked;
    const known = method === 'GET' || method === 'POST';
    // We send no origin: a page in somebody's browser does.
    if (known && headers.origin === undefined && isSigned(url, secret, clock.utcUs())) {
      for (const listener of admitted) listener.call(server, asked, answer);
      return;
    }
    refuse();
    answer.writeHead(403, { connection: 'close' }).end();
  });
  server.on('upgrade', (_asked, socket) => {
    refuse();
    socket.destroy();
  });
  // What is published is one request without an end.
  server.requestTimeout = 0;
  server.headersTimeout = HEAD_MS;
  server.maxConnections = MOST_CONNECTIONS;
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, HOST, () => resolve((server.address() as AddressInfo).port));
  });
}
