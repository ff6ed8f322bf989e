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

export interface Page {
  readonly type: string;
  readonly body: string;
}

/**
 * The addresses of a playlist, over HTTP on loopback: `/CAMERA/STREAM/FROM/TO/index.m3u8`, and made into H.264
 * `/CAMERA/STREAM/FROM/TO/transcoded/index.m3u8`.
 *
 * @param pages by their address, e.g. `/player.html`
 */
export async function servePlayback(
  playback: Playback,
  viewing: string,
  principal: PrincipalNow,
  pages: Readonly<Record<string, Page>> = {},
): Promise<{ base: string; served: Served[]; close(): Promise<void> }> {
  const served: Served[] = [];
  const answer = async (
    url: string,
    left: AbortSignal,
  ): Promise<{ type: string; body: string | Readable }> => {
    const page = pages[url];
    if (page) return page;
    const [, camera = '', stream = '', from, to, ...rest] = url.split('/');
    const isTranscoded = rest[0] === 'transcoded';
    const [kind, name = ''] = isTranscoded ? rest.slice(1) : rest;
    const asked: Asked = { principal, viewing, camera, stream: stream as StreamKind };
    const [base = ''] = name.split('.');
    if (kind === 'index.m3u8') {
      const body = await playback.playlist(asked, { fromUs: Number(from), toUs: Number(to) });
      return { type: 'application/vnd.apple.mpegurl', body };
    }
    const { transcoded } = playback;
    if (kind === 'init')
      return isTranscoded ? transcoded.init(asked, base, left) : playback.init(asked, base);
    if (kind === 'media')
      return isTranscoded ? transcoded.mediaSegment(asked, base, left) : playback.mediaSegment(asked, base);
    throw new GirokError('footage_missing');
  };
  const server = createServer((request, response) => {
    const entry: Served = { path: request.url ?? '', status: 0, bytes: 0 };
    served.push(entry);
    const left = new AbortController();
    response.on('close', () => left.abort(new Error('whoever asked has left')));
    answer(entry.path, left.signal).then(
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
