import type { CameraConfig, Config, SourceConfig } from '../config/config.ts';
import { createNetworks, literalAddress } from '../config/networks.ts';
import { pullDecision } from '../config/pull-decision.ts';
import type { Clock } from '../lib/clock.ts';
import { GirokError } from '../lib/errors.ts';
import type { CameraId, StreamKind } from '../lib/ids.ts';
import type { Secret } from '../lib/secret.ts';
import { createAddressPolicy } from './address-policy.ts';
import { type DeviceWords, deviceWords } from './device-words.ts';
import type { Onvif } from './onvif/onvif.ts';
import { type ProbedStream, probeStream } from './probe.ts';
import { findingsOf, type ProbeFinding, WATCH_SECONDS } from './probe-findings.ts';
import { resolveCamera } from './stream-source.ts';

/** Where a camera is that is not configured yet, as somebody typed it. */
export type TypedSource =
  | { readonly kind: 'onvif'; readonly deviceUrl: string }
  | { readonly kind: 'rtsp'; readonly mainUrl: string; readonly subUrl?: string };

export interface TypedLogin {
  readonly user: string;
  readonly password: Secret;
}

export interface SeenCamera {
  readonly device?: DeviceWords;
  readonly clockOffsetMs?: number;
  readonly streams: readonly { readonly stream: StreamKind; readonly seen: ProbedStream }[];
  readonly findings: readonly ProbeFinding[];
}

export interface LookDeps {
  readonly config: Pick<Config, 'cameraNetworks' | 'cameras'>;
  readonly lookup: (host: string) => Promise<readonly string[]>;
  readonly onvif: Onvif;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** What it usually takes: connecting, and watching both streams at once. */
export const LOOK_MS = (WATCH_SECONDS + 3) * 1000;
/** Never read: the login was typed, and is handed over as it is. */
const TYPED = { kind: 'env', name: 'TYPED' } as const;

/**
 * Connects to a camera that is not configured yet, and watches its streams for some seconds without decoding. The
 * login lives in memory for as long as this takes. Nothing that the camera says is an address in what is answered.
 *
 * @throws GirokError `camera_*`; the signal's reason
 */
export async function lookAtCamera(
  typed: TypedSource,
  login: TypedLogin | undefined,
  { config, lookup, onvif, clock, signal }: LookDeps,
): Promise<SeenCamera> {
  const policy = createAddressPolicy({ networks: createNetworks(config.cameraNetworks), lookup });
  const source: SourceConfig = {
    ...typed,
    client: 'auto',
    transport: 'auto',
    ...(login && { credential: { user: login.user, password: TYPED } }),
  };
  for (const host of hostsOf(source)) refuseShut(await policy.pin(host), config.cameras);
  const password = login?.password;
  const camera = { id: 'typed' as CameraId, source };
  const secrets = {
    resolve() {
      if (!password) throw new GirokError('credential_missing', {});
      return password;
    },
  };
  const { main, sub, device, clockOffsetMs } = await resolveCamera(camera, {
    policy,
    onvif,
    secrets,
    signal,
  }).catch(withoutName);
  const [mainSeen, subSeen] = await Promise.all([
    probeStream(main, WATCH_SECONDS, { clock, signal }),
    sub && probeStream(sub, WATCH_SECONDS, { clock, signal }),
  ]);
  const streams = [
    { stream: 'main' as const, seen: mainSeen },
    ...(subSeen ? [{ stream: 'sub' as const, seen: subSeen }] : []),
  ];
  return {
    ...(device && { device: deviceWords(device) }),
    ...(clockOffsetMs !== undefined && { clockOffsetMs }),
    streams,
    findings: findingsOf(
      { ...(sub && { sub }), ...(clockOffsetMs !== undefined && { clockOffsetMs }) },
      streams.map(({ stream, seen }) => [stream, seen] as const),
    ),
  };
}

const hostsOf = (source: SourceConfig): string[] =>
  (source.kind === 'onvif' ? [source.deviceUrl] : [source.mainUrl, source.subUrl ?? source.mainUrl]).map(
    (url) => new URL(url).hostname.replace(/^\[|\]$/g, ''),
  );

/** Looking is pulling: what is registered as a place that is not recorded is not looked at by its address either. */
function refuseShut(address: string, cameras: readonly CameraConfig[]): void {
  for (const camera of cameras) {
    const { why } = pullDecision(camera, true);
    const isShut = why === 'prohibited' || why === 'operating_room_unconfirmed';
    if (isShut && hostsOf(camera.source).some((host) => literalAddress(host) === address))
      throw new GirokError('camera_url_refused', { camera: camera.id, reason: camera.zone.class });
  }
}

/** The name that resolving gives to what has none yet says nothing to anybody. */
function withoutName(error: unknown): never {
  if (!(error instanceof GirokError)) throw error;
  const { camera: _, ...facts } = error.facts;
  throw new GirokError(error.code, facts, { cause: error });
}
