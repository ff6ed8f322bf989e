import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { migrate } from '../../../src/db/migrate.ts';
import { openDatabase } from '../../../src/db/open.ts';
import { type AlarmRows, createAlarmRows } from '../../../src/db/site/alarm-rows.ts';
import { SITE_MIGRATIONS } from '../../../src/db/site/migrations.ts';
import { openSiteForWriting } from '../../../src/db/site/open.ts';
import type { NewEntry } from '../../../src/ledger/entry.ts';
import { createLedger, type Ledger } from '../../../src/ledger/ledger.ts';
import { createAlarmBook } from '../../../src/stewardship/alarm-book.ts';
import { createFolding } from '../../../src/stewardship/folding.ts';
import { beginLedger, scratchFolder } from '../../support/ledger/scratch.ts';
import { createManualClock } from '../../support/manual-clock.ts';

let clock: ReturnType<typeof createManualClock>;
let room: ReturnType<typeof beginLedger>;
let ledger: Ledger;
let rows: AlarmRows;
beforeEach(() => {
  clock = createManualClock();
  room = beginLedger({ clock });
  rows = createAlarmRows(room.db);
  ledger = createLedger({ db: room.db, clock, entered: createAlarmBook({ rows, clock }).entered });
});

const enter = (entry: NewEntry) => ledger.write((tx) => tx.append(entry));
const alarm = (
  event: 'alarm.raised' | 'alarm.cleared',
  name: string,
  subject = '',
  writer: 'recorder' | 'steward' = 'recorder',
) => enter({ event, facts: { alarm: name, subject }, actor: `process:${writer}` });
const standing = () =>
  rows
    .standing()
    .map(({ process, alarm, subject }) => `${process} ${alarm} ${subject}`.trim())
    .sort();

const certificate = (state: 'complete' | 'incomplete') => ({
  run: 'r1',
  startedAt: '2026-11-22T03:00:00.000Z',
  finishedAt: '2026-11-22T03:00:01.000Z',
  state,
  epoch: 2,
  days: [],
  failures: [],
  deferred: [],
});

