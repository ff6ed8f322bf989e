import websocket from '@fastify/websocket';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { isGirokError } from '../lib/errors.ts';
import type { Pictures } from './route.ts';

type Socket = Parameters<Pictures['show']>[0];

/** Nothing is sent to us over such a socket; whoever does is hung up on. */
const MOST_RECEIVED_BYTES = 1024;

const opened = new WeakMap<FastifyRequest, Pictures>();

/** WebSockets, for pictures alone: what the server lets in as a request is let in as one of these. */
export async function usePictures(app: FastifyInstance, failed: (error: unknown) => void): Promise<void> {
  await app.register(websocket, {
    options: { maxPayload: MOST_RECEIVED_BYTES, perMessageDeflate: false },
    errorHandler(error, socket) {
      // Whoever leaves without a word, or sends more than they may, has a code of the system's or of the socket's.
      if (isGirokError(error) || !('code' in error)) failed(error);
      socket.terminate();
    },
  });
}

/** Before the socket stands. @throws what opening refuses with: then it is answered and there is no socket */
export async function openPictures(request: FastifyRequest, open: () => Promise<Pictures>): Promise<void> {
  if (!request.ws) return;
  const pictures = await open();
  opened.set(request, pictures);
  // It may never come to a socket: the request may be none of RFC 6455, or whoever asked has gone.
  const drop = () => {
    if (opened.delete(request)) pictures.drop();
  };
  if (request.raw.socket.destroyed) drop();
  else request.raw.socket.once('close', drop);
}

export async function showPictures(socket: Socket, request: FastifyRequest): Promise<void> {
  const pictures = opened.get(request);
  opened.delete(request);
  if (pictures) await pictures.show(socket);
  else socket.terminate();
}
