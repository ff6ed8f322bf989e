import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { RECORD_CLASSES } from '../../../src/contract/record-classes.ts';
import { createSiteTime } from '../../../src/lib/site-time.ts';
import { dueRecords, recordsDueUs, recordYearsOf } from '../../../src/retention/records.ts';
import { createPersonalSealing, personalKeyName } from '../../../src/vault/personal-keys.ts';

const ZONES = [
  'Asia/Seoul',
  'UTC',
  'Pacific/Kiritimati',
  'Pacific/Pago_Pago',
  'America/New_York',
  'Africa/Cairo',
  'Asia/Kathmandu',
  'Australia/Lord_Howe',
];
const years = recordYearsOf({
  managementYears: 3,
  viewingYears: 3,
  accessYears: 2,
  rightsYears: 3,
  holdsYears: 1,
  erasingYears: 3,
  oversightYears: 3,
  operationYears: 10,
});
const ofClass = fc.constantFrom(...RECORD_CLASSES);
/** Any instant from 2000 to 2099, and more of those around the ends of months and leap days. */
const instantUs = fc.oneof(
  fc.integer({ min: 946_684_800, max: 4_102_444_799 }).map((seconds) => seconds * 1_000_000),
  fc
    .record({
      year: fc.integer({ min: 2000, max: 2098 }),
      month: fc.integer({ min: 1, max: 12 }),
      offset: fc.integer({ min: -30 * 3600, max: 30 * 3600 }),
    })
    .map(({ year, month, offset }) => (Date.UTC(year, month, 1) / 1000 + offset) * 1_000_000),
  fc
    .integer({ min: -36 * 3600, max: 36 * 3600 })
    .map((offset) => (Date.UTC(2028, 1, 29) / 1000 + offset) * 1e6),
);

/** The month that a text of this instant is really sealed under. */
function sealedIn(zone: string, of: (typeof RECORD_CLASSES)[number], committedUs: number): string {
  const sealing = createPersonalSealing({ sealingKey: () => Buffer.alloc(32) }, createSiteTime(zone));
  const { key } = sealing.seal(Buffer.from('x'), { class: of, committedUs, seq: 0, field: 'by' });
  return key.slice(key.lastIndexOf('/') + 1);
}

describe('personal texts of the ledger', () => {
  it('are never erased before they have had their years in full, and go at the first instant of a month', () => {
    fc.assert(
      fc.property(fc.constantFrom(...ZONES), ofClass, instantUs, (zone, of, atUs) => {
        const siteTime = createSiteTime(zone);
        const month = sealedIn(zone, of, atUs);
        const dueUs = recordsDueUs(month, years[of], siteTime);
        const entered = Temporal.Instant.fromEpochMilliseconds(atUs / 1000).toZonedDateTimeISO(zone);
        // The day after the last one of the period, which does not count the day of entering (민법 §157, §160).
        const kept = entered.toPlainDate().add({ years: years[of] });
        const earliest = kept.add({ days: 1 }).toZonedDateTime(zone).epochMilliseconds * 1000;
        expect(dueUs).toBeGreaterThanOrEqual(earliest);
        // Not late: within the month in which the period ends.
        expect(dueUs - earliest).toBeLessThan(31 * 86_400_000_000 + 3_600_000_000);
        expect(siteTime.dayOf(dueUs)).toMatch(/-01$/);
        expect(siteTime.dayOf(dueUs - 1)).not.toBe(siteTime.dayOf(dueUs));
      }),
      { numRuns: 2000 },
    );
  });

  it('are due from that instant on and not a microsecond before', () => {
    fc.assert(
      fc.property(fc.constantFrom(...ZONES), ofClass, instantUs, (zone, of, atUs) => {
        const siteTime = createSiteTime(zone);
        const month = sealedIn(zone, of, atUs);
        const dueUs = recordsDueUs(month, years[of], siteTime);
        const names = [personalKeyName({ class: of, month })];
        const at = (nowUs: number) => dueRecords({ nowUs, siteTime, years, names });
        expect(at(dueUs - 1)).toEqual([]);
        expect(at(dueUs)).toEqual([{ class: of, month, dueUs }]);
        expect(at(dueUs + 400 * 86_400_000_000)).toHaveLength(1);
      }),
    );
  });

  it('are told from footage, lockers and classes that only a newer program knows', () => {
    const names = [
      { camera: 'cam01', day: '2000-01-01', hour: 0 },
      { camera: 'evidence/06h0a72vta2hwxnh', day: 'locker', hour: 0 },
      { camera: 'records/tomorrow', day: '2000-01', hour: 0 },
      { camera: 'records/access', day: '2024-11', hour: 0 },
      { camera: 'records/access', day: '2024-10', hour: 0 },
      { camera: 'records/rights', day: '2024-10', hour: 0 },
    ];
    const siteTime = createSiteTime('Asia/Seoul');
    const nowUs = Date.parse('2026-11-30T23:59:59+09:00') * 1000;
    expect(
      dueRecords({ nowUs, siteTime, years, names }).map((each) => `${each.class} ${each.month}`),
    ).toEqual(['access 2024-10']);
  });

  it('of a December go with the January after', () => {
    const siteTime = createSiteTime('Asia/Seoul');
    expect(siteTime.label(recordsDueUs('2026-12', 3, siteTime))).toBe('2030-01-01 00:00:00');
    expect(siteTime.label(recordsDueUs('2028-02', 3, siteTime))).toBe('2031-03-01 00:00:00');
  });
});
