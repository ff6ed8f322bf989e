import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { GirokError, systemCode } from '../lib/errors.ts';
import type { Witness } from './witness.ts';

const MOST_BYTES = 64 * 1024;
const PATIENCE_MS = 10_000;
const MOST_CONNECTIONS = 64;

export interface WitnessServer {
  readonly port: number;
  close(): Promise<void>;
}

/**
 * The witness over HTTP: `POST /add-checkpoint`, `POST /heartbeat`, and `GET /checkpoint?origin=…` with the newest that it has signed
 * for. Who asks does not matter: only what the log itself has signed is ever taken or given.
 *
 * @throws GirokError `port_in_use`
 */
export async function serveWitness(
  witness: Witness,
  { host, port, failed }: { host: string; port: number; failed: (error: unknown) => void },
): Promise<WitnessServer> {
  const server = createServer((request, response) => {
    answer(witness, request, response).catch((error: unknown) => {
      failed(error);
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
  });
  server.requestTimeout = PATIENCE_MS;
  server.headersTimeout = PATIENCE_MS;
  server.maxConnections = MOST_CONNECTIONS;
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) =>
      reject(
        new GirokError(
          'port_in_use',
          { address: `${host}:${port}`, system: systemCode(error) },
          { cause: error },
        ),
      ),
    );
    server.listen(port, host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(witness: Witness, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://witness.invalid');
  if (request.method === 'POST' && pathname === '/add-checkpoint') {
    const body = await textOf(request);
    if (body === undefined) return void response.writeHead(413, { connection: 'close' }).end();
    const { status, body: told } = await witness.addCheckpoint(body);
    const type = status === 409 ? 'text/x.tlog.size' : 'text/plain; charset=utf-8';
    return void response.writeHead(status, { 'content-type': type }).end(told);
  }
  if (request.method === 'POST' && pathname === '/heartbeat') {
    const body = await textOf(request);
    if (body === undefined) return void response.writeHead(413, { connection: 'close' }).end();
    return void response.writeHead(await witness.addHeartbeat(body)).end();
  }
  const isLook = request.method === 'GET' && pathname === '/checkpoint';
  const latest = isLook ? await witness.latest(searchParams.get('origin') ?? '') : undefined;
  if (!latest) return void response.writeHead(404).end();
  response.writeHead(200, { 'content-type': 'text/plain; charset=utf-8' }).end(latest.note);
}

async function textOf(request: IncomingMessage): Promise<string | undefined> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    bytes += part.length;
    if (bytes > MOST_BYTES) return undefined;
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}
