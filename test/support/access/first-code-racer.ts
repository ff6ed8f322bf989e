import { createPeople } from '../../../src/access/people.ts';
import { loadConfig } from '../../../src/config/load.ts';
import { openSiteForWriting } from '../../../src/db/site/open.ts';
import { createLedger } from '../../../src/ledger/ledger.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import { isGirokError } from '../../../src/lib/errors.ts';

// One of two processes that try the same code at the same time. Says whether it won.
const [file = '', config = ''] = process.argv.slice(2);
const rootKey = Buffer.alloc(32, 1);
const db = openSiteForWriting(file);
const ledger = createLedger({
  db,
  clock: systemClock,
  // Of no keyring: names are not what is tried here.
  personal: { seal: (text) => ({ key: 'records/rights/2026-01', sealed: Buffer.from(text) }) },
});
const people = createPeople({ db, ledger, clock: systemClock, config: loadConfig(config, {}), rootKey });
process.on('message', async (call: { code: string; login: string }) => {
  try {
    const person = { login: call.login, name: '첫 관리자', password: 'seven old bicycles hum' };
    await people.firstRun.firstAdministrator(call.code, person);
    process.send?.('won');
  } catch (error) {
    process.send?.(isGirokError(error) ? error.code : String(error));
  }
});
process.send?.('ready');
