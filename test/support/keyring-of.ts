import { join } from 'node:path';
import { systemClock } from '../../src/lib/clock.ts';
import { createSiteTime } from '../../src/lib/site-time.ts';
import { createKeyring, type Keyring, type KeyringDeps } from '../../src/vault/keyring.ts';
import { loadRootKey } from '../../src/vault/root-key.ts';
import type { RecorderHome } from './recorder-home.ts';

/** Somebody else's keyring may be at work beside it. */
const PATIENCE_MS = 5000;

/** The keyring of a home, opened by one process more; the caller closes it. */
export function keyringOf(
  home: Pick<RecorderHome, 'folder' | 'storage' | 'timeZone'>,
  more: Partial<Pick<KeyringDeps, 'readonly' | 'initialise'>> = {},
): Keyring {
  const rootKey = loadRootKey(join(home.folder, 'secrets', 'root.key'), { createIfAbsent: false });
  try {
    return createKeyring({
      folder: join(home.storage, 'keys'),
      mirrorFolder: join(home.folder, 'mirror'),
      rootKey,
      clock: systemClock,
      siteTime: createSiteTime(home.timeZone),
      busyTimeoutMs: PATIENCE_MS,
      ...more,
    });
  } finally {
    rootKey.fill(0);
  }
}
