import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Clock } from '../../src/lib/clock.ts';
import type { Login } from '../digest.ts';
import type { FaultBoard, FaultKind } from '../faults.ts';
import { entityBomb, hugeReply, sendSlowly } from './hostile.ts';
import { type DeviceFacts, PUBLIC_OPERATIONS, REPLIES, SNAPSHOT_PATH } from './replies.ts';
import { acceptsToken } from './security.ts';
import { envelope, fault, readSoap, type SoapRequest } from './soap.ts';

/** One camera's ONVIF service (device and media) with its snapshot, over HTTP. */
export interface OnvifDevice {
  /** @returns the port that was taken. */
  listen(): Promise<number>;
  close(): Promise<void>;
}

export interface OnvifDeviceDeps {
  readonly clock: Clock;
  readonly faults: FaultBoard;
  readonly login: Login;
  readonly account: { readonly user: string; readonly password: string };
}

export interface OnvifDeviceOptions {
  readonly address: string;
  readonly port: number;
  readonly scheme: 'rtsp' | 'rtsps';
  readonly facts: Omit<DeviceFacts, 'origin' | 'rtsp'>;
  /** Asked at each request: ports are known only once they are open. */
  readonly rtspPort: () => number;
  readonly snapshot: Buffer;
}

const MAX_REQUEST = 65_536;

export function createOnvifDevice(deps: OnvifDeviceDeps, options: OnvifDeviceOptions): OnvifDevice {
  const { clock, faults, login, account } = deps;
  const { camera } = options.facts;
  const sockets = new Set<Socket>();
  let server: Server | undefined;
  let port = options.port;

  const active = (kind: FaultKind) => faults.find(camera.id, undefined, kind);
  const cameraUtcMs = () => clock.utcUs() / 1000 + (active('clock_skew')?.seconds ?? 0) * 1000;

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (active('onvif_huge')) return send(response, 200, hugeReply());
    if (active('onvif_entity_bomb')) return send(response, 200, entityBomb());
    if (active('onvif_slow')) return sendSlowly(clock, response);
    const method = request.method ?? '';
    const authorization = request.headers.authorization;
    const httpLogin = !active('refuse_login') && login.accepts(method, authorization);
    if (method === 'GET' && request.url === SNAPSHOT_PATH) {
      if (!httpLogin) return challenge(response);
      response.writeHead(200, { 'content-type': 'image/jpeg', 'content-length': options.snapshot.length });
      response.end(options.snapshot);
      return;
    }
    const soap = method === 'POST' ? readSoap(await bodyOf(request)) : undefined;
    if (!soap) return send(response, 400, fault('Sender', 'ter:WellFormed', 'Not a SOAP request'));
    if (!PUBLIC_OPERATIONS.has(soap.operation) && !httpLogin) {
      if (!soap.token) return challenge(response);
      if (active('refuse_login') || !acceptsToken(soap.token, account, cameraUtcMs())) {
        return send(response, 400, fault('Sender', 'ter:NotAuthorized', 'Sender not authorized'));
      }
    }
    answer(soap, response);
  }

  function answer(soap: SoapRequest, response: ServerResponse): void {
    const reply = REPLIES[soap.operation];
    if (!reply) {
      send(response, 500, fault('Receiver', 'ter:ActionNotSupported', 'Optional action not implemented'));
      return;
    }
    const facts: DeviceFacts = {
      ...options.facts,
      origin: `http://${options.address}:${port}`,
      rtsp: { scheme: options.scheme, address: options.address, port: options.rtspPort() },
    };
    const body = reply(facts, soap.text, cameraUtcMs());
    if (body === undefined) send(response, 400, fault('Sender', 'ter:InvalidArgVal', 'No such profile'));
    else send(response, 200, envelope(body));
  }

  function challenge(response: ServerResponse): void {
    response.writeHead(401, { 'www-authenticate': login.challenges(), 'content-length': 0 });
    response.end();
  }

  return {
    async listen() {
      server = createServer((request, response) => {
        // The client went away or sent too much: its connection is all there is to end.
        serve(request, response).catch(() => response.destroy());
      });
      server.on('connection', (socket) => {
        if (active('reset')) {
          socket.resetAndDestroy();
          return;
        }
        sockets.add(socket);
        socket.once('close', () => sockets.delete(socket));
      });
      server.listen(port, options.address);
      await once(server, 'listening');
      const bound = server.address();
      if (bound && typeof bound === 'object') port = bound.port;
      return port;
    },
    async close() {
      const closing = server;
      server = undefined;
      if (!closing) return;
      const closed = once(closing, 'close');
      closing.close();
      for (const socket of sockets) socket.resetAndDestroy();
      await closed;
    },
  };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += (chunk as Buffer).length;
    if (bytes > MAX_REQUEST) throw new Error('request too long');
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function send(response: ServerResponse, status: number, xml: string): void {
  response.writeHead(status, {
    'content-type': 'application/soap+xml; charset=utf-8',
    'content-length': Buffer.byteLength(xml),
  });
  response.end(xml);
}
