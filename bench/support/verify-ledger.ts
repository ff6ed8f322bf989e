import { createLedgerRows } from '../../src/db/site/ledger-rows.ts';
import { openSiteForReading } from '../../src/db/site/open.ts';
import { verifyRows } from '../../src/ledger/bundle.ts';
import { readLogKey } from '../../src/ledger/log.ts';
import { createMeaning } from '../../src/ledger/meaning/meaning.ts';

// A process of its own, so that its memory is that of verifying alone. Prints seconds, megabytes and entries.
const db = openSiteForReading(process.argv[2] ?? '');
const beganMs = performance.now();
const meaning = createMeaning();
const trust = { log: readLogKey(db), witnesses: [], kept: [], seen: meaning.see };
const { entries, fault } = verifyRows(createLedgerRows(db), trust);
if (fault) throw new Error(`the ledger is not sound: ${fault.code} at ${fault.from}`);
const { serious } = meaning.end().counts;
if (serious > 0) throw new Error(`${serious} serious findings in a ledger that has none`);
const seconds = (performance.now() - beganMs) / 1000;
process.stdout.write(JSON.stringify({ entries, seconds, megabytes: process.resourceUsage().maxRSS / 1024 }));
