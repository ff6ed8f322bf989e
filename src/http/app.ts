import type { Socket } from 'node:net';
import helmet from '@fastify/helmet';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { Language } from '../i18n/language.ts';
import { GirokError } from '../lib/errors.ts';
import { type AccessDeps, admit, demand, demandAccess, enterWork, workOf } from './access-check.ts';
import { deviceOf, setDevice, setToken, tokenOf, useCookies } from './cookies.ts';
import { isCrossSite, isOpenedByPerson } from './cross-site.ts';
import { errorAnswer, isRefusal, knownError } from './error-map.ts';
import { isOwnHost } from './host.ts';
import { wishedLanguage } from './language.ts';
import { type Limits, useLimits } from './limits.ts';
import { type Listening, mayCome } from './listening.ts';
import { createNodeServer } from './node-server.ts';
import { openPictures, showPictures, usePictures } from './pictures.ts';
import type { Session } from './ports.ts';
import type { PublicUi } from './public-ui.ts';
import { newReference } from './reference.ts';
import type { Call, Raw, Route } from './route.ts';
import { useZod } from './schemas.ts';
import { serveUi } from './serve-ui.ts';

export type WebServer = FastifyInstance;

export interface AppDeps extends AccessDeps {
  readonly routes: readonly Route[];
  readonly listening: Listening;
  /** Under which names it may be asked, besides addresses: `http.host` and `http.name`. */
  readonly names: readonly string[];
  readonly siteLanguage: Language;
  /** Absent: there is the API alone. */
  readonly ui?: PublicUi | undefined;
  /** Told of what nobody expected, for the log. */
  failed(error: unknown, reference?: string): void;
  /** Told of what somebody who is signed in may not do, for the log; in the ledger it is already where it belongs. */
  refused(refusal: Refused): void;
}

export interface Refused {
  /** What the request is called, on its person's screen too. */
  readonly reference: string;
  /** The route, and nothing of what was asked of it. */
  readonly work: string;
  readonly code: string;
  readonly why: unknown;
}

const BODY_BYTES = 64 * 1024;
const YEAR_S = 365 * 24 * 3600;

/** Nothing of an answer is a page: whatever somebody makes a browser take it for, it loads and runs nothing. */
const CONTENT_POLICY = {
  'default-src': ["'none'"],
  'base-uri': ["'none'"],
  'form-action': ["'none'"],
  'frame-ancestors': ["'none'"],
};

/**
 * The web server with the given routes. Each request passes, in this order: the host it names, where it comes from,
 * how many there were, who asks and whether they may, its schema, the entry that accounts for it; then its handler.
 *
 * @throws GirokError `internal` for a route that does not say who may ask
 */
