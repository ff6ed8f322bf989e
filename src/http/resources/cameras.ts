import { z } from 'zod';
import { decide, type Principal } from '../../access/policy.ts';
import type { HealthHistory } from '../../catalogue/health.ts';
import { cameraAddresses } from '../../config/camera-addresses.ts';
import type { CameraConfig, Config } from '../../config/config.ts';
import { pullDecision } from '../../config/pull-decision.ts';
import {
  type CameraHistory,
  type CameraRegister,
  cameraHealthSchema,
  cameraHistorySchema,
  cameraRegisterSchema,
  cameraSchema,
} from '../../contract/cameras.ts';
import { cameraText } from '../../contract/inputs.ts';
import { instantUs } from '../../contract/people.ts';
import type { CameraStatus, RecorderStatus } from '../../contract/recorder-status.ts';
import { type Clock, DAY_US, isoFromUs, SECOND_US } from '../../lib/clock.ts';
import { GirokError, isGirokError } from '../../lib/errors.ts';
import type { StreamKind, StreamRef } from '../../lib/ids.ts';
import { isRecording } from '../../stewardship/health.ts';
import { type Route, route } from '../route.ts';

export interface CameraDeps {
  /** As it is in force at this moment. */
  config(): Pick<Config, 'cameras' | 'purposes' | 'manager'>;
  /** @throws GirokError `recorder_not_running` */
  readStatus(): Promise<RecorderStatus>;
  /** @throws GirokError of the catalogue, where it is not there */
  readHealth(
    ref: StreamRef,
    range: { readonly fromUs: number; readonly toUs: number; readonly nowUs: number },
  ): Promise<HealthHistory>;
  readonly clock: Clock;
}

const ON_CAMERAS = cameraSchema.shape.may.element.options;
const one = z.strictObject({ id: cameraText });
const LONGEST_US = 93 * DAY_US;

export function cameraRoutes({ config, readStatus, readHealth, clock }: CameraDeps): Route[] {
  const known = (id: string): CameraConfig => {
    const camera = config().cameras.find((candidate) => candidate.id === id);
    if (!camera) throw new GirokError('unknown_camera', { camera: id });
    return camera;
  };
  /** What a register says does not wait for a recorder that is away. */
  const statusOf = async (id: string): Promise<CameraStatus | undefined> => {
    try {
      return (await readStatus()).cameras.find((camera) => camera.id === id);
    } catch (error) {
      if (isGirokError(error, 'recorder_not_running')) return undefined;
      throw error;
    }
  };
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
        cameras: config()
          .cameras.map((camera) => viewOf(camera, session.principal, clock.utcUs()))
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
    route({
      method: 'GET',
      path: '/api/cameras/:id/register',
      access: { function: 'cameras' },
      summary:
        'One camera’s page of the register: what its sign says, what it is, and for who looks after it where it is.',
      params: one,
      answer: cameraRegisterSchema,
      handle: async ({ params, session }) =>
        registerOf(known(params.id), config(), await statusOf(params.id), session.principal, clock.utcUs()),
    }),
    route({
      method: 'GET',
      path: '/api/cameras/:id/history',
      access: { function: 'health' },
      summary: 'How a camera’s streams were over a time, by the minute or by ten, with their gaps.',
      params: one,
      query: z
        .strictObject({ from: instantUs, to: instantUs })
        .refine(({ from, to }) => from < to && to - from <= LONGEST_US),
      answer: cameraHistorySchema,
      async handle({ params, query: { from: fromUs, to: toUs } }) {
        const camera = known(params.id);
        const range = { fromUs, toUs, nowUs: clock.utcUs() };
        const kinds: StreamKind[] = camera.record === 'main' ? ['main'] : ['main', 'sub'];
        const streams = kinds.map(async (stream) =>
          historyOf(stream, await readHealth({ camera: camera.id, stream }, range)),
        );
        return { from: isoFromUs(fromUs), to: isoFromUs(toUs), streams: await Promise.all(streams) };
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

function registerOf(
  camera: CameraConfig,
  { purposes, manager }: Pick<Config, 'purposes' | 'manager'>,
  status: CameraStatus | undefined,
  principal: Principal,
  nowUs: number,
): CameraRegister {
  const { record, recording, zone, confirmation, source } = camera;
  const { pull, why } = pullDecision(camera);
  const { title, department, phone } = manager;
  return {
    ...viewOf(camera, principal, nowUs),
    record,
    recording,
    pulled: pull,
    why,
    ...(zone.consent !== undefined && { consent: zone.consent }),
    ...(confirmation && { confirmed: { basis: confirmation.basis, at: confirmation.confirmedAt } }),
    sign: {
      purposes: purposes.filter(({ id }) => camera.purposes.includes(id)).map(({ ko, en }) => ({ ko, en })),
      place: camera.place,
      coverage: camera.coverage,
      hours: pull ? 'always' : why === 'waits_for_request' ? 'on_request' : 'never',
      manager: { title, department, phone },
    },
    ...(status?.device && { device: status.device }),
    ...(decide(principal, { function: 'camera_addresses' }, nowUs).allowed && {
      addresses: cameraAddresses(source),
    }),
  };
}

function historyOf(
  stream: StreamKind,
  { everyUs, atUs, gaps, ...columns }: HealthHistory,
): CameraHistory['streams'][number] {
  const seconds = (us: number) => Math.round(us / SECOND_US);
  const copy = ({ least, mean, most }: HealthHistory['fps']) => ({
    least: [...least],
    mean: [...mean],
    most: [...most],
  });
  return {
    stream,
    everyS: everyUs / SECOND_US,
    at: atUs.map(seconds),
    fps: copy(columns.fps),
    bitsPerSecond: copy(columns.bitsPerSecond),
    missingPackets: [...columns.missingPackets],
    damagedFrames: [...columns.damagedFrames],
    clockOffsetMs: [...columns.clockOffsetMs],
    gaps: gaps.map(({ fromUs, toUs, cause }) => ({
      from: seconds(fromUs),
      ...(toUs !== null && { to: seconds(toUs) }),
      cause,
    })),
    gapsLeftOut: columns.gapsLeftOut,
  };
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
