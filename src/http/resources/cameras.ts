import { z } from 'zod';
import { decide, type Principal } from '../../access/policy.ts';
import type { CameraConfig } from '../../config/config.ts';
import { cameraHealthSchema, cameraSchema } from '../../contract/cameras.ts';
import type { CameraStatus, RecorderStatus } from '../../contract/recorder-status.ts';
import type { Clock } from '../../lib/clock.ts';
import { isRecording } from '../../stewardship/health.ts';
import { type Route, route } from '../route.ts';

export interface CameraDeps {
  /** As configured now. */
  cameras(): readonly CameraConfig[];
  /** @throws GirokError `recorder_not_running` */
  readStatus(): Promise<RecorderStatus>;
  readonly clock: Clock;
}

const ON_CAMERAS = cameraSchema.shape.may.element.options;

export function cameraRoutes({ cameras, readStatus, clock }: CameraDeps): Route[] {
  return [
    route({
      method: 'GET',
      path: '/api/cameras',
      access: { function: 'cameras' },
      summary:
        "The site's cameras, with what the caller may do at each; `may=live` leaves only those where they may.",
      query: z.strictObject({ may: z.enum(ON_CAMERAS).optional() }),
      answer: z.strictObject({ cameras: z.array(cameraSchema) }),
      handle: ({ query, session }) => ({
        cameras: cameras()
          .map((camera) => viewOf(camera, session.principal, clock.utcUs()))
          .filter(({ may }) => query.may === undefined || may.includes(query.may)),
      }),
    }),
    route({
      method: 'GET',
      path: '/api/cameras/health',
      access: { function: 'health' },
      summary: 'Whether each camera records, what it sends and since when it does not.',
      answer: z.strictObject({ at: z.iso.datetime(), cameras: z.array(cameraHealthSchema) }),
      async handle() {
        const status = await readStatus();
        return { at: status.at, cameras: status.cameras.map(healthOf) };
      },
    }),
  ];
}

function viewOf(
  { id, name, place, coverage, zone, purposes, enabled }: CameraConfig,
  principal: Principal,
  nowUs: number,
): z.infer<typeof cameraSchema> {
  const camera = { id, zone: zone.class };
  const may = ON_CAMERAS.filter((action) => {
    const answer = decide(principal, { action, camera }, nowUs);
    // What only asks for a fresh proof is theirs.
    return answer.allowed || answer.why === 'proof_needed';
  });
  return { id, name, place, coverage, zone: zone.class, purposes: [...purposes], enabled, may };
}

function healthOf(camera: CameraStatus): z.infer<typeof cameraHealthSchema> {
  const { id, pulled, clockOffsetMs } = camera;
  return {
    id,
    pulled,
    recording: isRecording(camera),
    ...(clockOffsetMs !== undefined && { clockOffsetMs }),
    streams: camera.streams.map(
      ({ stream, state, codec, width, height, fps, bitsPerSecond, durableUntil, gap }) => ({
        stream,
        state,
        codec,
        width,
        height,
        fps,
        bitsPerSecond,
        durableUntil,
        gap: gap && { since: gap.since, cause: gap.cause },
      }),
    ),
  };
}
