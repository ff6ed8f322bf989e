import { describe, expect, it } from 'vitest';
import {
  askingOf,
  type Draft,
  faultsOf,
  rangeOf,
  sharedPurposes,
} from '../../../../web/pages/review/purpose/draft.ts';
import { weeksOf } from '../../../../web/pages/review/purpose/month.ts';
import { quickRange } from '../../../../web/pages/review/purpose/quick-range.ts';
import { clockOf, dayAfter, dayOf, msOf } from '../../../../web/pages/review/zone.ts';

const zone = 'Asia/Seoul';
const nowMs = Date.parse('2026-11-29T03:14:05+09:00');
const now = { zone, nowMs };
const draft: Draft = {
  purpose: 'CRIME_PREVENTION',
  reason: '문이 열려 있던 까닭을 확인',
  requester: ' ',
  cameras: ['cam01'],
  day: '2026-11-28',
  from: '19:00:00',
  to: '08:00:00',
};

describe('days and times of the site', () => {
  it('go there and back, over the change of the clock too', () => {
    for (const [where, instant] of [
      [zone, '2026-11-28T18:14:05Z'],
      ['Europe/Berlin', '2026-03-29T00:59:59Z'],
      ['Europe/Berlin', '2026-03-29T01:00:00Z'],
      ['Europe/Berlin', '2026-10-25T02:30:00Z'],
      ['America/New_York', '2026-07-01T12:00:00Z'],
    ] as const) {
      const ms = Date.parse(instant);
      expect(msOf(where, dayOf(where, ms), clockOf(where, ms))).toBe(ms);
    }
    expect(msOf(zone, '2026-02-31x', '00:00')).toBeUndefined();
    expect(msOf(zone, '', '')).toBeUndefined();
    expect(dayAfter('2026-02-28', 1)).toBe('2026-03-01');
  });
});

describe('what is filled in before a viewing', () => {
  it('means the next day where the end is not later, and leaves out what is not recorded yet', () => {
    expect(rangeOf(draft, zone)).toEqual({
      fromMs: Date.parse('2026-11-28T10:00:00Z'),
      toMs: Date.parse('2026-11-28T23:00:00Z'),
    });
    expect(faultsOf(draft, now)).toEqual({});
    expect(askingOf(draft, now)).toEqual({
      kind: 'recorded',
      purpose: 'CRIME_PREVENTION',
      reason: '문이 열려 있던 까닭을 확인',
      cameras: ['cam01'],
      range: { from: '2026-11-28T10:00:00.000Z', to: '2026-11-28T18:14:05.000Z' },
    });
  });

  it('says of each field what is missing', () => {
    const empty = { ...draft, purpose: undefined, reason: ' 짧은 말 ', cameras: [], day: '2026-11-30' };
    expect(faultsOf(empty, now)).toEqual({
      purpose: 'missing',
      reason: 'short',
      cameras: 'missing',
      range: 'future',
    });
    expect(faultsOf({ ...draft, from: '' }, now)).toEqual({ range: 'malformed' });
  });

  it('offers purposes that each of the cameras is installed for', () => {
    const purposes = [{ id: 'A' }, { id: 'B' }, { id: 'C' }];
    expect(sharedPurposes(purposes, [{ purposes: ['C', 'A'] }, { purposes: ['A', 'B'] }])).toEqual([
      { id: 'A' },
    ]);
    expect(sharedPurposes(purposes, [])).toEqual(purposes);
  });

  it('knows last night, the last hour and today', () => {
    expect(rangeOf(quickRange('lastNight', zone, nowMs), zone)?.fromMs).toBe(
      Date.parse('2026-11-28T10:00:00Z'),
    );
    expect(rangeOf(quickRange('lastHour', zone, nowMs), zone)).toEqual({
      fromMs: nowMs - 3_600_000,
      toMs: nowMs,
    });
    expect(rangeOf(quickRange('today', zone, nowMs), zone)).toEqual({
      fromMs: Date.parse('2026-11-28T15:00:00Z'),
      toMs: nowMs,
    });
  });

  it('shows 31 days in whole weeks, with how much of the chosen cameras is recorded', () => {
    const day = (name: string, seconds: number) => ({
      day: name,
      from: `${dayAfter(name, -1)}T15:00:00.000Z`,
      to: `${name}T15:00:00.000Z`,
      cameras: [
        { camera: 'cam01', recordedSeconds: seconds },
        { camera: 'cam02', recordedSeconds: 0 },
      ],
    });
    const calendar = { days: [day('2026-11-28', 43_200), day('2026-11-29', 11_645)] };
    const weeks = weeksOf(calendar, ['cam01'], '2026-11-29', nowMs);
    const cells = weeks.flat().filter((cell) => cell !== undefined);
    expect(weeks.every((week) => week.length === 7)).toBe(true);
    expect(cells).toHaveLength(31);
    expect(cells.at(-1)).toEqual({ day: '2026-11-29', share: 1 });
    expect(cells.at(-2)).toEqual({ day: '2026-11-28', share: 0.5 });
    expect(cells.at(-3)?.share).toBeUndefined();
    expect(weeksOf(calendar, ['cam01', 'cam02'], '2026-11-29', nowMs).flat().at(-2)?.day).toBeUndefined();
  });
});