describe('the alarm book', () => {
  it('has one row from the first raising to the end, and another for the next time', () => {
    const beganUs = clock.utcUs();
    alarm('alarm.raised', 'disk_full');
    clock.advance(60_000);
    alarm('alarm.raised', 'disk_full');
    expect(rows.standing()).toMatchObject([{ sinceUs: beganUs, count: 1, endedUs: null }]);
    alarm('alarm.cleared', 'disk_full');
    alarm('alarm.cleared', 'disk_full');
    clock.advance(11 * 60_000);
    alarm('alarm.raised', 'disk_full');
    expect(rows.newest(10)).toMatchObject([
      { endedUs: null, count: 1 },
      { sinceUs: beganUs, endedUs: beganUs + 60_000_000 },
    ]);
  });

  it('forgets what ended long ago, and nothing that stands', () => {
    alarm('alarm.raised', 'disk_full');
    alarm('alarm.raised', 'vault_findings');
    alarm('alarm.cleared', 'disk_full');
    for (const { id } of rows.newest(10)) rows.told(id, 'mail', clock.utcUs(), false);
    rows.forget(clock.utcUs());
    expect(rows.newest(10)).toHaveLength(2);
    rows.forget(clock.utcUs() + 1);
    expect(rows.newest(10)).toMatchObject([{ alarm: 'vault_findings' }]);
  });

  it('commits with the entry, or not at all', () => {
    room.db.exec("create trigger refuse before insert on alarm begin select raise(abort, 'no'); end");
    const before = ledger.rows.size();
    expect(() => alarm('alarm.raised', 'disk_full')).toThrow();
    expect(ledger.rows.size()).toBe(before);
    room.db.exec('drop trigger refuse');
    expect(() =>
      ledger.write((tx) => {
        tx.append({
          event: 'alarm.raised',
          facts: { alarm: 'disk_full', subject: '' },
          actor: 'process:recorder',
        });
        throw new Error('broken off');
      }),
    ).toThrow('broken off');
    expect(rows.newest(10)).toEqual([]);
  });

  it('ends what stood when a process died, of that process alone', () => {
    alarm('alarm.raised', 'camera_not_recording', 'cam01/main');
    alarm('alarm.raised', 'ledger_unmirrored', '', 'steward');
    enter({ event: 'recorder.started', facts: { pid: 1, cameras: 1 }, actor: 'process:recorder' });
    expect(standing()).toEqual(['steward ledger_unmirrored']);
    enter({ event: 'steward.started', facts: { pid: 1 }, actor: 'process:steward' });
    expect(standing()).toEqual([]);
  });

  it('follows the purge by what its runs say', () => {
    const purge = (event: `erase.${'waits' | 'incomplete' | 'done' | 'overdue'}`, facts: object) =>
      enter({ event, facts, actor: 'process:purge' } as NewEntry);
    purge('erase.waits', { why: 'clock' });
    expect(rows.standing()).toMatchObject([{ alarm: 'erasing_waits', facts: '{"why":"clock"}' }]);
    purge('erase.incomplete', certificate('incomplete'));
    expect(standing()).toEqual(['purge erasing_incomplete']);
    purge('erase.waits', { why: 'days' });
    purge('erase.overdue', { oldestDay: '2026-10-17', cameras: 3 });
    purge('erase.done', { ...certificate('complete'), resumed: true });
    expect(standing()).toEqual(['purge erasing_overdue', 'purge erasing_waits']);
    purge('erase.done', { ...certificate('complete'), run: 'r2', resumed: false });
    expect(standing()).toEqual([]);
  });

  it('takes no entry out of the ledger, whatever the entry says', () => {
    enter({
      event: 'alarm.raised',
      facts: { alarm: 'disk_full', subject: '' },
      actor: 'process:recorder',
      atUs: -1_000_000,
    });
    enter({
      event: 'recorder.folded',
      facts: {
        from: '2026-11-22T03:00:00.000Z',
        to: '2026-11-22T04:00:00.000Z',
        entries: 4,
        lines: [
          { event: 'alarm.raised', subject: '', count: 3 },
          { event: 'alarm.raised', subject: 'x'.repeat(110), count: 1 },
        ],
      },
      actor: 'process:recorder',
    });
    expect(standing()).toEqual(['recorder disk_full']);
  });

  it('stands as the alarm does, whichever of its turns were only counted', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { minLength: 1, maxLength: 40 }), (told) => {
        room.db.exec('delete from alarm');
        // Beginnings and ends in turn; `false`: not told for itself.
        const counts = { 'alarm.raised': 0, 'alarm.cleared': 0 };
        for (const [n, isTold] of told.entries()) {
          const event = n % 2 === 0 ? 'alarm.raised' : 'alarm.cleared';
          if (isTold && counts['alarm.raised'] === counts['alarm.cleared'])
            alarm(event, 'disk_failing', 'cam01/main');
          else counts[event] += 1;
        }
        const lines = Object.entries(counts)
          .filter(([, count]) => count > 0)
          .map(([event, count]) => ({ event, subject: 'disk_failing cam01/main', count }));
        enter({
          event: 'recorder.folded',
          facts: {
            from: '2026-11-22T03:00:00.000Z',
            to: '2026-11-22T04:00:00.000Z',
            entries: lines.length,
            lines,
          },
          actor: 'process:recorder',
        });
        expect(standing()).toEqual(told.length % 2 === 1 ? ['recorder disk_failing cam01/main'] : []);
      }),
      { numRuns: 100 },
    );
  });

  /** A recorder's, that is drained at once. */
  const foldingAt = (path: string) =>
    createFolding({
      spool: {
        append: ({ event, facts, as }) =>
          enter({ event, facts, actor: 'process:recorder', atUs: as?.atUs ?? clock.utcUs() } as NewEntry),
        waiting: 0,
        settled: async () => true,
      },
      clock,
      path,
      failed: (error) => {
        throw error;
      },
    });

  it('stands as the alarm does while a camera comes and goes, faster than its turns can be told', async () => {
    const folder = scratchFolder();
    let runs = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 6 }), { minLength: 30, maxLength: 90 }),
        fc.integer({ min: 24, max: 89 }),
        async (minutes, tellAt) => {
          room.db.exec('delete from alarm');
          runs += 1;
          const folding = foldingAt(join(folder, `${runs}.json`));
          const facts = { alarm: 'camera_not_recording', subject: 'cam01/main' };
          let telling: Promise<void> | undefined;
          for (const [n, pause] of minutes.entries()) {
            folding.append({ event: n % 2 === 0 ? 'alarm.raised' : 'alarm.cleared', facts });
            // Its turns go on while what was counted is being told.
            if (n === tellAt) telling = folding.tell(0);
            // Whatever the camera did before that, its turns came all at once.
            clock.standStill(n < 24 ? 0 : pause * 60_000);
          }
          await telling;
          await folding.tell(0);
          folding.stop();
          expect(standing()).toEqual(
            minutes.length % 2 === 1 ? ['recorder camera_not_recording cam01/main'] : [],
          );
        },
      ),
      { numRuns: 40 },
    );
  });

  it('is not told by a recorder what stood when the one before it died', async () => {
    const path = join(scratchFolder(), 'folded.json');
    const line = { event: 'alarm.raised', subject: 'disk_failing cam01/main', count: 3 };
    const stretch = { fromUs: clock.utcUs(), toUs: clock.utcUs(), lines: [line] };
    const telling = { ...stretch, atUs: clock.utcUs(), ids: ['06h0a72vta2hwxnh'] };
    writeFileSync(path, JSON.stringify({ v: 1, left: 0, atUs: clock.utcUs(), counted: stretch, telling }));
    const folding = foldingAt(path);
    enter({ event: 'recorder.started', facts: { pid: 2, cameras: 1 }, actor: 'process:recorder' });
    await folding.tell(0);
    await folding.tell(0);
    folding.stop();
    expect(standing()).toEqual([]);
    const told = [...ledger.rows.entriesOf(['recorder.folded'], 0)].map(({ body }) => body.toString());
    expect(told.map((body) => JSON.parse(body).facts.entries)).toEqual([3, 3]);
  });
});

it.each([
  ['that was made before there was an index of ends', ''],
  ['that has it already', 'create index alarm_by_end on alarm (ended_us)'],
])('finds what ended long ago by an index, also in a database %s', (_which, before) => {
  const path = join(scratchFolder(), 'site.db');
  const old = openDatabase({ path, synchronous: 'full', busyTimeoutMs: 1000 });
  migrate(old, path, SITE_MIGRATIONS.slice(0, 3));
  old.exec(before);
  old.close();
  const db = openSiteForWriting(path);
  const plan = db.prepare('explain query plan select id from alarm where ended_us < 1').all();
  db.close();
  expect(JSON.stringify(plan)).toContain('alarm_by_end');
});
