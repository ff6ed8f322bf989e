import { join } from 'node:path';
import type { Config } from '../../config/config.ts';
import type { StorageFolders } from '../../config/folders.ts';
import type { Database } from '../../db/open.ts';
import type { AlarmRows } from '../../db/site/alarm-rows.ts';
import type { LedgerDeps } from '../../http/resources/ledger.ts';
import type { LogDeps } from '../../http/resources/logs.ts';
import type { Language } from '../../i18n/language.ts';
import { sentencesIn } from '../../i18n/sentences.ts';
import { briefStanding } from '../../ledger/brief-standing.ts';
import { readVerified } from '../../ledger/last-verified.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { readLogKey } from '../../ledger/log.ts';
import { parseVkey, vkeyOf } from '../../ledger/note.ts';
import { printableCheckpoint } from '../../ledger/printable-checkpoint.ts';
import { createRegisterDesk, type Reader } from '../../ledger/register-desk.ts';
import { verifyTask } from '../../ledger/verify-task.ts';
import { createVerifying } from '../../ledger/verifying.ts';
import type { Clock } from '../../lib/clock.ts';
import { factsOf, type Log } from '../../lib/logger.ts';
import type { SiteTime } from '../../lib/site-time.ts';
import { createRegisterFile } from '../../notices/register-file.ts';
import type { Keyring } from '../../vault/keyring.ts';
import { createPersonalOpening } from '../../vault/personal-keys.ts';

export interface RecordsParts {
  /** As it is in force: cameras and purposes may change. */
  config(): Config;
  readonly folders: StorageFolders;
  readonly clock: Clock;
  readonly siteTime: SiteTime;
  readonly log: Log;
  keyring(): Keyring | undefined;
  /** @throws GirokError `ledger_missing`, `ledger_damaged` */
  site(): { readonly db: Database; readonly ledger: Ledger; readonly alarms: AlarmRows };
  personName(account: string): string | undefined;
}

export interface SiteRecords {
  readonly logs: LogDeps;
  readonly ledger: LedgerDeps;
  close(): Promise<void>;
}

/** While one of these stands, nobody is told that the ledger is in order. */
const INCIDENTS = new Set(['ledger_incident', 'ledger_unsound', 'ledger_blocked']);

/** The registers and the ledger, as people see them. */
export function createSiteRecords(parts: RecordsParts): SiteRecords {
  const { config, folders, clock, siteTime, log, site } = parts;
  const { ledger: ledgerConfig, site: siteConfig } = config();
  const witness = ledgerConfig.witness && parseVkey(ledgerConfig.witness.key);
  const witnesses = witness ? [witness] : [];
  const desk = createRegisterDesk<Language>({
    ledger: () => site().ledger,
    opening() {
      const keyring = parts.keyring();
      return keyring && createPersonalOpening(keyring, siteTime);
    },
    source: (language) => ({
      siteTime,
      words: sentencesIn(language).ledger.views,
      purposes: Object.fromEntries(config().purposes.map((purpose) => [purpose.id, purpose[language]])),
    }),
    trust: () => ({ log: readLogKey(site().db), witnesses }),
  });
  const verifying = createVerifying<Reader<Language>>({
    task: async () =>
      verifyTask({
        path: folders.site,
        log: readLogKey(site().db),
        witnesses,
        kept: [join(folders.keysMirror, 'ledger-checkpoint'), folders.seenElsewhere],
      }),
    total: () => site().ledger.rows.size(),
    clock,
    verified({ verdict: { entries, fault }, findings: { counts } }, { account, name, address }) {
      const { serious, warning: warnings, note: notes } = counts;
      site().ledger.write((tx) =>
        tx.append(
          {
            event: 'ledger.verified',
            facts: { sound: !fault, entries, serious, warnings, notes },
            actor: `person:${account}`,
          },
          { personal: { by: name, ip: address } },
        ),
      );
    },
    failed: (error) => log.error('verification.failed', factsOf(error)),
  });
  const cameraName = (id: string, language: Language) =>
    config().cameras.find((camera) => camera.id === id)?.name[language];
  const { personName } = parts;
  return {
    logs: {
      desk: () => desk,
      cameraName,
      personName,
      file: createRegisterFile({ siteName: siteConfig.name, siteTime, clock, cameraName, personName }),
    },
    ledger: {
      desk: () => desk,
      async standing() {
        const { verified, ...standing } = briefStanding(site().ledger.rows, witnesses);
        // By a person, who is in the ledger, or by the steward each hour.
        const own = await readVerified(folders.lastVerified);
        const newest = own && (!verified || verified.at < own.at) ? own : verified;
        return {
          ...standing,
          ...(newest && { verified: newest }),
          incident: site()
            .alarms.standing()
            .some(({ alarm }) => INCIDENTS.has(alarm)),
        };
      },
      checkpoint: () => printableCheckpoint(site().ledger.rows, readLogKey(site().db)),
      key: () => vkeyOf(readLogKey(site().db)),
      verifying: () => verifying,
    },
    close: () => verifying.close(),
  };
}
