import { readFileSync } from 'node:fs';
import { type CameraDraft, draftEntry } from '../../cameras/camera-draft.ts';
import { unregistered } from '../../cameras/config-entry.ts';
import { discover } from '../../cameras/discover.ts';
import type { Found } from '../../cameras/found.ts';
import { LOOK_MS, lookAtCamera } from '../../cameras/look-at-camera.ts';
import { systemLookup } from '../../cameras/lookup.ts';
import { createOnvif } from '../../cameras/onvif/onvif.ts';
import { createSearchDesk } from '../../cameras/search-desk.ts';
import { expandTargets } from '../../cameras/targets.ts';
import { faultsOfEntry } from '../../config/check-entry.ts';
import type { Config } from '../../config/config.ts';
import type { Fault } from '../../config/fault.ts';
import { createNetworks } from '../../config/networks.ts';
import type { CameraSearchDeps } from '../../http/resources/camera-search.ts';
import type { Clock } from '../../lib/clock.ts';
import { GirokError } from '../../lib/errors.ts';

/** WS-Discovery asks twice and listens; a thousand addresses take a few tenths of a second more. */
const DISCOVERY_MS = 3500;

/** What the web process finds in the camera network, by the same code as the command line. */
export function createCameraSearch({
  config,
  clock,
  failed,
}: {
  config(): Config;
  readonly clock: Clock;
  failed(error: unknown): void;
}): CameraSearchDeps {
  const desk = createSearchDesk<Found>(clock, failed);
  const onvif = createOnvif();
  return {
    clock,
    current: desk.current,
    cancel: desk.cancel,
    discover(by, { targets, multicast }) {
      const networks = createNetworks(config().cameraNetworks);
      const expanded = expandTargets(targets);
      if (!('addresses' in expanded)) throw new GirokError('request_malformed', { where: 'body.targets' });
      const outside = expanded.addresses.find((address) => !networks.contains(address));
      if (outside !== undefined) throw new GirokError('camera_outside_networks', { address: outside });
      return desk.start(by, DISCOVERY_MS, async (signal) => {
        const devices = await discover({ networks, addresses: expanded.addresses, multicast, clock, signal });
        const fresh = new Set(unregistered(devices, config()));
        return {
          kind: 'discovery',
          devices: devices.map((device) => ({ ...device, registered: !fresh.has(device) })),
        };
      });
    },
    look(by, source, login) {
      return desk.start(by, LOOK_MS, async (signal) => ({
        kind: 'probe',
        seen: await lookAtCamera(source, login, {
          config: config(),
          lookup: systemLookup,
          onvif,
          clock,
          signal,
        }),
      }));
    },
    entryOf(draft: CameraDraft): { entry: string; faults: readonly Fault[] } {
      const entry = draftEntry(draft);
      const { file } = config();
      return { entry, faults: faultsOfEntry(readFileSync(file, 'utf8'), entry, file) };
    },
  };
}
