import { describe, expect, it } from 'vitest';
import type { DayTotal } from '../../../src/catalogue/extent.ts';
import { DAY_US } from '../../../src/lib/clock.ts';
import { type ForecastInput, forecast } from '../../../src/recording/forecast.ts';
import { STREAM } from './segmenter-rig.ts';

const input = (changes: Partial<ForecastInput> = {}): ForecastInput => ({
  streams: [STREAM],
  totals: [],
  announced: new Map(),
  retentionDays: 30,
  freeBytes: 0,
  reserveBytes: 0,
  ...changes,
});
const total = (durationUs: number, bytes: number) =>
  ({ ref: STREAM, day: '2026-11-22', durationUs, bytes }) as unknown as DayTotal;

describe('whether the promised days will fit', () => {
  it('is reckoned from what is recorded, else from what the camera says, else from an ordinary camera', () => {
    const measured = forecast(input({ totals: [total(DAY_US / 2, 10e9)] }));
    expect(measured).toMatchObject({
      bytesPerDay: 23e9,
      measuredStreams: 1,
      assumedStreams: 0,
      heldBytes: 10e9,
    });
    const announced = forecast(input({ announced: new Map([['cam01/main', 8_000_000]]) }));
    expect(announced).toMatchObject({ bytesPerDay: 99_360_000_000, measuredStreams: 0, assumedStreams: 0 });
    expect(forecast(input())).toMatchObject({ bytesPerDay: 49_680_000_000, assumedStreams: 1 });
    // Five minutes say nothing about a day.
    expect(forecast(input({ totals: [total(300_000_000, 9e12)] }))).toMatchObject({ measuredStreams: 0 });
  });

  it('counts the day that is filling while the oldest is still whole', () => {
    const perDay = 49_680_000_000;
    expect(forecast(input({ freeBytes: 31 * perDay })).fits).toBe(true);
    expect(forecast(input({ freeBytes: 31 * perDay - 1 })).fits).toBe(false);
    expect(forecast(input({ freeBytes: 31 * perDay, reserveBytes: 1 }))).toMatchObject({
      fits: false,
      daysThatFit: 31,
    });
  });

  it('fits without cameras and never gives less than no room', () => {
    expect(forecast(input({ streams: [] }))).toMatchObject({ fits: true, bytesPerDay: 0, daysThatFit: 0 });
    expect(forecast(input({ reserveBytes: 1e12 }))).toMatchObject({ fits: false, daysThatFit: 0 });
  });
});
