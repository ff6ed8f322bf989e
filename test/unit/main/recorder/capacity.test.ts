import { describe, expect, it } from 'vitest';
import type { DayTotal } from '../../../../src/catalogue/extent.ts';
import type { CameraId } from '../../../../src/lib/ids.ts';
import { createSiteTime } from '../../../../src/lib/site-time.ts';
import { watchCapacity } from '../../../../src/main/recorder/capacity.ts';
import { createAlarms } from '../../../../src/stewardship/alarms.ts';
import { createManualClock } from '../../../support/manual-clock.ts';
import { notedLog } from '../../../support/noted-log.ts';

const GB = 1_000_000_000;
const settled = () => new Promise((resolve) => setImmediate(resolve));

async function watch(freeBytes: number, dayTotals: () => Promise<DayTotal[]>) {
  const clock = createManualClock();
  const alarms = createAlarms({ clock, listener: { raised: () => undefined, cleared: () => undefined } });
  const { log, events } = notedLog();
  const guard = { freeBytes };
  const capacity = await watchCapacity({
    config: () => ({ retention: { days: 30 }, storage: { reserveBytes: GB } }),
    clock,
    siteTime: createSiteTime('Asia/Seoul'),
    reader: { dayTotals },
    streams: () => [{ camera: 'cam01' as CameraId, stream: 'main' }],
    announced: new Map([['cam01/main', 4_000_000]]),
    guard,
    alarms,
    log,
  });
  return { clock, alarms, guard, capacity, events };
}

describe('the forecast of a recorder', () => {
  it('is made at the start, half a minute later and every ten minutes; an alarm stands while the days do not fit', async () => {
    let looks = 0;
    const { clock, alarms, guard, capacity, events } = await watch(100 * GB, async () => {
      looks += 1;
      return [];
    });
    // 4 Mbit/s with a margin of 15 % for 31 days are about 1.5 TB.
    expect(alarms.standing()).toMatchObject([{ code: 'retention_at_risk', facts: { needed: 30 } }]);
    expect(capacity.forecast?.fits).toBe(false);
    guard.freeBytes = 2000 * GB;
    clock.advance(30_000);
    await settled();
    expect([looks, capacity.forecast?.fits, alarms.standing()]).toEqual([2, true, []]);
    clock.advance(600_000);
    await settled();
    expect(looks).toBe(3);
    capacity.stop();
    clock.advance(3_600_000);
    await settled();
    expect(looks).toBe(3);
    expect(events()).toEqual(['forecast', 'forecast', 'forecast']);
  });

  it('that cannot be made ends nothing: the one before stands, and the next look tries again', async () => {
    let isBroken = true;
    const { clock, capacity, events } = await watch(2000 * GB, async () => {
      if (isBroken) throw new Error('database is locked');
      return [];
    });
    expect(capacity.forecast).toBeUndefined();
    isBroken = false;
    clock.advance(30_000);
    await settled();
    expect(capacity.forecast?.fits).toBe(true);
    isBroken = true;
    clock.advance(600_000);
    await settled();
    expect(capacity.forecast?.fits).toBe(true);
    expect(events()).toEqual(['forecast.failed', 'forecast', 'forecast.failed']);
  });
});
