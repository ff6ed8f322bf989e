import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import type { Config } from '../config/config.ts';
import type { Environment } from '../config/environment.ts';
import { storageFolders } from '../config/folders.ts';
import { rootKeyFile } from '../config/root-key-file.ts';
import type { Database } from '../db/open.ts';
import { createLedgerRows } from '../db/site/ledger-rows.ts';
import type { TaskRow } from '../db/site/task-rows.ts';
import type { Clock } from '../lib/clock.ts';
import { createSiteTime } from '../lib/site-time.ts';
import { createMeasuredFolders } from '../vault/measured-folders.ts';
import { loadRootKey } from '../vault/root-key.ts';
import { certificatesOf } from './certificates.ts';
import { type ErasingReport, reportOf } from './examination.ts';
import type { Month } from './months.ts';
import { attemptRestore } from './restore-attempt.ts';
import { lookAtStorage } from './storage-look.ts';

export interface ExaminingDeps {
  readonly config: Pick<Config, 'storage' | 'site' | 'retention' | 'backup'>;
  readonly env: Environment;
  readonly clock: Clock;
  /** site.db, for reading. */
  readonly db: Database;
}

/**
 * Looks at everything that a month's confirmation vouches for, and tries to bring back what was erased.
 *
 * @throws GirokError of keyring, root key and hold book; the system's error
 */
export async function examine(
  { config, env, clock, db }: ExaminingDeps,
  task: Pick<TaskRow, 'id' | 'month'>,
): Promise<ErasingReport> {
  const folders = storageFolders(config);
  const siteTime = createSiteTime(config.site.timeZone);
  const month = task.month as Month;
  const { status, holds, keyrings } = await lookAtStorage(config, clock);
  const found = await certificatesOf(join(folders.retention, 'certificates'), month, siteTime);
  const rootKey = loadRootKey(rootKeyFile(config.storage.keys.root, env), { createIfAbsent: false });
  try {
    const restore = await attemptRestore(
      {
        keyrings,
        slots: [folders.keys, folders.keysMirror].map((place) => join(place, 'epoch.slots')),
        rootKey,
        folders: createMeasuredFolders(folders.vault),
        random: (below) => randomInt(below),
      },
      found.certificates,
    );
    return reportOf({
      task: task.id,
      site: config.site.id,
      month,
      nowUs: clock.utcUs(),
      siteTime,
      begunUs: createLedgerRows(db).log()?.begunUs ?? 0,
      status,
      found,
      holds,
      restore,
    });
  } finally {
    rootKey.fill(0);
  }
}