export async function createApp(deps: AppDeps): Promise<WebServer> {
  const { listening } = deps;
  const app: FastifyInstance = Fastify({
    logger: false,
    bodyLimit: BODY_BYTES,
    genReqId: newReference,
    trustProxy: listening.proxies.length === 0 ? false : [...listening.proxies],
    serverFactory: (handler) => createNodeServer(listening, handler),
    forceCloseConnections: 'idle',
    return503OnClosing: true,
    clientErrorHandler: (error, socket) => answerNoRequest(error, socket, deps.siteLanguage),
    frameworkErrors: (error, request, reply) => void answerError(error, request, reply),
  });
  const sessions = new WeakMap<FastifyRequest, Session>();
  const languageOf = (request: FastifyRequest): Language =>
    sessions.get(request)?.language ??
    wishedLanguage(request.headers['accept-language']) ??
    deps.siteLanguage;
  const answerError = (error: unknown, request: FastifyRequest, reply: FastifyReply) => {
    const known = knownError(error);
    const { status, body } = errorAnswer(known, languageOf(request));
    const reference = request.id;
    if (status >= 500) deps.failed(known.cause ?? known, reference);
    else if (isRefusal(known))
      deps.refused({ reference, work: workOf(request), code: known.code, why: known.facts.why });
    if (known.code === 'too_many_requests')
      void reply.header('retry-after', String(known.facts.seconds ?? 60));
    return reply
      .code(status)
      .header('cache-control', 'no-store')
      .type('application/json')
      .send(JSON.stringify(status >= 500 || isRefusal(known) ? { ...body, reference } : body));
  };

  useZod(app);
  demandAccess(app);
  app.removeContentTypeParser('text/plain');
  await app.register(helmet, {
    contentSecurityPolicy: { useDefaults: false, directives: CONTENT_POLICY },
    strictTransportSecurity: listening.secure && { maxAge: YEAR_S, includeSubDomains: false },
    xFrameOptions: { action: 'deny' },
  });
  await useCookies(app);
  await usePictures(app, deps.failed);
  const limits = await useLimits(app);

  app.addHook('onRequest', async (request, reply) => {
    void reply.header('cache-control', 'no-store');
    refuseStrangers(request, deps);
    await limits.count('address', request);
    if (request.is404) return;
    refuseForms(request, listening);
    const session = await admit(request, deps, limits);
    if (session) sessions.set(request, session);
  });
  app.addHook('preHandler', async (request) => {
    const session = sessions.get(request);
    if (session && request.routeOptions.config.touchesPeople) enterWork(request, session, deps.accessLog);
  });
  app.setErrorHandler(answerError);
  app.setNotFoundHandler((request, reply) => {
    const allowed = methodsAt(deps.routes, request.url);
    if (allowed.length === 0) throw new GirokError('request_unknown');
    void reply.header('allow', allowed.join(', '));
    throw new GirokError('request_method', { method: request.method });
  });
  for (const route of deps.routes) addRoute(app, route, { sessions, languageOf, limits, deps });
  if (deps.ui) serveUi(app, deps.ui);
  await app.ready();
  return app;
}

interface Asked {
  readonly sessions: WeakMap<FastifyRequest, Session>;
  languageOf(request: FastifyRequest): Language;
  readonly limits: Limits;
  readonly deps: Pick<AccessDeps, 'clock' | 'accessLog'>;
}

function addRoute(app: FastifyInstance, route: Route, asked: Asked): void {
  const { method, path, access, touchesPeople, input, answer, socket } = route;
  app.route({
    method,
    url: path,
    exposeHeadRoute: hasHead(route),
    config: { access, touchesPeople },
    schema: {
      params: input.params,
      querystring: input.query,
      ...(input.body && { body: input.body }),
      ...(answer && answer !== 'raw' && { response: { 200: answer } }),
    },
    ...(socket && {
      preHandler: (request, reply) => openPictures(request, () => socket(callOf(request, reply, asked))),
      wsHandler: showPictures,
    }),
    async handler(request, reply) {
      const answered = await route.handle(callOf(request, reply, asked));
      if (answer === undefined) return reply.code(204).send();
      if (answer !== 'raw') return reply.send(answered);
      return sendRaw(reply, answered as Raw);
    },
  });
}

function callOf(
  request: FastifyRequest,
  reply: FastifyReply,
  { sessions, languageOf, limits, deps }: Asked,
): Call<unknown, unknown, unknown> {
  return {
    params: request.params,
    query: request.query,
    body: request.body,
    caller: { address: request.ip },
    language: languageOf(request),
    get session() {
      const session = sessions.get(request);
      if (!session) throw new GirokError('internal', { reason: `${request.url} is nobody's` });
      return session;
    },
    get token() {
      return tokenOf(request) ?? '';
    },
    setToken: (token) => setToken(reply, token),
    device: deviceOf(request),
    setDevice: (device) => setDevice(reply, device),
    get left() {
      return leftOf(reply);
    },
    async demand(question) {
      await demand(request, this.session, [question], deps, limits);
    },
    attempt: async (name) => {
      await limits.count('signIn', request);
      if (name !== undefined) await limits.count('name', request, name.normalize('NFKC').toLowerCase());
    },
  };
}

