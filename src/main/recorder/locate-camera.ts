import { createAddressPolicy } from '../../cameras/address-policy.ts';
import { identityOf } from '../../cameras/device-identity.ts';
import { deviceWords } from '../../cameras/device-words.ts';
import { systemLookup } from '../../cameras/lookup.ts';
import { createOnvif } from '../../cameras/onvif/onvif.ts';
import { resolveCamera, type StreamTarget } from '../../cameras/stream-source.ts';
import type { CameraConfig, Config } from '../../config/config.ts';
import type { Environment } from '../../config/environment.ts';
import { createNetworks } from '../../config/networks.ts';
import { createSecrets } from '../../config/secrets.ts';
import { streamLabel } from '../../lib/ids.ts';
import type { LocatedCamera } from '../../recording/camera-recorder.ts';
import type { PullTarget } from '../../recording/source.ts';

export interface CameraLocator {
  /** Asks the camera anew where its streams are. @throws GirokError `camera_*`, `credential_*` */
  locate(camera: CameraConfig): Promise<LocatedCamera>;
  /** What cameras said of their bit rates, by stream label. */
  readonly announced: ReadonlyMap<string, number>;
}

/** Joins what `cameras/` knows of addresses and logins with what `recording/` needs to pull. */
export function createCameraLocator(config: () => Config, env: Environment): CameraLocator {
  const announced = new Map<string, number>();
  const onvif = createOnvif();
  const secrets = createSecrets({ env, uid: process.getuid?.() ?? 0 });
  const pullTarget = ({ url, transport, client, credential }: StreamTarget): PullTarget => ({
    url,
    transport,
    client,
    ...(credential ? { login: credential } : {}),
  });
  return {
    announced,
    async locate(camera) {
      const networks = createNetworks(config().cameraNetworks);
      const policy = createAddressPolicy({ networks, lookup: systemLookup });
      const { main, sub, clockOffsetMs, device } = await resolveCamera(camera, { policy, onvif, secrets });
      for (const [stream, target] of [['main', main] as const, ['sub', sub] as const]) {
        const bits = target?.announced?.bitsPerSecond;
        if (bits) announced.set(streamLabel({ camera: camera.id, stream }), bits);
      }
      return {
        main: pullTarget(main),
        ...(sub ? { sub: pullTarget(sub) } : {}),
        ...(clockOffsetMs === undefined ? {} : { clockOffsetMs }),
        ...(device ? { identity: identityOf(device), device: deviceWords(device) } : {}),
      };
    },
  };
}
