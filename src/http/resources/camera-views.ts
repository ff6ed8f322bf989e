import { z } from 'zod';
import { decide } from '../../access/policy.ts';
import type { ViewDesk } from '../../cameras/view/desk.ts';
import { LEAST_AGREEMENT } from '../../cameras/view/standing.ts';
import { viewAlarm } from '../../cameras/view/view-alarms.ts';
import type { Config } from '../../config/config.ts';
import { type CameraView, cameraViewSchema } from '../../contract/camera-views.ts';
import { cameraText } from '../../contract/inputs.ts';
import { instantUs } from '../../contract/people.ts';
import { type Clock, isoFromUs } from '../../lib/clock.ts';
import { GirokError } from '../../lib/errors.ts';
import { type Route, route } from '../route.ts';

export interface CameraViewDeps {
  config(): Pick<Config, 'cameras'>;
  views(): ViewDesk;
  readonly clock: Clock;
}

const one = z.strictObject({ id: cameraText });
const accepting = { function: 'camera_views' } as const;

/** Whether cameras still show what they showed: scores, never a picture. */
export function cameraViewRoutes({ config, views, clock }: CameraViewDeps): Route[] {
  const viewOf = (camera: string, mayAccept: boolean): CameraView => {
    if (!config().cameras.some(({ id }) => id === camera)) throw new GirokError('unknown_camera', { camera });
    const desk = views();
    const row = desk.standing(camera);
    return {
      watched: desk.isWatched(camera),
      ...(row?.referenceUs && { reference: isoFromUs(row.referenceUs) }),
      ...(row && {
        last: {
          at: isoFromUs(row.lastUs),
          state: row.lastState,
          doubts: row.doubts,
          alarm: viewAlarm({ doubts: row.doubts, state: row.lastState }) !== undefined,
        },
      }),
      scores: desk.scores(camera).map(({ day, atUs, agreement, state }) => ({
        day,
        at: isoFromUs(atUs),
        state,
        ...(agreement !== null && { agreement }),
      })),
      least: LEAST_AGREEMENT,
      mayAccept,
    };
  };
  return [
    route({
      method: 'GET',
      path: '/api/cameras/:id/view',
      access: { function: 'health' },
      summary: 'Whether a camera still shows what it showed: scores of today and of the last 31 days.',
      params: one,
      answer: cameraViewSchema,
      handle: ({ params, session }) =>
        viewOf(params.id, decide(session.principal, accepting, clock.utcUs()).allowed),
    }),
    route({
      method: 'POST',
      path: '/api/cameras/:id/view/look',
      access: accepting,
      summary: 'Compares the newest recorded picture with the reference now. Nobody sees either.',
      params: one,
      answer: cameraViewSchema,
      async handle({ params }) {
        await views().look(params.id);
        return viewOf(params.id, true);
      },
    }),
    route({
      method: 'POST',
      path: '/api/cameras/:id/view/accept',
      access: accepting,
      summary:
        'What was seen at the look of `at` is the reference from now on; entered with whoever accepts it. Ends the alarm.',
      params: one,
      body: z.strictObject({ at: instantUs }),
      answer: cameraViewSchema,
      handle({ params, body, session }) {
        views().accept(params.id, body.at, `person:${session.account}`);
        return viewOf(params.id, true);
      },
    }),
  ];
}
