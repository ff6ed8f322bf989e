import { z } from 'zod';
import { decide, type Principal } from '../../access/policy.ts';
import type { TimelineLane, TimelineRange } from '../../catalogue/timeline.ts';
import type { CameraConfig } from '../../config/config.ts';
import { calendarSchema, timelineSchema } from '../../contract/footage.ts';
import { cameraText, digits } from '../../contract/inputs.ts';
import { instantUs } from '../../contract/people.ts';
import { type Clock, isoFromUs, SECOND_US } from '../../lib/clock.ts';
import { GirokError } from '../../lib/errors.ts';
import type { StreamKind } from '../../lib/ids.ts';
import type { CalendarDay } from '../../viewing/calendar.ts';
import { type Route, route } from '../route.ts';

export interface TimelineDeps {
  cameras(): readonly Pick<CameraConfig, 'id' | 'zone'>[];
  /** @throws GirokError `viewing_input` {field} */
  timeline(cameras: readonly string[], range: TimelineRange, stream: StreamKind): Promise<TimelineLane[]>;
  calendar(): Promise<readonly CalendarDay[]>;
  readonly clock: Clock;
}

const MOST_BUCKET_S = 86_400;
const someCameras = z
  .string()
  .max(512)
  .transform((text) => text.split(','))
  .pipe(z.array(cameraText).min(1).max(13));

/** What there is, without a picture of it. */
export function timelineRoutes({ cameras, timeline, calendar, clock }: TimelineDeps): Route[] {
  const known = (id: string) => {
    const camera = cameras().find((one) => one.id === id);
    if (!camera) throw new GirokError('unknown_camera', { camera: id });
    return camera;
  };
  /** Who moves where at what time concerns people: of footage that the caller could open alone. */
  const mayWatch = (principal: Principal, id: string, range: TimelineRange) => {
    const camera = { id, zone: known(id).zone.class };
    return decide(principal, { action: 'playback', camera, range }, clock.utcUs()).allowed;
  };
  return [
    route({
      method: 'GET',
      path: '/api/timeline',
      access: { function: 'cameras' },
      summary:
        'Of up to 13 cameras (`cameras=cam01,cam02`): what is recorded, gaps with their causes, and activity in buckets of so many seconds. At most eight days.',
      query: z.strictObject({
        cameras: someCameras,
        from: instantUs,
        to: instantUs,
        bucket: digits(1, MOST_BUCKET_S),
        stream: z.enum(['main', 'sub']).optional(),
      }),
      answer: timelineSchema,
      async handle({ query, session }) {
        for (const id of query.cameras) known(id);
        const range = { fromUs: query.from, toUs: query.to, bucketUs: query.bucket * SECOND_US };
        const lanes = await timeline(query.cameras, range, query.stream ?? 'main');
        return {
          ...spanOf(range),
          bucketSeconds: query.bucket,
          lanes: lanes.map(({ ref, recorded, gaps, activity }) => ({
            ...ref,
            recorded: recorded.map(spanOf),
            gaps: gaps.map((gap) => ({ ...spanOf(gap), cause: gap.cause })),
            ...(mayWatch(session.principal, ref.camera, range) && {
              activity: Buffer.from(activity).toString('base64'),
            }),
          })),
        };
      },
    }),
    route({
      method: 'GET',
      path: '/api/calendar',
      access: { function: 'cameras' },
      summary: 'How much of each day is recorded, over the days of which there is footage; at most 62.',
      answer: calendarSchema,
      async handle() {
        const days = await calendar();
        return {
          days: days.map((day) => ({
            day: day.day,
            ...spanOf(day),
            cameras: day.cameras.map(({ camera, recordedUs }) => ({
              camera,
              recordedSeconds: Math.round(recordedUs / SECOND_US),
            })),
          })),
        };
      },
    }),
  ];
}

const spanOf = ({ fromUs, toUs }: { fromUs: number; toUs: number }) => ({
  from: isoFromUs(fromUs),
  to: isoFromUs(toUs),
});
