import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Readable } from 'node:stream';
import { GirokError } from '../../../src/lib/errors.ts';
import type { StreamKind } from '../../../src/lib/ids.ts';
import type { Asked, PrincipalNow } from '../../../src/viewing/gate.ts';
import type { Playback } from '../../../src/viewing/playback.ts';

/** What went over the wire, as far as this side knows. */
export interface Served {
  readonly path: string;
  status: number;
  bytes: number;
}

/** The addresses of a playlist, over HTTP on loopback: `/CAMERA/STREAM/FROM/TO/index.m3u8`. */
export async function servePlayback(
  playback: Playback,
  viewing: string,
  principal: PrincipalNow,
): Promise<{ base: string; served: Served[]; close(): Promise<void> }> {
  const served: Served[] = [];
  const answer = async (url: string): Promise<{ type: string; body: string | Readable }> => {
    const [, camera = '', stream = '', from, to, kind, name = ''] = url.split('/');
    const asked: Asked = { principal, viewing, camera, stream: stream as StreamKind };
    const [base = ''] = name.split('.');
    if (kind === 'index.m3u8') {
      const body = await playback.playlist(asked, { fromUs: Number(from), toUs: Number(to) });
      return { type: 'application/vnd.apple.mpegurl', body };
    }
    if (kind === 'init') return playback.init(asked, base);
    if (kind === 'media') return playback.mediaSegment(asked, base);
    throw new GirokError('footage_missing');
  };
  const server = createServer((request, response) => {
    const entry: Served = { path: request.url ?? '', status: 0, bytes: 0 };
    served.push(entry);
    answer(entry.path).then(
      ({ type, body }) => {
        entry.status = 200;
        response.writeHead(200, { 'content-type': type });
        if (typeof body === 'string') return void response.end(body);
        body.on('data', (chunk: Buffer) => {
          entry.bytes += chunk.length;
        });
        body.pipe(response);
        body.on('error', () => response.destroy());
        response.on('close', () => body.destroy());
      },
      (error: unknown) => {
        entry.status = error instanceof GirokError ? 404 : 500;
        response.writeHead(entry.status).end(String(error));
      },
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    base: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    served,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
