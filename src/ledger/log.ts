import type { Database } from '../db/open.ts';
import { createLedgerRows, type LogRow } from '../db/site/ledger-rows.ts';
import { writeImmediate } from '../db/write.ts';
import type { Clock } from '../lib/clock.ts';
import { GirokError } from '../lib/errors.ts';
import { newId } from '../lib/ids.ts';
import { appendEntry } from './append.ts';
import { NOTE_KEY, type VerifierKey, verifierKey } from './note.ts';
import { type LogBefore, originText } from './origin.ts';
import { createSigningKey, openSigningKey, type SigningKey } from './signing-key.ts';

/** Who this log is, and the key its checkpoints are signed with. */
export interface LogIdentity {
  readonly origin: string;
  readonly key: VerifierKey;
  readonly signing: SigningKey;
}

/**
 * The log of this database, begun with its key and its first entry where there is none yet.
 *
 * @param site `site.id`; a ledger of another one is refused
 * @param rootKey 32 bytes; not kept
 * @param before the log in whose place it is begun
 * @throws GirokError `storage_foreign`, `root_key_wrong`
 */
export function openLog(
  db: Database,
  { site, rootKey, clock, before }: { site: string; rootKey: Buffer; clock: Clock; before?: LogBefore },
): LogIdentity {
  const rows = createLedgerRows(db);
  if (!rows.log()) {
    const { publicKey, sealed } = createSigningKey(rootKey, site);
    writeImmediate(db, () => {
      if (rows.log()) return;
      const begunUs = clock.utcUs();
      const origin = originText({ site, id: newId(begunUs), before });
      rows.begin({ site, origin, publicKey, sealedSeed: sealed, begunUs });
      appendEntry(
        { rows, clock },
        { event: 'ledger.begun', facts: { origin, site }, actor: 'process:steward' },
      );
    });
  }
  const log = logOf(db, site);
  return { origin: log.origin, key: keyOf(log), signing: openSigningKey(log.sealedSeed, rootKey, site) };
}

/**
 * The log that this database has, and nobody else's.
 *
 * @throws GirokError `ledger_missing`, `storage_foreign`
 */
export function logOf(db: Database, site: string): LogRow {
  const log = createLedgerRows(db).log();
  if (!log) throw new GirokError('ledger_missing', { path: db.name });
  if (log.site !== site)
    throw new GirokError('storage_foreign', { path: db.name, site: log.site, expected: site });
  return log;
}

/** The public half, for whoever only checks. @throws GirokError `ledger_missing` */
export function readLogKey(db: Database): VerifierKey {
  const log = createLedgerRows(db).log();
  if (!log) throw new GirokError('ledger_missing', { path: db.name });
  return keyOf(log);
}

const keyOf = ({ origin, publicKey }: LogRow): VerifierKey => verifierKey(origin, NOTE_KEY.log, publicKey);
