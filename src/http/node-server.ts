import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Listening } from './listening.ts';

/** A head, a body and an answer each have their time, so that slow clients hold nothing for long. */
const HEAD_MS = 5000;
const REQUEST_MS = 15_000;
const KEEP_ALIVE_MS = 5000;
/** Nothing is sent or taken for so long: what was fetched is not being watched any more. */
const SILENCE_MS = 30_000;
/** How often the times above are looked at. */
const LOOK_MS = 1000;
const HEAD_BYTES = 8192;
const MOST_HEADERS = 60;

/** Node's server with its limits; also for {@link https://nodejs.org/api/https.html}, which has the same. */
export function createNodeServer({ tls }: Pick<Listening, 'tls'>, handler: RequestListener): Server {
  const limits = {
    headersTimeout: HEAD_MS,
    requestTimeout: REQUEST_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    connectionsCheckingInterval: LOOK_MS,
    maxHeaderSize: HEAD_BYTES,
    // Two heads that disagree where one request ends let a second one be smuggled past a proxy (RFC 9112, 11.2).
    insecureHTTPParser: false,
    requireHostHeader: false,
  };
  const server = tls
    ? createTlsServer({ ...limits, ...tls, minVersion: 'TLSv1.2', handshakeTimeout: HEAD_MS }, handler)
    : createServer(limits, handler);
  server.maxHeadersCount = MOST_HEADERS;
  server.setTimeout(SILENCE_MS);
  return server;
}
