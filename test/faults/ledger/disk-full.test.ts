import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createBallast } from '../../../src/ledger/ballast.ts';
import { verifyRows } from '../../../src/ledger/bundle.ts';
import { readBody } from '../../../src/ledger/entry.ts';
import { createKeeper } from '../../../src/ledger/keeper.ts';
import { createAlarms } from '../../../src/stewardship/alarms.ts';
import { beginLedger, scratchFolder } from '../../support/ledger/scratch.ts';
import { createManualClock } from '../../support/manual-clock.ts';
import { mountSmallDisk } from '../../support/small-disk.ts';

const MIB = 1024 * 1024;
const text = (writer: string, event: string, facts: object) =>
  JSON.stringify({ v: 1, at: '2026-11-22T02:00:00.000Z', writer, event, facts });

describe('a full disk under the ledger', () => {
  it('lets the purge account for itself, keeps all others waiting, and loses nothing', async () => {
    const scratch = scratchFolder();
    const disk = mountSmallDisk(join(scratch, 'disk'), 12 * MIB);
    if ('refused' in disk) return expect(disk.refused).toMatch(/permission|not permitted|superuser/i);
    try {
      const clock = createManualClock();
      const room = beginLedger({ path: join(disk.folder, 'site.db'), clock });
      const spool = join(scratch, 'spool');
      const tell = (writer: string, name: string, body: string) => {
        mkdirSync(join(spool, writer), { recursive: true });
        writeFileSync(join(spool, writer, name), body);
      };
      const alarms = createAlarms({ clock, listener: { raised: () => undefined, cleared: () => undefined } });
      const ballast = join(disk.folder, 'ballast');
      const keeper = createKeeper({
        ...room,
        spool,
        keptCheckpoint: join(scratch, 'kept'),
        seenElsewhere: join(scratch, 'seen'),
        secondPlaceIsThere: () => true,
        ballast: createBallast({ path: ballast, bytes: 2 * MIB }),
        alarms,
        signed: () => undefined,
        failed: () => undefined,
      });
      await keeper.round();
      expect(existsSync(ballast)).toBe(true);

      // Somebody else fills the disk. Large entries, so that the room that is left in the journal is soon used up.
      disk.fill();
      for (let n = 0; n < 40; n++)
        tell('recorder', `r${n}.json`, text('recorder', 'config.changed', config('x'.repeat(60), 300)));
      tell('purge', 'p0.json', text('purge', 'erase.intent', { run: 'r' }));
      await keeper.round();
      expect(alarms.standing()).toMatchObject([{ code: 'ledger_blocked' }]);
      expect(existsSync(ballast)).toBe(false);
      await keeper.round();
      expect(readdirSync(join(spool, 'purge'))).toEqual([]);
      expect(readdirSync(join(spool, 'recorder'))).toHaveLength(40);
      expect(alarms.standing()).toMatchObject([{ code: 'ledger_blocked' }]);

      disk.empty();
      await keeper.round();
      expect(existsSync(ballast)).toBe(true);
      expect(readdirSync(join(spool, 'recorder'))).toEqual([]);
      expect(alarms.standing()).toEqual([]);
      const events = [...room.ledger.rows.entries(0, 99)].map(({ body }) => readBody(body).event);
      expect(events).toEqual(['ledger.begun', 'erase.intent', ...Array(40).fill('config.changed')]);
      const trust = { log: room.identity.key, witnesses: [], kept: [] };
      expect(verifyRows(room.ledger.rows, trust).fault).toBeUndefined();
      rmSync(ballast);
    } finally {
      disk.unmount();
    }
  });
});

const config = (name: string, count: number) => ({
  added: Array(count).fill(name),
  removed: [],
  changed: [],
  applied: [],
  needsRestart: [],
});
