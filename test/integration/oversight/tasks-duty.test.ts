import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createItemRows } from '../../../src/db/site/item-rows.ts';
import { createTaskRows } from '../../../src/db/site/task-rows.ts';
import { readBody } from '../../../src/ledger/entry.ts';
import type { Keeper } from '../../../src/ledger/keeper.ts';
import { DAY_US, HOUR_US } from '../../../src/lib/clock.ts';
import type { Log } from '../../../src/lib/logger.ts';
import { createSiteTime, type LocalDay } from '../../../src/lib/site-time.ts';
import type { StewardParts } from '../../../src/main/steward/parts.ts';
import { tasksDuty } from '../../../src/main/steward/tasks-duty.ts';
import { firstDayOf, type Month, monthAfter, monthOf } from '../../../src/oversight/months.ts';
import { createAlarms } from '../../../src/stewardship/alarms.ts';
import { beginLedger } from '../../support/ledger/scratch.ts';
import { createManualClock } from '../../support/manual-clock.ts';

const us = (iso: string) => Date.parse(iso) * 1000;

/** A ledger that began at `startUs`, and a steward's duty that is run when the test says so. */
function steward(startUs: number, zone: string) {
  const clock = createManualClock(startUs);
  const siteTime = createSiteTime(zone);
  const room = beginLedger({ clock });
  const alarms = createAlarms({ clock, listener: { raised: () => undefined, cleared: () => undefined } });
  const keeper = { mayEnter: true } as { -readonly [Name in keyof Keeper]: Keeper[Name] };
  const log: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const parts = { clock, siteTime, db: room.db, ledger: room.ledger, keeper, alarms, log };
  const duty = tasksDuty(parts as unknown as StewardParts);
  const runAt = async (atUs: number) => {
    clock.advance((atUs - clock.utcUs()) / 1000);
    await duty.run(new AbortController().signal);
  };
  const opened = () => [...room.ledger.rows.entriesOf(['task.opened'], 0)].map(({ body }) => readBody(body));
  const standing = () => alarms.standing().map(({ code, subject }) => `${code} ${subject}`);
  return { clock, siteTime, room, keeper, runAt, opened, standing, tasks: createTaskRows(room.db) };
}

describe('the steward opens the confirmation of erasing', () => {
  it.each(['Asia/Seoul', 'Europe/Berlin', 'America/Sao_Paulo', 'Pacific/Kiritimati'])(
    'at the first instant of each month, once, through two years with a leap day (%s)',
    async (zone) => {
      const siteTime = createSiteTime(zone);
      const begunUs = siteTime.startOf('2027-02-10' as LocalDay) + 5 * HOUR_US;
      const { runAt, opened, tasks } = steward(begunUs, zone);
      const expected: string[] = [];
      for (let month = '2027-02' as Month; month < '2029-03'; month = monthAfter(month)) {
        const overUs = siteTime.startOf(firstDayOf(monthAfter(month)));
        await runAt(overUs - 60_000_000);
        expect(tasks.list().map((task) => task.month)).toEqual(expected);
        await runAt(overUs);
        await runAt(overUs + 60_000_000);
        expected.push(month);
        expect(tasks.list().map((task) => task.month)).toEqual(expected);
      }
      expect(expected).toHaveLength(25);
      expect(expected).toContain('2028-02');
      expect(opened().map((entry) => entry.event === 'task.opened' && entry.facts.month)).toEqual(expected);
    },
  );

  it('for every month that ended while it was off, wherever the days fall on which it runs', async () => {
    const offDays = fc.array(fc.integer({ min: 1, max: 120 }), { minLength: 1, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(fc.constantFrom('Asia/Seoul', 'America/St_Johns'), offDays, async (zone, days) => {
        const begunUs = us('2027-06-15T00:00:00Z');
        const { runAt, siteTime, tasks } = steward(begunUs, zone);
        let nowUs = begunUs;
        for (const each of days) {
          nowUs += each * DAY_US;
          await runAt(nowUs);
        }
        const wanted: string[] = [];
        const current = monthOf(siteTime.dayOf(nowUs));
        for (let month = monthOf(siteTime.dayOf(begunUs)); month < current; month = monthAfter(month))
          wanted.push(month);
        // Each gap is shorter than the two years that are looked back.
        expect(tasks.list().map((task) => task.month)).toEqual(wanted);
      }),
      { numRuns: 15 },
    );
  });

  it('and after seven days nobody has confirmed it: an alarm, which ends with the confirmation', async () => {
    const { runAt, standing, tasks, opened } = steward(us('2026-10-15T00:00:00Z'), 'Asia/Seoul');
    // Off on day 1, back on day 4: the seven days count from then.
    await runAt(us('2026-11-04T15:00:00+09:00'));
    expect(opened()).toMatchObject([{ facts: { due: '2026-11-10T15:00:00.000Z' } }]);
    await runAt(us('2026-11-10T23:59:59+09:00'));
    expect(standing()).toEqual([]);
    await runAt(us('2026-11-11T00:00:00+09:00'));
    expect(standing()).toEqual(['task_overdue erasing-2026-10']);
    tasks.done('erasing-2026-10', us('2026-11-11T01:00:00+09:00'), 0);
    await runAt(us('2026-11-11T01:01:00+09:00'));
    expect(standing()).toEqual([]);
  });

  it('nothing while the ledger must not be written, and all of it once it may be', async () => {
    const { runAt, keeper, tasks } = steward(us('2026-10-15T00:00:00Z'), 'Asia/Seoul');
    keeper.mayEnter = false;
    await runAt(us('2026-12-01T00:00:00+09:00'));
    expect(tasks.list()).toEqual([]);
    keeper.mayEnter = true;
    await runAt(us('2026-12-01T00:01:00+09:00'));
    expect(tasks.list().map(({ id }) => id)).toEqual(['erasing-2026-10', 'erasing-2026-11']);
  });

  it('a clock that is set back opens nothing again, and one that leaps far opens two years at most', async () => {
    const { runAt, clock, tasks, opened } = steward(us('2026-10-15T00:00:00Z'), 'Asia/Seoul');
    await runAt(us('2026-12-01T00:00:00+09:00'));
    clock.setWall(-40 * DAY_US);
    await runAt(clock.utcUs() + 1_000_000);
    expect(tasks.list()).toHaveLength(2);
    clock.setWall(20 * 365 * DAY_US);
    await runAt(clock.utcUs() + 1_000_000);
    expect(tasks.list()).toHaveLength(26);
    expect(opened()).toHaveLength(26);
  });

  it('an item that is still out past its day is an alarm until it is back', async () => {
    const { runAt, standing, room } = steward(us('2026-10-15T00:00:00Z'), 'Asia/Seoul');
    const items = createItemRows(room.db);
    const item = { number: '2026-0001', year: 2026, ordinal: 1, kind: 'usb', hold: null, seq: 0, lastSeq: 0 };
    const ends = { returnedDay: null, destroyedDay: null, method: null };
    items.add({ ...item, ...ends, dueDay: '2026-10-20', handedDay: '2026-10-15' });
    await runAt(us('2026-10-20T23:59:59+09:00'));
    expect(standing()).toEqual([]);
    await runAt(us('2026-10-21T00:00:00+09:00'));
    expect(standing()).toEqual(['item_overdue 2026-0001']);
    items.returned('2026-0001', '2026-10-21', 0);
    await runAt(us('2026-10-21T10:00:00+09:00'));
    expect(standing()).toEqual([]);
  });
});
