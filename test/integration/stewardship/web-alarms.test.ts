import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { createAlarmRows } from '../../../src/db/site/alarm-rows.ts';
import { drainSpool } from '../../../src/ledger/drain.ts';
import { createLedger } from '../../../src/ledger/ledger.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import { createWebAlarms } from '../../../src/main/web/alarms.ts';
import { createAlarmBook } from '../../../src/stewardship/alarm-book.ts';
import { beginLedger } from '../../support/ledger/scratch.ts';

const log = { info() {}, warn() {}, error() {} };
const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

it('brings the alarms of the web process into the book by way of the steward, also those of one that died', async () => {
  const spool = mkdtempSync(join(tmpdir(), 'girok-web-alarms-'));
  folders.push(spool);
  const { db } = beginLedger({ clock: systemClock });
  const rows = createAlarmRows(db);
  const ledger = createLedger({
    db,
    clock: systemClock,
    entered: createAlarmBook({ rows, clock: systemClock }).entered,
  });
  const open = () => createWebAlarms({ folder: join(spool, 'web'), clock: systemClock, log });
  const stewardComes = () => drainSpool(ledger, spool);
  const standing = () => rows.standing().map(({ process, alarm }) => `${process} ${alarm}`);

  const first = open();
  first.alarms.raise('viewing_unrecorded', '', { error: 'SQLITE_BUSY' });
  await first.settled();
  expect(standing()).toEqual([]);
  await stewardComes();
  expect(standing()).toEqual(['web viewing_unrecorded']);
  // It ends itself before it could say that all is well again; what a person has to review stays.
  ledger.write((tx) => {
    const at = '2026-11-23T01:00:00Z';
    const facts = { breakglass: '0123456789abcdef', cameras: ['cam01'], from: at, to: at, until: at };
    tx.append({ event: 'breakglass.opened', facts, actor: 'process:web' });
  });
  const second = open();
  second.opened(rows);
  await second.settled();
  await stewardComes();
  expect(standing()).toEqual(['web breakglass_opened']);
  second.alarms.raise('viewing_unrecorded', '');
  second.alarms.clear('viewing_unrecorded', '');
  await second.settled();
  await stewardComes();
  expect(standing()).toEqual(['web breakglass_opened']);
});
