import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { systemClock } from '../../../src/lib/clock.ts';
import { createSiteTime } from '../../../src/lib/site-time.ts';
import { createKeyring } from '../../../src/vault/keyring.ts';
import { openSegment } from '../../../src/vault/segment-reader.ts';
import { createFolderStore } from '../../../src/vault/segment-store.ts';
import { createVault } from '../../../src/vault/vault.ts';
import { facts, fragmentBytes, identityOf, initBytes, trailer } from '../../unit/vault/sealing-room.ts';

// Seals and reads segments of 24 hours, then stands still so that its memory can be searched for their keys.
const [storage = ''] = process.argv.slice(2);
const siteTime = createSiteTime('Asia/Seoul');
mkdirSync(`${storage}/vault`);
const keys = createKeyring({
  folder: `${storage}/keys`,
  mirrorFolder: `${storage}/mirror`,
  rootKey: createHash('sha256').update('the root key of this test').digest(),
  clock: systemClock,
  siteTime,
  initialise: true,
});
const store = createFolderStore(`${storage}/vault`);
const vault = createVault({ store, keys, clock: systemClock, siteTime });
const on = { durable: () => undefined, failed: (error: unknown) => console.error(error) };
for (let round = 0; round < 3; round++) {
  for (let hour = 0; hour < 24; hour++) {
    const writer = vault.create(identityOf({ hour }), facts, initBytes(), on);
    for (let i = 0; i < 3; i++) writer.append(fragmentBytes(30_000));
    const { file } = await writer.seal(trailer);
    const reader = await openSegment({ store, keys }, file);
    await reader.read(1000, 60_000);
    await reader.close();
  }
}
// Finished ciphers are freed when they are collected; OpenSSL overwrites them then.
for (let i = 0; i < 5; i++) {
  globalThis.gc?.();
  await pause(20);
}
console.log('waiting');
setInterval(() => keys.epoch, 60_000);
