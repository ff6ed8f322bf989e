import { join } from 'node:path';
import { type CatalogueReader, createCatalogueReader } from '../../catalogue/reader.ts';
import type { Config } from '../../config/config.ts';
import { type StorageFolders, storageFolders } from '../../config/folders.ts';
import { type FileLock, lockFile } from '../../db/lock.ts';
import type { Clock } from '../../lib/clock.ts';
import { makeSharedFolder } from '../../lib/sharing.ts';
import { createSiteTime } from '../../lib/site-time.ts';
import { spaceOf } from '../../lib/space.ts';
import type { Hold } from '../../retention/holds.ts';
import type { Keyring } from '../../vault/keyring.ts';
import { type Copied, copyHold } from './copying.ts';
import { holdAccountsOf, holdBookOf, holdsFolder } from './places.ts';

/**
 * The right to copy, one process at a time: the steward keeps it for as long as it runs, a command has it while there
 * is none. The kernel drops it.
 *
 * @returns undefined while another process has it
 */
export function takeCopying(folders: StorageFolders): FileLock | undefined {
  makeSharedFolder(holdsFolder(folders));
  return lockFile(join(holdsFolder(folders), 'copying.lock'));
}

/** Copies holds one after the other, for whoever has the right to. */
export interface Copier {
  /** @throws as `copyHold`; GirokError of keyring and catalogue where they do not open */
  copy(hold: Hold, signal: AbortSignal, onProgress?: (done: number, of: number) => void): Promise<Copied>;
  /** Closes what the copying had opened; a copy afterwards opens it again. */
  close(): Promise<void>;
}

/** @param openKeys opens the keyring for reading */
export function createCopier(config: Config, clock: Clock, openKeys: () => Keyring): Copier {
  const folders = storageFolders(config);
  let keyring: Keyring | undefined;
  let catalogue: CatalogueReader | undefined;
  return {
    async copy(hold, signal, onProgress) {
      keyring ??= openKeys();
      catalogue ??= createCatalogueReader(folders.catalogue);
      return copyHold(
        {
          clock,
          siteTime: createSiteTime(config.site.timeZone),
          retentionDays: config.retention.days,
          book: holdBookOf(folders),
          accounts: holdAccountsOf(folders, clock),
          keyring,
          catalogue,
          folders: { vault: folders.vault, evidence: folders.evidence, holds: holdsFolder(folders) },
          reserveBytes: config.storage.reserveBytes,
          space: () => spaceOf(folders.root),
          signal,
          ...(onProgress && { onProgress }),
        },
        hold,
      );
    },
    async close() {
      const [keys, reader] = [keyring, catalogue];
      keyring = catalogue = undefined;
      keys?.close();
      await reader?.close();
    },
  };
}
