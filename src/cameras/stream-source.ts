import type { CameraConfig, OnvifSourceConfig, RtspSourceConfig, SourceConfig } from '../config/config.ts';
import type { Secrets } from '../config/secrets.ts';
import { GirokError } from '../lib/errors.ts';
import type { Secret } from '../lib/secret.ts';
import type { AddressPolicy } from './address-policy.ts';
import { codecOf } from './choose-streams.ts';
import type { OnvifResolved } from './onvif/messages.ts';
import type { Onvif } from './onvif/onvif.ts';
import { parseRtspUrl, printRtspUrl } from './rtsp-url.ts';

/** Where one stream is to be pulled from. Safe to log: the password is a {@link Secret}. */
export interface StreamTarget {
  /** The address to connect to; inside the networks at the time of resolving. */
  readonly address: string;
  /** Names the host by that address; never has user info. */
  readonly url: string;
  readonly credential?: StreamCredential;
  readonly transport: SourceConfig['transport'];
  readonly client: SourceConfig['client'];
  /** What the camera says about the stream; unproved. Absent for fixed addresses. */
  readonly announced?: AnnouncedStream;
}

export interface StreamCredential {
  readonly user: string;
  readonly password: Secret;
}

export interface AnnouncedStream {
  readonly codec?: 'h264' | 'h265';
  readonly width: number;
  readonly height: number;
  readonly fps?: number;
  readonly bitsPerSecond?: number;
}

export interface ResolvedCamera {
  readonly main: StreamTarget;
  readonly sub?: StreamTarget;
  /** Camera's clock minus ours, ±500 ms; ONVIF only. */
  readonly clockOffsetMs?: number;
  readonly device?: OnvifResolved['device'];
}

export interface StreamSourceDeps {
  readonly policy: AddressPolicy;
  readonly onvif: Onvif;
  readonly secrets: Secrets;
  readonly signal?: AbortSignal;
}

/**
 * From what cameras.yml says to the addresses to pull from: names resolved and pinned, the camera's answers
 * checked. Asks the camera anew at each call.
 *
 * @throws {GirokError} `camera_*`, `credential_*`; facts name the camera.
 */
export async function resolveCamera(
  camera: Pick<CameraConfig, 'id' | 'source'>,
  deps: StreamSourceDeps,
): Promise<ResolvedCamera> {
  try {
    const { source } = camera;
    const credential = source.credential && {
      user: source.credential.user,
      password: deps.secrets.resolve(source.credential.password),
    };
    return source.kind === 'onvif'
      ? await fromOnvif(source, credential, deps)
      : await fromRtsp(source, credential, deps);
  } catch (error) {
    if (!(error instanceof GirokError)) throw error;
    throw new GirokError(error.code, { camera: camera.id, ...error.facts }, { cause: error });
  }
}

async function fromRtsp(
  source: RtspSourceConfig,
  credential: StreamCredential | undefined,
  { policy }: StreamSourceDeps,
): Promise<ResolvedCamera> {
  const target = async (text: string): Promise<StreamTarget> => {
    const url = parseRtspUrl(text, 'refuse');
    const address = await policy.pin(url.host);
    return {
      address,
      url: printRtspUrl(url, address),
      transport: source.transport,
      client: source.client,
      ...(credential ? { credential } : {}),
    };
  };
  const main = await target(source.mainUrl);
  return source.subUrl === undefined ? { main } : { main, sub: await target(source.subUrl) };
}

async function fromOnvif(
  source: OnvifSourceConfig,
  credential: StreamCredential | undefined,
  { policy, onvif, signal }: StreamSourceDeps,
): Promise<ResolvedCamera> {
  const device = new URL(source.deviceUrl);
  const secure = device.protocol === 'https:';
  const address = await policy.pin(device.hostname);
  const resolved = await onvif.resolve(
    {
      address,
      port: Number(device.port) || (secure ? 443 : 80),
      path: device.pathname + device.search,
      secure,
      ...(credential ? { credential } : {}),
    },
    signal,
  );

  /** The camera chose this address, so it may only name itself: anything else would make us its messenger. */
  const target = async ({ uri, profile }: OnvifResolved['main']): Promise<StreamTarget> => {
    const url = parseRtspUrl(uri, 'strip');
    const named = await policy.pin(url.host);
    if (named !== address)
      throw new GirokError('camera_url_refused', { address: named, reason: 'the stream is on another host' });
    const codec = codecOf(profile.encoding);
    return {
      address,
      url: printRtspUrl(url, address),
      transport: source.transport,
      client: source.client,
      ...(credential ? { credential } : {}),
      announced: {
        width: profile.width,
        height: profile.height,
        ...(codec ? { codec } : {}),
        ...(profile.fps === undefined ? {} : { fps: profile.fps }),
        ...(profile.bitsPerSecond === undefined ? {} : { bitsPerSecond: profile.bitsPerSecond }),
      },
    };
  };
  return {
    main: await target(resolved.main),
    ...(resolved.sub ? { sub: await target(resolved.sub) } : {}),
    ...(resolved.clockOffsetMs === undefined ? {} : { clockOffsetMs: resolved.clockOffsetMs }),
    device: resolved.device,
  };
}
