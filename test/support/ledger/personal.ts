import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Clock } from '../../../src/lib/clock.ts';
import { createSiteTime } from '../../../src/lib/site-time.ts';
import { createKeyring } from '../../../src/vault/keyring.ts';
import { createPersonalOpening, createPersonalSealing } from '../../../src/vault/personal-keys.ts';
import { createManualClock } from '../manual-clock.ts';
import { beginLedger, scratchFolder } from './scratch.ts';

/** A ledger whose personal fields are sealed under keys of a real keyring. */
export function beginPersonalLedger({
  clock = createManualClock() as Clock,
  storage = scratchFolder(),
  timeZone = 'Asia/Seoul',
  rootKey = randomBytes(32),
} = {}) {
  const siteTime = createSiteTime(timeZone);
  const keyFolders = { folder: join(storage, 'keys'), mirrorFolder: join(storage, 'mirror') };
  const openKeyring = (readonly = false) =>
    createKeyring({ ...keyFolders, rootKey, clock, siteTime, readonly, initialise: !readonly });
  const keyring = openKeyring();
  const path = join(storage, 'site.db');
  const personal = createPersonalSealing(keyring, siteTime);
  const begun = beginLedger({ path, clock, rootKey, personal });
  return {
    ...begun,
    storage,
    siteTime,
    personal,
    keyFolders,
    keyring,
    openKeyring,
    opening: () => createPersonalOpening(openKeyring(true), siteTime),
  };
}
