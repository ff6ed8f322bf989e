import { describe, expect, it } from 'vitest';
import type { CameraId } from '../../../src/lib/ids.ts';
import { createLiveFeeds, type LiveViewing } from '../../../src/live/wall.ts';
import { atRest, createManualClock } from '../../support/manual-clock.ts';

const cam = (n: number) => `cam${n}` as CameraId;

/** Takes all that it is given. */
function read(viewing: LiveViewing): LiveViewing {
  void (async () => {
    for await (const _piece of viewing);
  })();
  return viewing;
}

/** Feeds over a relay that never comes up. */
function begin() {
  const clock = createManualClock();
  const facts = { holds: 0 };
  const feeds = createLiveFeeds({
    clock,
    random: () => 0,
    log: { info() {}, warn() {}, error() {} },
    recorderSocket: '/nowhere/recorder.sock',
    relay: {
      pid: undefined,
      hold() {
        facts.holds += 1;
        return {
          ready: (signal) =>
            new Promise((_resolve, reject) =>
              signal.addEventListener('abort', () => reject(signal.reason), { once: true }),
            ),
          release: () => {
            facts.holds -= 1;
          },
        };
      },
      stop: async () => undefined,
    },
  });
  return { clock, facts, feeds };
}

describe('the live pictures', () => {
  it('say after half a minute without one that there is none', async () => {
    const { clock, feeds, facts } = begin();
    const viewing = read(feeds.open(cam(1), 'main'));
    await clock.run(20_000, 1000);
    const later = read(feeds.open(cam(1), 'main'));
    await clock.run(10_000, 1000);
    expect(feeds.counts).toEqual({ feeds: 1, viewers: 2 });
    await clock.run(1000, 1000);
    expect(await viewing.ended).toBe('live_unavailable');
    expect(feeds.counts).toEqual({ feeds: 1, viewers: 1 });
    await clock.run(20_000, 1000);
    expect(await later.ended).toBe('live_unavailable');
    expect(facts.holds).toBe(1);
    await clock.run(5000, 1000);
    expect(feeds.counts).toEqual({ feeds: 0, viewers: 0 });
    await atRest();
    expect(facts.holds).toBe(0);
  });

  it('keep the way open for five seconds after the last viewer, and for who comes in between', async () => {
    const { clock, feeds, facts } = begin();
    feeds.open(cam(1), 'main').cut();
    await clock.run(4000, 1000);
    read(feeds.open(cam(1), 'main'));
    await clock.run(10_000, 1000);
    expect(facts.holds).toBe(1);
    await feeds.close();
    expect(facts.holds).toBe(0);
  });

  it('have one feed a stream and a bound on streams and on viewers', () => {
    const { feeds } = begin();
    for (let n = 0; n < 32; n++) for (const kind of ['main', 'sub'] as const) feeds.open(cam(n), kind);
    const busy = expect.objectContaining({ code: 'live_busy' });
    expect(() => feeds.open(cam(99), 'main')).toThrow(busy);
    while (feeds.counts.viewers < 512) feeds.open(cam(feeds.counts.viewers % 32), 'sub');
    expect(feeds.counts).toEqual({ feeds: 64, viewers: 512 });
    expect(() => feeds.open(cam(0), 'sub')).toThrow(busy);
  });

  it('end with their signal, and with the process', async () => {
    const { feeds } = begin();
    const leaving = new AbortController();
    const one = feeds.open(cam(1), 'main', leaving.signal);
    const gone = feeds.open(cam(1), 'main', AbortSignal.abort());
    const other = feeds.open(cam(1), 'main');
    expect(await gone.ended).toBe('cut');
    leaving.abort();
    expect(await one.ended).toBe('cut');
    await feeds.close();
    expect(await other.ended).toBe('closing');
    expect(() => feeds.open(cam(1), 'main')).toThrow(expect.objectContaining({ code: 'live_busy' }));
  });
});
