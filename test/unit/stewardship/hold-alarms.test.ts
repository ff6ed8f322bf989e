import { describe, expect, it } from 'vitest';
import { DAY_US, MINUTE_US } from '../../../src/lib/clock.ts';
import type { Hold } from '../../../src/retention/holds.ts';
import { holdAlarms } from '../../../src/stewardship/holds/hold-alarms.ts';

const madeUs = Date.parse('2026-11-22T05:00:00Z') * 1000;
const hold = (more: Partial<Hold> = {}): Hold => ({
  v: 1,
  id: '06h0a72vta2hwxnh',
  kind: 'authority',
  cameras: ['cam01'],
  fromUs: madeUs - 60 * MINUTE_US,
  toUs: madeUs,
  madeUs,
  reviewUs: madeUs + 30 * DAY_US,
  endUs: madeUs + 60 * DAY_US,
  state: 'held',
  note: '',
  ...more,
});
const codesAt = (page: Hold, nowUs: number, why?: string) =>
  holdAlarms([page], new Map(why === undefined ? [] : [[page.id, why]]), nowUs).map(({ code }) => code);

describe('the alarms of a hold', () => {
  it('tell of copying that takes longer than a quarter of an hour, and at once of what keeps it from being copied', () => {
    const copying = hold({ state: 'copying' });
    expect(codesAt(copying, madeUs + 15 * MINUTE_US - 1)).toEqual([]);
    expect(codesAt(copying, madeUs + 15 * MINUTE_US)).toEqual(['hold_unfinished']);
    expect(codesAt(copying, madeUs, 'no_room')).toEqual(['hold_unfinished']);
    expect(codesAt(hold(), madeUs + DAY_US)).toEqual([]);
    // What was lost before it was copied is not made good by the rest.
    expect(codesAt(hold({ missed: 2 }), madeUs + DAY_US)).toEqual(['hold_unfinished']);
  });

  it('tell of a review that is overdue until it is done', () => {
    expect(codesAt(hold(), madeUs + 30 * DAY_US - 1)).toEqual([]);
    expect(codesAt(hold(), madeUs + 30 * DAY_US)).toEqual(['hold_review_overdue']);
    expect(codesAt(hold({ reviewUs: madeUs + 50 * DAY_US }), madeUs + 30 * DAY_US)).toEqual([]);
  });

  it('tell a day before its end, until it has another or is erased', () => {
    // Where the review falls on the end there is nothing to look at that the end does not say.
    const desk = hold({ kind: 'desk', reviewUs: madeUs + 3 * DAY_US, endUs: madeUs + 3 * DAY_US });
    expect(codesAt(desk, madeUs + 2 * DAY_US - 1)).toEqual([]);
    for (const nowUs of [madeUs + 2 * DAY_US, madeUs + 4 * DAY_US])
      expect(codesAt(desk, nowUs)).toEqual(['hold_ending_soon']);
    for (const state of ['ended', 'erased'] as const)
      expect(codesAt({ ...desk, state }, madeUs + 4 * DAY_US)).toEqual([]);
    expect(codesAt({ ...desk, endUs: madeUs + 30 * DAY_US }, madeUs + 2 * DAY_US)).toEqual([]);
  });
});