/** @returns a signal whose reason is no fault of ours, and which goes nowhere: nobody reads the answer */
function leftOf({ raw }: FastifyReply): AbortSignal {
  const left = new AbortController();
  const leave = () => left.abort(new GirokError('request_too_slow', { reason: 'left' }));
  if (raw.destroyed) leave();
  else raw.once('close', leave);
  return left.signal;
}

/** Of footage there is no head alone: what is opened counts as seen. */
const hasHead = ({ method, access }: Route) => method === 'GET' && access !== 'gate';

function sendRaw(reply: FastifyReply, raw: Raw): FastifyReply {
  const { status = 200, type, body, bytes, headers = {} } = raw;
  if (bytes !== undefined) void reply.header('content-length', bytes);
  return reply.code(status).type(type).headers(headers).send(body);
}

/** Before anything else: whom it takes us for, and whether it came by a way that may be used. */
function refuseStrangers(request: FastifyRequest, { names, listening }: AppDeps): void {
  const { url = '', rawHeaders } = request.raw;
  const hosts = rawHeaders.filter((name, at) => at % 2 === 0 && name.toLowerCase() === 'host').length;
  // Two hosts, or one more in the address: a proxy in front may have looked at the other.
  if (hosts > 1 || !url.startsWith('/') || !isOwnHost(request.headers.host, names))
    throw new GirokError('request_wrong_host');
  if (!mayCome(listening, request.socket.remoteAddress ?? '')) throw new GirokError('request_in_clear');
}

/** What a page of another site can make a browser send, and what nobody sends in earnest. */
function refuseForms({ method, headers, raw, routeOptions }: FastifyRequest, { secure }: Listening): void {
  const reads = method === 'GET' || method === 'HEAD';
  const provenance = {
    method,
    scheme: secure ? 'https' : 'http',
    host: headers.host,
    origin: headers.origin,
    fetchSite: oneOf(headers['sec-fetch-site']),
    upgrade: headers.upgrade !== undefined,
  };
  const isOpened = routeOptions.config.isPage === true && isOpenedByPerson(headers);
  if (isCrossSite(provenance) && !isOpened) throw new GirokError('request_cross_site');
  const hasBody =
    raw.headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0';
  if (reads && hasBody) throw new GirokError('request_malformed', { where: 'body' });
  // A form cannot be sent as this without asking first (CORS), and we never allow it.
  if (!reads && !/^application\/json(; ?charset=utf-8)?$/i.test(headers['content-type'] ?? ''))
    throw new GirokError('request_type');
}

const oneOf = (header: string | string[] | undefined): string | undefined =>
  Array.isArray(header) ? header.join() : header;

/** The methods that a path has, where it is one of ours. */
function methodsAt(routes: readonly Route[], url: string): string[] {
  const steps = url.split('?', 1)[0]?.split('/') ?? [];
  const methods = routes
    .filter(({ path }) => {
      const pattern = path.split('/');
      return (
        pattern.length === steps.length &&
        pattern.every((step, at) => step.startsWith(':') || step === steps[at])
      );
    })
    .flatMap((route) => (hasHead(route) ? [route.method, 'HEAD'] : [route.method]));
  return [...new Set(methods)];
}

/** What is not even HTTP is answered and hung up on. */
function answerNoRequest(error: { code?: string }, socket: Socket, language: Language): void {
  if (!socket.writable || error.code === 'ECONNRESET') return void socket.destroy();
  const code =
    error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
      ? 'request_too_slow'
      : error.code === 'HPE_HEADER_OVERFLOW'
        ? 'request_too_large'
        : 'request_malformed';
  const { status, body } = errorAnswer(new GirokError(code), language);
  const text = JSON.stringify(body);
  socket.end(
    [
      `HTTP/1.1 ${status} ${status}`,
      'content-type: application/json',
      'cache-control: no-store',
      'x-content-type-options: nosniff',
      `content-length: ${Buffer.byteLength(text)}`,
      'connection: close',
      '',
      text,
    ].join('\r\n'),
  );
}
