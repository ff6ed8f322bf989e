import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import type { Database } from '../../../src/db/open.ts';
import { openSiteForWriting } from '../../../src/db/site/open.ts';
import { createCheckpoints } from '../../../src/ledger/checkpoints.ts';
import type { NewEntry } from '../../../src/ledger/entry.ts';
import { createLedger } from '../../../src/ledger/ledger.ts';
import { openLog } from '../../../src/ledger/log.ts';
import type { PersonalSealing } from '../../../src/ledger/personal.ts';
import type { Clock } from '../../../src/lib/clock.ts';
import { createManualClock } from '../manual-clock.ts';

const folders: string[] = [];
const databases: Database[] = [];

afterEach(() => {
  for (const db of databases.splice(0)) db.close();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A folder of its own that goes away with the test. */
export function scratchFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'girok-ledger-'));
  folders.push(folder);
  return folder;
}

/** A ledger that has begun, its checkpoints, and a clock that the test moves. */
export function beginLedger({
  path = join(scratchFolder(), 'site.db'),
  clock = createManualClock() as Clock,
  rootKey = randomBytes(32),
  site = 'test',
  personal,
}: {
  path?: string;
  clock?: Clock;
  rootKey?: Buffer;
  site?: string;
  personal?: PersonalSealing;
} = {}) {
  const db = openSiteForWriting(path);
  databases.push(db);
  const identity = openLog(db, { site, rootKey, clock });
  const ledger = createLedger({ db, clock, ...(personal ? { personal } : {}) });
  const checkpoints = createCheckpoints(db, { identity, clock });
  const append = (...entries: NewEntry[]) => ledger.write((tx) => entries.map((entry) => tx.append(entry)));
  return { path, db, clock, rootKey, identity, ledger, checkpoints, append };
}
