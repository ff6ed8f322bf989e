import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Certificate, certificateSchema } from '../contract/purge-outcome.ts';
import { canonicalJson } from '../lib/canonical-json.ts';
import { type Clock, isoFromUs } from '../lib/clock.ts';
import { writeFileDurably } from '../lib/durable.ts';
import { systemCode } from '../lib/errors.ts';
import { newId } from '../lib/ids.ts';
import { readIfThere } from '../lib/read-file.ts';
import { makeSharedFolder } from '../lib/sharing.ts';
import { resultFacts } from './ledger-facts.ts';

/** What erasing has to account for; each becomes an entry of the ledger. */
export interface AccountEntry {
  readonly event:
    | 'erase.intent'
    | 'erase.done'
    | 'erase.incomplete'
    | 'erase.waits'
    | 'erase.confirmed'
    | 'erase.overdue'
    | 'hold.made'
    | 'hold.copied'
    | 'hold.taken_over'
    | 'hold.renewed'
    | 'hold.reviewed'
    | 'hold.ended'
    | 'log.exported';
  readonly facts: Readonly<Record<string, unknown>>;
  /** Who, and why, in their own words: sealed beside the entry, and erased in their own time. */
  readonly personal?: { readonly by: string; readonly reason?: string };
  /** Under this name the spool and the ledger know it: entered twice, it stands there once. */
  readonly name?: string | undefined;
}

/** A certificate as its file has it, byte for byte. */
export interface KeptCertificate {
  readonly certificate: Certificate;
  readonly sha256: string;
}

/** The narrow way from erasing to the ledger. */
export interface Accounts {
  /** Resolves once the entry can no longer be lost. @throws when it cannot be kept, so that nothing is done unheard */
  enter(entry: AccountEntry): Promise<void>;
  /** Keeps the certificate beside the footage, for people and for entering it later. */
  keep(certificate: Certificate): Promise<KeptCertificate>;
  /**
   * Undefined: that run has none that can be read. Whoever confirms the month is told of one that is damaged; it stops
   * no erasing. @throws the system's error
   */
  kept(run: string): Promise<KeptCertificate | undefined>;
  /** The newest that can be read, for a journal that was lost. */
  newest(): Promise<KeptCertificate | undefined>;
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
  const kept = async (run: string): Promise<KeptCertificate | undefined> => {
    const path = certificateOf(run);
    const text = await readIfThere(path);
    if (text === undefined) return undefined;
    try {
      return { certificate: certificateSchema.parse(JSON.parse(text)), sha256: sha256(text) };
    } catch {
      return undefined;
    }
  };
  return {
    async enter({ event, facts, personal, name }) {
      const nowUs = clock.utcUs();
      makeSharedFolder(spool);
      const told = { v: 1, at: isoFromUs(nowUs), writer, event, facts, ...(personal && { personal }) };
      const text = canonicalJson(told);
      await writeFileDurably(join(spool, `${name ?? newId(nowUs)}.json`), text);
    },
    async keep(certificate) {
      makeSharedFolder(certificates);
      const text = `${canonicalJson(certificate)}\n`;
      await writeFileDurably(certificateOf(certificate.run), text);
      return { certificate, sha256: sha256(text) };
    },
    kept,
    async newest() {
      const names = await readdir(certificates).catch((error: unknown) => {
        if (systemCode(error) === 'ENOENT') return [];
        throw error;
      });
      for (const name of names.sort().reverse()) {
        if (!name.endsWith('.json')) continue;
        // One that is damaged: the one before it is nearly as new.
        const found = await kept(name.slice(0, -'.json'.length));
        if (found) return found;
      }
      return undefined;
    },
  };
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

export const resultOf = (kept: KeptCertificate): AccountEntry => ({
  event: kept.certificate.state === 'complete' ? 'erase.done' : 'erase.incomplete',
  facts: resultFacts(kept),
  name: kept.certificate.entry,
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
  const left: string[] = [];
  try {
    for (const earlier of unaccounted) {
      const kept = await accounts.kept(earlier);
      // Its file has gone, or is damaged: that stays said, and holds up nobody.
      if (kept) await accounts.enter(resultOf(kept));
      else left.push(earlier);
    }
    for (const entry of entries) await accounts.enter(entry);
    return left;
  } catch (error) {
    if (systemCode(error) === undefined) throw error;
    return [...new Set([...unaccounted, run])];
  }
}
