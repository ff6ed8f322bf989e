import type { DayTotal } from '../catalogue/extent.ts';
import type { Forecast } from '../contract/recorder-status.ts';
import { DAY_US } from '../lib/clock.ts';
import type { StreamRef } from '../lib/ids.ts';
import { streamLabel } from '../lib/ids.ts';

export interface ForecastInput {
  readonly streams: readonly StreamRef[];
  /** What is recorded, per stream and day. */
  readonly totals: readonly DayTotal[];
  /** What cameras say of streams that were never recorded, bits per second. */
  readonly announced: ReadonlyMap<string, number>;
  readonly retentionDays: number;
  readonly freeBytes: number;
  readonly reserveBytes: number;
}

/** Where neither a recording nor the camera tells: an ordinary Full HD camera and its second stream. */
const ASSUMED_BITS_PER_SECOND = { main: 4_000_000, sub: 512_000 } as const;
/** Pictures at night, at noon and with people in them differ. */
const SAFETY = 1.15;
/** Less than this says nothing about a day. */
const LEAST_MEASURED_US = 10 * 60 * 1_000_000;

/** Whether the promised days will fit. Pure; `fits` counts what is recorded already as room that will come back. */
export function forecast(input: ForecastInput): Forecast {
  let bytesPerDay = 0;
  let measuredStreams = 0;
  let assumedStreams = 0;
  for (const stream of input.streams) {
    const label = streamLabel(stream);
    const own = input.totals.filter(({ ref }) => streamLabel(ref) === label);
    const measuredUs = own.reduce((sum, { durationUs }) => sum + durationUs, 0);
    const measuredBytes = own.reduce((sum, { bytes }) => sum + bytes, 0);
    if (measuredUs >= LEAST_MEASURED_US) {
      bytesPerDay += (measuredBytes * DAY_US) / measuredUs;
      measuredStreams += 1;
    } else {
      const bits = input.announced.get(label);
      if (bits === undefined) assumedStreams += 1;
      bytesPerDay += ((bits ?? ASSUMED_BITS_PER_SECOND[stream.stream]) / 8) * 86_400;
    }
  }
  bytesPerDay = Math.round(bytesPerDay * SAFETY);
  const heldBytes = input.totals.reduce((sum, { bytes }) => sum + bytes, 0);
  const usable = Math.max(0, input.freeBytes + heldBytes - input.reserveBytes);
  // A day is erased at its 31st midnight: the last day is filling while the first is still whole.
  const needed = bytesPerDay * (input.retentionDays + 1);
  return {
    retentionDays: input.retentionDays,
    bytesPerDay,
    measuredStreams,
    assumedStreams,
    freeBytes: input.freeBytes,
    heldBytes,
    reserveBytes: input.reserveBytes,
    daysThatFit: bytesPerDay === 0 ? 0 : Math.round((usable / bytesPerDay) * 10) / 10,
    fits: bytesPerDay === 0 || usable >= needed,
  };
}
