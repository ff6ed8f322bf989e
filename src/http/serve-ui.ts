import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { PublicUi, UiFile } from './public-ui.ts';

/** Scripts and styles of our own alone; nothing inline, nothing evaluated, nothing from elsewhere, no frames, no forms. */
const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' blob:",
  "font-src 'self'",
  "connect-src 'self'",
  'media-src blob:',
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join(';');
/** No page of ours ever films, listens or locates. */
const PERMISSIONS = 'camera=(), microphone=(), geolocation=(), display-capture=(), usb=(), serial=()';
const YEAR_S = 365 * 24 * 3600;

/** A path as the pages have it: nothing encoded, no file. */
const PAGE_PATH = /^\/(?!api(?:\/|$))[A-Za-z0-9/-]*$/;

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Somebody may come to it from a link elsewhere: it shows nothing that is anybody's. */
    isPage?: boolean;
  }
}

/** The pages, at every path that nothing else is at. */
export function serveUi(app: FastifyInstance, ui: PublicUi): void {
  app.route({
    method: 'GET',
    url: '/*',
    config: { access: 'public', isPage: true },
    handler(request, reply) {
      const path = request.url.split('?', 1)[0] ?? '';
      const file = ui.files.get(path) ?? (wantsPage(path, request) ? ui.page : undefined);
      if (!file) return reply.callNotFound();
      return send(file, request, reply);
    },
  });
}

/** Each page has an address of its own, which the one page that there is then shows. */
const wantsPage = (path: string, { headers }: FastifyRequest): boolean =>
  PAGE_PATH.test(path) && (headers.accept ?? '').includes('text/html');

function send(file: UiFile, { headers }: FastifyRequest, reply: FastifyReply): FastifyReply {
  void reply
    .header('content-security-policy', PAGE_POLICY)
    .header('permissions-policy', PERMISSIONS)
    .header('cache-control', file.named ? `public, max-age=${YEAR_S}, immutable` : 'no-cache')
    .header('etag', file.tag)
    .header('vary', 'accept-encoding');
  if (headers['if-none-match'] === file.tag) return reply.code(304).send();
  void reply.type(file.type);
  if (!file.packed || !/\bgzip\b(?!;\s*q=0(?!\.[1-9]))/.test(headers['accept-encoding'] ?? ''))
    return reply.send(file.body);
  return reply.header('content-encoding', 'gzip').send(file.packed);
}
