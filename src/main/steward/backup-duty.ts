import { stat } from 'node:fs/promises';
import { openKeyringTables } from '../../db/keyring/tables.ts';
import { lockFile } from '../../db/lock.ts';
import { readBody } from '../../ledger/entry.ts';
import { isGirokError } from '../../lib/errors.ts';
import { factsOfBackup } from '../../stewardship/backup/account.ts';
import { type BackupNeed, dueBackup } from '../../stewardship/backup/due.ts';
import { makeBackupInThread } from '../../stewardship/backup/in-thread.ts';
import { listBackups } from '../../stewardship/backup/make.ts';
import type { Manifest } from '../../stewardship/backup/manifest.ts';
import { openPlace } from '../../stewardship/backup/place.ts';
import { backupLock, backupSourceOf } from '../../stewardship/backup/source.ts';
import type { Duty } from '../../stewardship/schedule.ts';
import { assertVolume } from '../../vault/volume.ts';
import type { StewardParts } from './parts.ts';

const LOOK_MS = 10_000;
const RETRY_MS = 60_000;

/** Backs up what is new, by itself; what there is already is read from the folder, so that no start forgets it. */
export function backupDuty({ config, folders, clock, ledger, keeper, log }: StewardParts): Duty {
  const source = backupSourceOf(config, folders);

  const need = async (newest: Manifest | undefined): Promise<BackupNeed> => ({
    nowUs: clock.utcUs(),
    keyring: keyringNow(source.databases.keyring),
    entered: hasEntries(newest?.ledger),
    siteBytes: (await stat(folders.site)).size,
  });

  /** A ledger that was begun anew, or put back, is another one: all of it is new. */
  const hasEntries = (backed: Manifest['ledger']): boolean => {
    const size = ledger.rows.size();
    const isSame = backed?.origin === ledger.rows.log()?.origin && (backed?.size ?? 0) <= size;
    for (const { body } of ledger.rows.entries(isSame ? (backed?.size ?? 0) : 0, size))
      if (readBody(body).event !== 'backup.made') return true;
    return false;
  };

  return {
    name: 'backup',
    when: { everyMs: LOOK_MS },
    atStart: true,
    retryMs: RETRY_MS,
    async run(signal) {
      const { volume } = await assertVolume(folders.root, config.site.id);
      const lock = lockFile(backupLock(folders));
      // Somebody makes one by hand: it counts as well.
      if (!lock) return;
      try {
        await openPlace(source);
        const { backups } = await listBackups(source.folder);
        const ours = backups.filter((one) => one.volume === volume);
        const kind = dueBackup(await need(ours.at(-1)), ours);
        if (!kind || signal.aborted) return;
        const made = await makeBackupInThread({ source, request: { kind, nowUs: clock.utcUs() } }, signal);
        log.info('backup.made', { name: made.name, kind, bytes: made.bytes, removed: made.removed.length });
        if (kind === 'full')
          keeper.enter({ event: 'backup.made', facts: factsOfBackup(made), actor: 'process:steward' });
      } finally {
        lock.release();
      }
    },
  };
}

/** @returns undefined before the recorder has made one */
function keyringNow(path: string): BackupNeed['keyring'] {
  try {
    const tables = openKeyringTables({ path, readonly: true, busyTimeoutMs: 1000 });
    try {
      return { epoch: tables.epoch()?.number ?? 0, keys: tables.count() };
    } finally {
      tables.close();
    }
  } catch (error) {
    if (isGirokError(error, 'storage_missing')) return undefined;
    throw error;
  }
}
