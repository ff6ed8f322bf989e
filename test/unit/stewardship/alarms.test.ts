import { describe, expect, it } from 'vitest';
import { createAlarms } from '../../../src/stewardship/alarms.ts';
import { createManualClock } from '../../support/manual-clock.ts';

describe('standing alarms', () => {
  it('are told once at their beginning and once at their end', () => {
    const clock = createManualClock();
    const told: string[] = [];
    const alarms = createAlarms({
      clock,
      listener: {
        raised: ({ code, subject }) => void told.push(`+${code} ${subject}`),
        cleared: ({ code, subject }) => void told.push(`-${code} ${subject}`),
      },
    });
    const beganUs = clock.utcUs();
    alarms.raise('camera_not_recording', 'cam01', { cause: 'network' });
    clock.advance(5000);
    alarms.raise('disk_full', '');
    alarms.raise('camera_not_recording', 'cam01', { cause: 'refused' });
    expect(alarms.standing()).toMatchObject([
      { subject: 'cam01', sinceUs: beganUs, facts: { cause: 'refused' } },
      { code: 'disk_full', sinceUs: beganUs + 5_000_000 },
    ]);
    alarms.clear('camera_not_recording', 'cam02');
    alarms.clear('camera_not_recording', 'cam01');
    alarms.clear('camera_not_recording', 'cam01');
    expect(told).toEqual(['+camera_not_recording cam01', '+disk_full ', '-camera_not_recording cam01']);
    expect(alarms.standing()).toHaveLength(1);
  });
});
