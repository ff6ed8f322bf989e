import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Certificate, certificateSchema } from '../contract/purge-outcome.ts';
import { canonicalJson } from '../lib/canonical-json.ts';
import { type Clock, isoFromUs } from '../lib/clock.ts';
import { writeFileDurably } from '../lib/durable.ts';
import { GirokError, systemCode } from '../lib/errors.ts';
import { newId } from '../lib/ids.ts';

/** What erasing has to account for; each becomes an entry of the ledger. */
export interface AccountEntry {
  readonly event:
    | 'erase.intent'
    | 'erase.done'
    | 'erase.incomplete'
    | 'erase.waits'
    | 'erase.confirmed'
    | 'hold.made'
    | 'hold.copied'
    | 'hold.ended';
  readonly facts: Readonly<Record<string, unknown>>;
}

/** The narrow way from erasing to the ledger. */
export interface Accounts {
  /** Resolves once the entry can no longer be lost. @throws when it cannot be kept, so that nothing is done unheard */
  enter(entry: AccountEntry): Promise<void>;
  /** Keeps the certificate beside the footage, for people and for entering it later. */
  keep(certificate: Certificate): Promise<void>;
  /** @throws the system's error, GirokError `database_damaged` */
  kept(run: string): Promise<Certificate>;
}

/** Entries as files of the spool, which is drained into the ledger in the order of their names. */
export function createSpooledAccounts(deps: {
  readonly spool: string;
  readonly writer: 'purge' | 'hold';
  readonly certificates: string;
  readonly clock: Clock;
}): Accounts {
  const { spool, writer, certificates, clock } = deps;
  const certificateOf = (run: string) => join(certificates, `${run}.json`);
  return {
    async enter({ event, facts }) {
      const nowUs = clock.utcUs();
      await mkdir(spool, { recursive: true, mode: 0o700 });
      const text = canonicalJson({ v: 1, at: isoFromUs(nowUs), writer, event, facts });
      await writeFileDurably(join(spool, `${newId(nowUs)}.json`), text);
    },
    async keep(certificate) {
      await mkdir(certificates, { recursive: true, mode: 0o700 });
      await writeFileDurably(certificateOf(certificate.run), `${canonicalJson(certificate)}\n`);
    },
    async kept(run) {
      const path = certificateOf(run);
      const text = await readFile(path, 'utf8');
      try {
        return certificateSchema.parse(JSON.parse(text));
      } catch (error) {
        throw new GirokError('database_damaged', { path }, { cause: error });
      }
    },
  };
}

export const resultOf = (certificate: Certificate): AccountEntry => ({
  event: certificate.state === 'complete' ? 'erase.done' : 'erase.incomplete',
  facts: { ...certificate },
});

/**
 * Enters what earlier runs still owe the ledger, and then what this one does.
 *
 * @returns the runs that the ledger still has to hear of; their certificates are kept
 */
export async function enterLater(
  accounts: Accounts,
  unaccounted: readonly string[],
  run: string,
  entries: readonly AccountEntry[],
): Promise<string[]> {
  try {
    for (const earlier of unaccounted) await accounts.enter(resultOf(await accounts.kept(earlier)));
    for (const entry of entries) await accounts.enter(entry);
    return [];
  } catch (error) {
    if (systemCode(error) === undefined) throw error;
    return [...new Set([...unaccounted, run])];
  }
}
