import { afterAll, beforeAll, expect, it } from 'vitest';
import { type SimulatedSite, startSimulatedSite } from '../../../demo/site.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import { Secret } from '../../../src/lib/secret.ts';
import { watchLateness } from '../../../src/recording/lateness.ts';
import { createRtspSource } from '../../../src/recording/rtsp-source.ts';
import type { SourceEnd } from '../../../src/recording/source.ts';

let site: SimulatedSite;
const lateness = watchLateness(systemClock);

beforeAll(async () => {
  site = await startSimulatedSite({
    ...{ addresses: 'one', count: 1, rtspPort: 0, onvifPort: 0, discoveryPort: false },
    quirks: ['joins_mid_group', 'long_group', 'sets_in_band_only'],
  });
});
afterAll(async () => {
  lateness.stop();
  await site?.stop();
});

it('a stream that is ended before its first key frame is not called unusable: nobody waited for one', async () => {
  const [camera] = site.cameras;
  if (!camera) throw new Error('one camera is needed');
  const end = await new Promise<SourceEnd>((resolve) => {
    const session = createRtspSource({ clock: systemClock, lateness }).open(
      {
        url: camera.urls.main,
        login: { user: site.user, password: new Secret(site.password) },
        transport: 'tcp',
        client: 'rtsp',
      },
      {
        alive: () => session.stop(),
        init: () => undefined,
        fragment: () => undefined,
        ended: resolve,
      },
    );
  });
  expect(end).toEqual({ cause: 'stopped', detail: 'ended by the recorder' });
});
