import type { z } from 'zod';
import type { CameraDraft } from '../../cameras/camera-draft.ts';
import type { Found } from '../../cameras/found.ts';
import type { TypedLogin, TypedSource } from '../../cameras/look-at-camera.ts';
import type { SearchDesk } from '../../cameras/search-desk.ts';
import type { Fault } from '../../config/fault.ts';
import { entrySchema, type SearchView, searchSchema } from '../../contract/camera-search.ts';
import { discoveryInput, draftInput, probeInput } from '../../contract/camera-search-input.ts';
import type { Language } from '../../i18n/language.ts';
import { faultSentence, sentence, sentencesIn } from '../../i18n/sentences.ts';
import { type Clock, isoFromUs } from '../../lib/clock.ts';
import { Secret } from '../../lib/secret.ts';
import { command, type Route, route } from '../route.ts';

export interface CameraSearchDeps extends Pick<SearchDesk<Found>, 'current' | 'cancel'> {
  /** @throws GirokError `camera_search_busy`, `camera_outside_networks`, `request_malformed` */
  discover(by: string, asked: z.output<typeof discoveryInput>): string;
  /** @throws GirokError `camera_search_busy` */
  look(by: string, source: TypedSource, login: TypedLogin | undefined): string;
  /** What to paste, and what cameras.yml would refuse of it. */
  entryOf(draft: CameraDraft): { entry: string; faults: readonly Fault[] };
  readonly clock: Clock;
}

/** Each look into the camera network is entered: who, from where, when. */
const work = { access: { function: 'camera_search' }, touchesPeople: true } as const;
const read = { access: { function: 'camera_search' } } as const;
const begun = searchSchema.shape.search.unwrap().pick({ id: true });

export function cameraSearchRoutes(deps: CameraSearchDeps): Route[] {
  return [
    route({
      method: 'POST',
      path: '/api/camera-search/discovery',
      ...work,
      summary: 'Begins to look for ONVIF cameras in the allowed networks. One search at a time.',
      body: discoveryInput,
      answer: begun,
      handle: ({ body, session }) => ({ id: deps.discover(session.account, body) }),
    }),
    route({
      method: 'POST',
      path: '/api/camera-search/probe',
      ...work,
      summary:
        'Begins to look at one camera: what it is, what its streams are. The login is used once and not kept.',
      body: probeInput,
      answer: begun,
      handle: ({ body: { source, login }, session }) => ({
        id: deps.look(
          session.account,
          sourceOf(source),
          login && { user: login.user, password: new Secret(login.password) },
        ),
      }),
    }),
    route({
      method: 'GET',
      path: '/api/camera-search',
      ...read,
      summary: 'The search that runs or the last one, with what it found.',
      answer: searchSchema,
      handle: ({ language }) => viewOf(deps, language),
    }),
    command({
      method: 'DELETE',
      path: '/api/camera-search',
      ...read,
      summary: 'Cancels the search that runs.',
      handle: () => deps.cancel(),
    }),
    route({
      method: 'POST',
      path: '/api/camera-search/entry',
      ...read,
      summary:
        'The entry for cameras.yml of a camera that was described, and what the file would refuse of it. Nothing is written.',
      body: draftInput,
      answer: entrySchema,
      handle({ body, language }) {
        const { entry, faults } = deps.entryOf({ ...body, source: sourceOf(body.source) });
        return {
          entry,
          faults: faults.map((fault) => ({ path: fault.path, sentence: faultSentence(fault, language) })),
        };
      },
    }),
  ];
}

function sourceOf(source: z.output<typeof probeInput>['source']): TypedSource {
  if (source.kind === 'onvif') return source;
  const { kind, mainUrl, subUrl } = source;
  return { kind, mainUrl, ...(subUrl !== undefined && { subUrl }) };
}

function viewOf({ current, clock }: CameraSearchDeps, language: Language): SearchView {
  const search = current();
  if (!search) return {};
  const { id, state, startedUs, expectedMs, found, error } = search;
  return {
    search: {
      id,
      state,
      started: isoFromUs(startedUs),
      elapsedMs: Math.max(0, Math.round((clock.utcUs() - startedUs) / 1000)),
      expectedMs,
      ...(found && { found: foundView(found, language) }),
      ...(error && { error: { error: error.code, message: sentence(error, language) } }),
    },
  };
}

function foundView(found: Found, language: Language): NonNullable<SearchView['search']>['found'] {
  if (found.kind === 'discovery')
    return { kind: 'discovery', devices: found.devices.map((one) => ({ ...one })) };
  const { device, clockOffsetMs, streams, findings } = found.seen;
  const { warning } = sentencesIn(language).cameras;
  return {
    kind: 'probe',
    ...(device && { device }),
    ...(clockOffsetMs !== undefined && { clockOffsetMs }),
    streams: streams.map(({ stream, seen }) => ({
      stream,
      codec: seen.codec,
      width: seen.width,
      height: seen.height,
      ...(seen.fps !== undefined && { fps: seen.fps }),
      ...(seen.bitsPerSecond !== undefined && { bitsPerSecond: seen.bitsPerSecond }),
      ...(seen.keyFrameSeconds.length > 0 && { keyFrameSeconds: Math.max(...seen.keyFrameSeconds) }),
    })),
    findings: findings.map(({ stream, kind }) => ({
      ...(stream && { stream }),
      kind,
      sentence: warning[kind],
    })),
  };
}
