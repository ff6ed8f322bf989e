import { join } from 'node:path';
import { createLedgerRows } from '../../../src/db/site/ledger-rows.ts';
import { openSiteForReading } from '../../../src/db/site/open.ts';
import { readBody } from '../../../src/ledger/entry.ts';
import type { LedgerEventName } from '../../../src/ledger/events.ts';
import type { RecorderHome } from '../recorder-home.ts';

interface Entry {
  readonly facts: Readonly<Record<string, unknown>>;
  readonly actor: string;
}

/** What stands in the ledger of a site that runs. */
export function entriesIn(home: RecorderHome, ...events: LedgerEventName[]): Entry[] {
  const db = openSiteForReading(join(home.storage, 'site.db'));
  try {
    return [...createLedgerRows(db).entriesOf(events, 0)].map(({ body }) => {
      const { facts, actor } = readBody(body);
      return { facts: facts as Record<string, unknown>, actor };
    });
  } finally {
    db.close();
  }
}
