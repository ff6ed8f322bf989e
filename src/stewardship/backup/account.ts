import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { StorageFolders } from '../../config/folders.ts';
import { canonicalJson } from '../../lib/canonical-json.ts';
import { type Clock, isoFromUs } from '../../lib/clock.ts';
import { writeFileDurably } from '../../lib/durable.ts';
import { newId } from '../../lib/ids.ts';
import { makePassage, OWN_FOLDER } from '../../lib/sharing.ts';
import type { BackupMade } from './make.ts';

/** What the ledger is told of a backup: its hash, so that another one cannot bear its name. */
export const factsOfBackup = ({ name, sha256, bytes, manifest }: BackupMade) => ({
  backup: name,
  sha256,
  bytes,
  ...(manifest.keyring && { epoch: manifest.keyring.epoch }),
});

/** Into the spool, for a process that may not write the ledger. */
export async function tellOfBackup(folders: StorageFolders, made: BackupMade, clock: Clock): Promise<void> {
  const spool = join(dirname(folders.spool), 'backup');
  const nowUs = clock.utcUs();
  makePassage(dirname(spool));
  await mkdir(spool, { recursive: true, mode: OWN_FOLDER });
  const told = {
    v: 1,
    at: isoFromUs(nowUs),
    writer: 'backup',
    event: 'backup.made',
    facts: factsOfBackup(made),
  };
  await writeFileDurably(join(spool, `${newId(nowUs)}.json`), canonicalJson(told));
}
