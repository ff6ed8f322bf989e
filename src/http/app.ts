import Fastify, { type FastifyInstance } from 'fastify';
import type { RecorderStatus } from '../contract/recorder-status.ts';
import type { AlarmRow } from '../db/site/alarm-rows.ts';
import { GirokError } from '../lib/errors.ts';
import { ailmentsOf } from '../stewardship/health.ts';
import { allAlarms } from '../stewardship/read-alarm-book.ts';
import { isOwnHost } from './host.ts';
import { METRICS_TYPE, metricsText } from './metrics.ts';

export interface AppDeps {
  /** Asks the recorder anew. @throws GirokError `recorder_not_running` */
  readStatus(): Promise<RecorderStatus>;
  /** The alarms that the book says stand, of all processes. Never throws. */
  readAlarms(): readonly AlarmRow[];
  /** `http.host` of the configuration. */
  readonly host: string;
  /** Told of what nobody expected, for the log. */
  failed(error: unknown): void;
}

const HEADERS = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
} as const;

/**
 * The web server's routes. `GET /healthz`: 200 while the recorder answers and all pulled cameras record, else 503
 * with the reasons, JSON both times, with the alarms of all processes. `GET /metrics`: Prometheus text, also while no recorder runs.
 */
export function createApp(deps: AppDeps): FastifyInstance {
  const app = Fastify({
    logger: false,
    bodyLimit: 1024,
    connectionTimeout: 10_000,
    requestTimeout: 10_000,
    keepAliveTimeout: 5000,
    forceCloseConnections: true,
  });

  app.addHook('onRequest', async (request, reply) => {
    reply.headers(HEADERS);
    if (!isOwnHost(request.headers.host, deps.host)) return reply.code(421).send({ error: 'wrong_host' });
    if (request.method !== 'GET' && request.method !== 'HEAD')
      return reply.code(405).header('allow', 'GET, HEAD').send({ error: 'method_not_allowed' });
    return undefined;
  });
  app.setNotFoundHandler((_request, reply) => reply.code(404).send({ error: 'not_found' }));
  app.setErrorHandler((error, _request, reply) => {
    deps.failed(error);
    return reply.code(500).send({ error: 'internal' });
  });

  const alarmsOf = (status: RecorderStatus | undefined) => allAlarms(status?.alarms, deps.readAlarms());
  app.get('/healthz', async (_request, reply) => {
    const status = await statusOrNothing(deps);
    const reasons = status ? ailmentsOf(status) : [{ kind: 'recorder_not_running' }];
    return reply.code(reasons.length === 0 ? 200 : 503).send({
      healthy: reasons.length === 0,
      reasons,
      alarms: alarmsOf(status).map(({ code, subject, since, process, severity }) => ({
        alarm: code,
        subject,
        since,
        process,
        severity,
      })),
    });
  });
  app.get('/metrics', async (_request, reply) => {
    const status = await statusOrNothing(deps);
    const text = await metricsText(status, alarmsOf(status));
    return reply.type(METRICS_TYPE).send(text);
  });
  return app;
}

/** A recorder that does not answer, or not as we know it, is an answer too: nothing vouches for the cameras. */
async function statusOrNothing(deps: AppDeps): Promise<RecorderStatus | undefined> {
  try {
    return await deps.readStatus();
  } catch (error) {
    if (!(error instanceof GirokError)) throw error;
    if (error.code !== 'recorder_not_running') deps.failed(error);
    return undefined;
  }
}
