import { z } from 'zod';
import type { RecorderStatus } from '../../contract/recorder-status.ts';
import type { AlarmRow } from '../../db/site/alarm-rows.ts';
import { GirokError } from '../../lib/errors.ts';
import { ailmentsOf } from '../../stewardship/health.ts';
import { allAlarms } from '../../stewardship/read-alarm-book.ts';
import { METRICS_TYPE, metricsText } from '../metrics.ts';
import { type Route, raw } from '../route.ts';

export interface HealthDeps {
  /** Asks the recorder anew. @throws GirokError `recorder_not_running` */
  readStatus(): Promise<RecorderStatus>;
  /** The alarms that the book says stand, of all processes. Never throws. */
  readAlarms(): readonly AlarmRow[];
  /** Told of what nobody expected, for the log. */
  failed(error: unknown): void;
}

const health = z.strictObject({
  healthy: z.boolean(),
  reasons: z.array(
    z.strictObject({ kind: z.string(), camera: z.string().optional(), stream: z.string().optional() }),
  ),
  alarms: z.array(
    z.strictObject({
      alarm: z.string(),
      subject: z.string(),
      since: z.string(),
      process: z.string(),
      severity: z.string(),
    }),
  ),
});

/**
 * For monitoring, without any right to footage. `GET /healthz`: 200 while the recorder answers and all pulled cameras
 * record, else 503 with the reasons, JSON both times, with the alarms of all processes. `GET /metrics`: Prometheus
 * text, also while no recorder runs.
 */
export function healthRoutes(deps: HealthDeps): Route[] {
  const alarmsOf = (status: RecorderStatus | undefined) => allAlarms(status?.alarms, deps.readAlarms());
  return [
    raw({
      method: 'GET',
      path: '/healthz',
      access: 'monitor',
      summary: 'Whether the recorder answers and every camera records; 503 with the reasons where not.',
      async handle() {
        const status = await statusOrNothing(deps);
        const reasons = status ? ailmentsOf(status) : [{ kind: 'recorder_not_running' }];
        const body = health.parse({
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
        return {
          status: body.healthy ? 200 : 503,
          type: 'application/json; charset=utf-8',
          body: JSON.stringify(body),
        };
      },
    }),
    raw({
      method: 'GET',
      path: '/metrics',
      access: 'monitor',
      summary: 'Figures of the recorder and the standing alarms, as Prometheus text.',
      async handle() {
        const status = await statusOrNothing(deps);
        return { type: METRICS_TYPE, body: await metricsText(status, alarmsOf(status)) };
      },
    }),
  ];
}

/** A recorder that does not answer, or not as we know it, is an answer too: nothing vouches for the cameras. */
async function statusOrNothing(deps: HealthDeps): Promise<RecorderStatus | undefined> {
  try {
    return await deps.readStatus();
  } catch (error) {
    if (!(error instanceof GirokError)) throw error;
    if (error.code !== 'recorder_not_running') deps.failed(error);
    return undefined;
  }
}
