import { randomBytes } from 'node:crypto';
import { writeSync } from 'node:fs';
import { join } from 'node:path';
import { openSiteForWriting } from '../../../src/db/site/open.ts';
import { createLedger } from '../../../src/ledger/ledger.ts';
import { openLog } from '../../../src/ledger/log.ts';
import { systemClock as clock, HOUR_US } from '../../../src/lib/clock.ts';
import { createSiteTime } from '../../../src/lib/site-time.ts';
import { createKeyring } from '../../../src/vault/keyring.ts';
import { createPersonalSealing } from '../../../src/vault/personal-keys.ts';
import { createGate } from '../../../src/viewing/gate.ts';
import { createGrants } from '../../../src/viewing/grants.ts';
import { createViewingWriting } from '../../../src/viewing/writing.ts';

// Watches until it is killed, or can no more, and says after each piece: how much so far, and when (ms).
const folder = process.argv[2] ?? '';
const db = openSiteForWriting(join(folder, 'site.db'), 500);
const rootKey = randomBytes(32);
openLog(db, { site: 'clinic', rootKey, clock });
const siteTime = createSiteTime('Asia/Seoul');
const places = { folder: join(folder, 'keys'), mirrorFolder: join(folder, 'mirror') };
const keyring = createKeyring({ ...places, rootKey, clock, siteTime, initialise: true });
const ledger = createLedger({ db, clock, personal: createPersonalSealing(keyring, siteTime) });
const alarms = { raise: () => undefined, clear: () => undefined };
const rules = {
  purposes: new Set(['CRIME_PREVENTION']),
  camera: (id: string) => ({ id, zone: 'public' as const, purposes: ['CRIME_PREVENTION'] }),
};
const deps = { writing: createViewingWriting({ ledger, alarms }), db, clock, rules };
const gate = createGate({ ...deps, failed: () => undefined });
const nowUs = clock.utcUs();
const guard = {
  account: 'guard',
  role: 'security' as const,
  state: 'active' as const,
  rights: [{ id: 'r', actions: ['playback' as const], cameras: ['cam01'], fromUs: 0 }],
  session: {
    endsUs: nowUs + HOUR_US,
    factor: true,
    outside: false,
    mustChangePassword: false,
    provenUs: nowUs,
  },
};
const range = { fromUs: nowUs - HOUR_US, toUs: nowUs };
const asking = { kind: 'recorded', purpose: 'CRIME_PREVENTION', reason: 'until it is killed' } as const;
const { viewing } = createGrants(deps).open(
  guard,
  { ...asking, cameras: ['cam01'], range },
  { viewer: 'guard', terminal: 'test' },
);
const passage = gate.open({ principal: () => guard, viewing, camera: 'cam01', stream: 'main' });
let handed = 0;
let at = range.fromUs;
const timer = setInterval(() => {
  if (passage.signal.aborted) {
    writeSync(1, `cut ${handed} ${performance.timeOrigin + performance.now()}\n`);
    clearInterval(timer);
    // Its gate goes on looking, and its timers keep no process alive.
    setInterval(() => undefined, 60_000);
    return;
  }
  handed += 1000;
  passage.handOut({ fromUs: at, toUs: at + 20_000, bytes: 1000 });
  at += 20_000;
  writeSync(1, `${handed} ${performance.timeOrigin + performance.now()}\n`);
}, 5);
