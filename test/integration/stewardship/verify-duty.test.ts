import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { readVerified } from '../../../src/ledger/last-verified.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import type { StewardParts } from '../../../src/main/steward/parts.ts';
import { verifyDuty } from '../../../src/main/steward/verify-duty.ts';
import { createAlarms } from '../../../src/stewardship/alarms.ts';
import { started } from '../../support/ledger/entries.ts';
import { beginLedger, scratchFolder } from '../../support/ledger/scratch.ts';

let room: ReturnType<typeof beginLedger>;
let alarms: ReturnType<typeof createAlarms>;
let lastVerified: string;
let parts: StewardParts;

const run = (signal = new AbortController().signal) => verifyDuty(parts).run(signal);

beforeEach(() => {
  room = beginLedger();
  alarms = createAlarms({
    clock: systemClock,
    listener: { raised: () => undefined, cleared: () => undefined },
  });
  const folder = scratchFolder();
  lastVerified = join(folder, 'steward', 'ledger-verified.json');
  parts = {
    config: { ledger: {} },
    folders: {
      site: room.path,
      keysMirror: folder,
      seenElsewhere: join(folder, 'seen-elsewhere'),
      lastVerified,
    },
    identity: room.identity,
    clock: systemClock,
    alarms,
    log: { info: () => undefined, error: () => undefined },
  } as unknown as StewardParts;
  for (let count = 0; count < 20; count++) room.append(started(count));
  room.checkpoints.make();
});

describe('the whole ledger', () => {
  it('is verified in a thread, and when and with what result is kept for whoever shows it', async () => {
    expect(await readVerified(lastVerified)).toBeUndefined();
    await run();
    expect(await readVerified(lastVerified)).toMatchObject({
      entries: room.ledger.rows.size(),
      sound: true,
      serious: 0,
    });
    expect(alarms.standing()).toEqual([]);
  });

  it('that somebody changed is an alarm with where it begins, until it is whole again', async () => {
    await run();
    room.db.exec('drop trigger ledger_entry_stays');
    const changed = `update ledger_entry set body = replace(body, ?, ?) where seq = 7`;
    const swap = (from: string, to: string) => room.db.prepare(changed).run(from, to);
    swap('"cameras":13', '"cameras":12');
    await run();
    expect(alarms.standing()).toMatchObject([{ code: 'ledger_unsound', facts: { entry: 7 } }]);
    expect(await readVerified(lastVerified)).toMatchObject({ sound: false });
    swap('"cameras":12', '"cameras":13');
    await run();
    expect(alarms.standing()).toEqual([]);
  });

  it('says nothing of a time that was broken off', async () => {
    await run(AbortSignal.abort(new Error('stopped')));
    expect(await readVerified(lastVerified)).toBeUndefined();
    expect(alarms.standing()).toEqual([]);
  });
});
