import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { z } from 'zod';
import { FAULT_KINDS } from './faults.ts';
import { QUIRK_KINDS } from './quirks.ts';
import type { SimulatedSite } from './site.ts';

/** The JSON side door of the simulated site, for tests and people; bound to 127.0.0.1. */
export interface Control {
  readonly port: number;
  stop(): Promise<void>;
}

const Order = z.strictObject({
  camera: z.string(),
  stream: z.enum(['main', 'sub', 'night']).optional(),
  kind: z.enum(FAULT_KINDS),
  rate: z.number().min(0).max(1).optional(),
  seconds: z.number().min(-1e9).max(1e9).optional(),
  durationMs: z.number().positive().max(1e9).optional(),
});

const QuirkOrder = z.strictObject({ camera: z.string(), quirks: z.array(z.enum(QUIRK_KINDS)) });

const MAX_BODY = 65_536;

/**
 * GET /cameras, /served, /faults, /quirks; POST /faults with a fault's order; DELETE /faults?id=&camera=&kind=;
 * PUT /quirks with `{ camera, quirks }`, which replaces what the camera had.
 *
 * @throws the system's error when the port is taken.
 */
export async function startControl(site: SimulatedSite, port: number): Promise<Control> {
  const server = createServer((request, response) => {
    answer(site, request).then(
      ({ status, value }) => send(response, status, value),
      (error: unknown) =>
        send(response, 400, { error: error instanceof Error ? error.message : String(error) }),
    );
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const bound = server.address();
  return {
    port: bound && typeof bound === 'object' ? bound.port : port,
    async stop() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

async function answer(
  site: SimulatedSite,
  request: IncomingMessage,
): Promise<{ status: number; value: unknown }> {
  const url = new URL(request.url ?? '/', 'http://control');
  const known = (id: string) => site.cameras.some((camera) => camera.id === id);
  const noCamera = (id: string) => ({ status: 404, value: { error: `no camera ${id}` } });
  switch (`${request.method} ${url.pathname}`) {
    case 'GET /cameras':
      return { status: 200, value: site.cameras };
    case 'GET /served':
      return { status: 200, value: site.served() };
    case 'GET /faults':
      return { status: 200, value: site.faults.list() };
    case 'GET /quirks':
      return {
        status: 200,
        value: Object.fromEntries(site.cameras.map(({ id }) => [id, [...site.quirks.of(id)]])),
      };
    case 'PUT /quirks': {
      const order = QuirkOrder.parse(JSON.parse(await bodyOf(request)));
      if (!known(order.camera)) return noCamera(order.camera);
      site.quirks.set(order.camera, order.quirks);
      return { status: 200, value: order };
    }
    case 'POST /faults': {
      const order = Order.parse(JSON.parse(await bodyOf(request)));
      if (!known(order.camera)) return noCamera(order.camera);
      return { status: 201, value: site.faults.set(order) };
    }
    case 'DELETE /faults': {
      const filter = z
        .object({
          id: z.coerce.number().optional(),
          camera: z.string().optional(),
          kind: z.enum(FAULT_KINDS).optional(),
        })
        .parse(Object.fromEntries(url.searchParams));
      return { status: 200, value: { ended: site.faults.clear(filter) } };
    }
    default:
      return {
        status: 404,
        value: { error: 'GET /cameras, /served, /faults, /quirks; POST, DELETE /faults; PUT /quirks' },
      };
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) {
    text += String(chunk);
    if (text.length > MAX_BODY) throw new Error('body too long');
  }
  return text;
}

function send(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(`${JSON.stringify(value)}\n`);
}
