import { describe, expect, it } from 'vitest';
import { createNetworkMeter } from '../../../src/recording/network-totals.ts';
import type { SourceHealth } from '../../../src/recording/source.ts';

const health = (packets: number, more: Partial<SourceHealth> = {}): SourceHealth => ({
  transport: 'tcp',
  packets,
  missingPackets: 1,
  reorderedPackets: 2,
  duplicatePackets: 3,
  foreignPackets: 4,
  damagedFrames: 5,
  clockJumps: 1,
  jitterMs: 6,
  ...more,
});
const sessionOf = (said: SourceHealth | undefined) => {
  const session = { said, health: () => session.said };
  return session;
};

describe('what the network did to a stream', () => {
  it('is summed over its sessions, the last moment of each included', () => {
    const meter = createNetworkMeter();
    expect(meter.totals()).toBeUndefined();
    const first = sessionOf(health(10, { cameraClockOffsetMs: 7, driftPpm: 8 }));
    meter.opened(first);
    expect(meter.totals()).toEqual(first.said);
    first.said = health(100, { transport: 'udp' });
    meter.opened(sessionOf(health(1, { jitterMs: 9 })));
    expect(meter.totals()).toEqual({
      transport: 'tcp',
      packets: 101,
      missingPackets: 2,
      reorderedPackets: 4,
      duplicatePackets: 6,
      foreignPackets: 8,
      damagedFrames: 10,
      clockJumps: 2,
      jitterMs: 9,
    });
    expect(meter.totals()).toMatchObject({ packets: 101 });
  });

  it('is not known of a stream that nobody ever counted', () => {
    const meter = createNetworkMeter();
    meter.opened(sessionOf(undefined));
    meter.opened(sessionOf(undefined));
    expect(meter.totals()).toBeUndefined();
  });

  it('is not taken back when a client goes on that does not count; only what was measured then is', () => {
    const meter = createNetworkMeter();
    const session = sessionOf(health(10));
    meter.opened(session);
    meter.totals();
    session.said = undefined;
    expect(meter.totals()).toEqual({
      packets: 10,
      missingPackets: 1,
      reorderedPackets: 2,
      duplicatePackets: 3,
      foreignPackets: 4,
      damagedFrames: 5,
      clockJumps: 1,
    });
    meter.opened(sessionOf(undefined));
    meter.opened(sessionOf(health(5)));
    expect(meter.totals()).toMatchObject({ packets: 15, missingPackets: 2, jitterMs: 6 });
  });
});
