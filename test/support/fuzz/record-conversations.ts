import { writeFileSync } from 'node:fs';
import type { LoginScheme } from '../../../demo/digest.ts';
import { startSimulatedSite } from '../../../demo/site.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import { Secret } from '../../../src/lib/secret.ts';
import { type OpenConnection, openConnection } from '../../../src/rtsp/connection.ts';
import { openRtspSession } from '../../../src/rtsp/session.ts';

/**
 * Writes test/fixtures/rtsp anew: all bytes that a simulated camera sends, from the first answer to some twenty
 * pictures, by codec and login. Run by hand: `node test/support/fuzz/record-conversations.ts`.
 */
const FOLDER = new URL('../../fixtures/rtsp/', import.meta.url);
const LOGINS: readonly LoginScheme[] = ['none', 'basic', 'digest', 'digest-sha256'];
const PACKETS = 32;
/** The first camera has H.264, the fourth H.265. */
const CAMERAS = { h264: 0, h265: 3 } as const;

for (const login of LOGINS) {
  const site = await startSimulatedSite({
    profile: 'small',
    count: 4,
    addresses: 'one',
    rtspPort: 0,
    onvifPort: 0,
    discoveryPort: false,
    login,
  });
  const account = { user: site.user, password: new Secret(site.password) };
  for (const [codec, index] of Object.entries(CAMERAS)) {
    const camera = site.cameras[index];
    if (camera?.codec !== codec) throw new Error(`camera ${index + 1} does not send ${codec}`);
    const said = await record(camera.urls.main, account);
    writeFileSync(new URL(`${codec}-${login}.bin`, FOLDER), said);
  }
  await site.stop();
}

function record(url: string, login: { user: string; password: Secret }): Promise<Buffer> {
  const said: Buffer[] = [];
  const connect: OpenConnection = (address, events, deps) =>
    openConnection(
      address,
      {
        ...events,
        read(memory, start, end) {
          said.push(Buffer.from(memory.subarray(start, end)));
          events.read(memory, start, end);
        },
      },
      deps,
    );
  return new Promise((resolve) => {
    let packets = 0;
    const session = openRtspSession(
      { url, login, transport: 'tcp' },
      {
        described: () => undefined,
        packet: () => ++packets === PACKETS && session.stop(),
        report: () => undefined,
        ended: () => resolve(Buffer.concat(said)),
      },
      { clock: systemClock, connect },
    );
  });
}
