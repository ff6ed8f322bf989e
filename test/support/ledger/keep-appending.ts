import { writeSync } from 'node:fs';
import { openSiteForWriting } from '../../../src/db/site/open.ts';
import { createLedger } from '../../../src/ledger/ledger.ts';
import { openLog } from '../../../src/ledger/log.ts';
import { systemClock } from '../../../src/lib/clock.ts';

// Appends until it is killed, and acknowledges each entry by its number as soon as the write has returned.
const clock = systemClock;
const db = openSiteForWriting(process.argv[2] ?? '');
openLog(db, { site: 'clinic', rootKey: Buffer.alloc(32, 1), clock });
const ledger = createLedger({ db, clock });
for (let n = 0; ; n++) {
  const seq = ledger.write((tx) =>
    tx.append({
      event: 'recorder.started',
      facts: { pid: process.pid, cameras: n },
      actor: 'process:recorder',
    }),
  );
  writeSync(1, `${seq}\n`);
}
