import { join } from 'node:path';
import type { Config } from '../config/config.ts';
import { storageFolders } from '../config/folders.ts';
import type { Clock } from '../lib/clock.ts';
import { createSiteTime } from '../lib/site-time.ts';
import { createHoldBook, type Hold } from '../retention/holds.ts';
import { createJournal } from '../retention/journal.ts';
import { type RetentionStatus, retentionStatus } from '../retention/status.ts';
import { surveyStorage } from '../retention/survey.ts';
import { createMeasuredFolders } from '../vault/measured-folders.ts';
import { storedKeys } from '../vault/stored-keys.ts';

export interface StorageLook {
  readonly status: RetentionStatus;
  readonly holds: readonly Hold[];
  /** Every keyring that exists: the two of the storage, then those of backups. */
  readonly keyrings: readonly string[];
}

/**
 * Looks at all that could hold footage, by what is there. No key is opened.
 *
 * @throws GirokError `keyring_damaged`, `database_damaged`; the system's error
 */
export async function lookAtStorage(
  config: Pick<Config, 'storage' | 'site' | 'retention' | 'backup'>,
  clock: Clock,
): Promise<StorageLook> {
  const folders = storageFolders(config);
  const places = [folders.keys, folders.keysMirror];
  const { root: rootKey } = config.storage.keys;
  const survey = await surveyStorage({
    root: folders.root,
    mirror: folders.keysMirror,
    others: rootKey.kind === 'file' ? [rootKey.path] : [],
    backups: [config.backup.folder],
  });
  const holds = await createHoldBook(join(folders.retention, 'holds')).list();
  const status = await retentionStatus({
    nowUs: clock.utcUs(),
    siteTime: createSiteTime(config.site.timeZone),
    retentionDays: config.retention.days,
    ...storedKeys(places, survey.keyrings),
    folders: createMeasuredFolders(folders.vault),
    survey,
    state: await createJournal(join(folders.retention, 'purge.json')).read(),
    holds,
  });
  return {
    status,
    holds,
    keyrings: [...places.map((place) => join(place, 'keyring.db')), ...survey.keyrings],
  };
}
