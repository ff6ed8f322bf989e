import { describe, expect, it } from 'vitest';
import { HOUR_US } from '../../../src/lib/clock.ts';
import { GirokError } from '../../../src/lib/errors.ts';
import { createAlarms } from '../../../src/stewardship/alarms.ts';
import { createSchedule, type Duty } from '../../../src/stewardship/schedule.ts';
import { createManualClock } from '../../support/manual-clock.ts';

/** 22 November 2026, 12:00 in Seoul. */
const NOON = Date.parse('2026-11-22T03:00:00Z') * 1000;
const HOUR_MS = 3_600_000;

function begin(when: Duty['when'], more: Partial<Duty> = {}) {
  const clock = createManualClock(NOON);
  const ran: number[] = [];
  const told: string[] = [];
  const listener = {
    raised: ({ code, subject, facts }: { code: string; subject: string; facts: object }) =>
      told.push(`${code} ${subject} ${JSON.stringify(facts)}`),
    cleared: ({ code, subject }: { code: string; subject: string }) => told.push(`end ${code} ${subject}`),
  };
  const alarms = createAlarms({ clock, listener });
  const errors: unknown[] = [];
  const run = async () => void ran.push(clock.utcUs());
  const schedule = createSchedule(
    { clock, timeZone: 'Asia/Seoul', alarms, failed: (_name, error) => errors.push(error) },
    [{ name: 'evidence', when, run, ...more }],
  );
  return { clock, schedule, ran, told, errors };
}

const hoursAfterNoon = (ran: readonly number[]) => ran.map((us) => (us - NOON) / HOUR_US);

describe('the steward’s schedule', () => {
  it('keeps a period, from the start where that is asked for', async () => {
    const { clock, ran } = begin({ everyMs: HOUR_MS }, { atStart: true });
    await clock.run(3 * HOUR_MS, 60_000);
    expect(hoursAfterNoon(ran)).toEqual([0, 1, 2, 3]);
  });

  it('goes by the site’s midnight', async () => {
    const { clock, ran } = begin({ cron: '0 0 * * *' });
    await clock.run(48 * HOUR_MS, 60_000);
    expect(hoursAfterNoon(ran)).toEqual([12, 36]);
  });

  it('misses nothing when the clock is set forward over a time, and does not wait a day when it is set back', async () => {
    const forward = begin({ cron: '0 0 * * *' });
    await forward.clock.run(HOUR_MS, 60_000);
    forward.clock.setWall(20 * HOUR_US);
    await forward.clock.run(60_000, 1000);
    expect(forward.ran).toHaveLength(1);

    const back = begin({ cron: '0 0 * * *' });
    back.clock.setWall(-10 * 24 * HOUR_US);
    await back.clock.run(12 * HOUR_MS, 60_000);
    expect(back.ran).toHaveLength(1);
  });

  it('tells of a failure once, tries again, and takes the alarm back', async () => {
    let failing = true;
    const run = async () => {
      if (failing) throw new GirokError('storage_missing', { storage: 'x' });
    };
    const { clock, told, errors, schedule } = begin(
      { everyMs: HOUR_MS },
      { atStart: true, run, retryMs: 60_000 },
    );
    await clock.run(150_000, 1000);
    expect(errors).toHaveLength(3);
    expect(told).toEqual(['duty_failed evidence {"error":"storage_missing"}']);
    expect(schedule.state()).toMatchObject([{ name: 'evidence', failed: 'storage_missing' }]);
    failing = false;
    await clock.run(60_000, 1000);
    expect(told.slice(1)).toEqual(['end duty_failed evidence']);
    expect(schedule.state()[0]).not.toHaveProperty('failed');
  });

  it('never runs a duty beside itself, and remembers that it was asked for meanwhile', async () => {
    let end: () => void = () => undefined;
    let runs = 0;
    const run = () => {
      runs += 1;
      return new Promise<void>((resolve) => {
        end = resolve;
      });
    };
    const { clock, schedule } = begin({ everyMs: HOUR_MS }, { run });
    schedule.soon('evidence');
    await clock.run(2 * HOUR_MS, 60_000);
    expect(runs).toBe(1);
    schedule.soon('evidence');
    end();
    await clock.run(2000, 1000);
    expect(runs).toBe(2);
  });

  it('breaks off what runs when it is stopped, without an alarm', async () => {
    const run = (signal: AbortSignal) =>
      new Promise<void>((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason));
      });
    const { clock, schedule, told } = begin({ everyMs: HOUR_MS }, { atStart: true, run });
    await schedule.stop();
    await clock.run(2 * HOUR_MS, 60_000);
    expect(told).toEqual([]);
  });
});
