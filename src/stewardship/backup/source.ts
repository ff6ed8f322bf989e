import { join } from 'node:path';
import type { Config } from '../../config/config.ts';
import type { StorageFolders } from '../../config/folders.ts';
import type { BackupSource } from './make.ts';

/** What is backed up, and where to. */
export const backupSourceOf = (config: Config, folders: StorageFolders): BackupSource => ({
  site: config.site.id,
  timeZone: config.site.timeZone,
  storage: folders.root,
  reserveBytes: config.storage.reserveBytes,
  databases: {
    site: folders.site,
    catalogue: folders.catalogue,
    keyring: join(folders.keys, 'keyring.db'),
  },
  retention: folders.retention,
  config: config.file,
  folder: config.backup.folder,
  keepDays: config.backup.keep,
});

/** One maker at a time. */
export const backupLock = (folders: StorageFolders): string => join(folders.root, 'backup.lock');
