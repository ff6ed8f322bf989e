import { createHash } from 'node:crypto';
import { systemClock } from '../../../src/lib/clock.ts';
import type { CameraId } from '../../../src/lib/ids.ts';
import { createSiteTime, type LocalDay } from '../../../src/lib/site-time.ts';
import { createKeyring } from '../../../src/vault/keyring.ts';

// One of two processes that make the same keys at the same time; prints what it then reads.
const [storage = ''] = process.argv.slice(2);
const keyring = createKeyring({
  folder: `${storage}/keys`,
  mirrorFolder: `${storage}/mirror`,
  rootKey: Buffer.alloc(32, 7),
  clock: systemClock,
  siteTime: createSiteTime('Asia/Seoul'),
  busyTimeoutMs: 5000,
});
const cameras = ['lobby', 'entrance'] as CameraId[];
const days = ['2026-11-22', '2026-11-23'] as LocalDay[];
for (const camera of cameras) {
  for (const day of days) {
    for (let hour = 0; hour < 24; hour += 2) keyring.sealingKey(camera, day, hour);
  }
}
keyring.ensureKeys(cameras, days);
for (const camera of cameras) {
  for (const day of days) {
    for (let hour = 0; hour < 24; hour++) {
      console.log(
        createHash('sha256')
          .update(keyring.hourKey(camera, day, hour))
          .digest('hex'),
      );
    }
  }
}
keyring.close();
