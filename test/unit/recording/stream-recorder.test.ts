import { describe, expect, it } from 'vitest';
import { createBackoff } from '../../../src/recording/backoff.ts';
import { createConnectGate } from '../../../src/recording/connect-gate.ts';
import type { Segmenter } from '../../../src/recording/segmenter.ts';
import type {
  MediaSource,
  PullTarget,
  SourceEnd,
  SourceEvents,
  SourceHealth,
} from '../../../src/recording/source.ts';
import {
  gapCauseOf,
  StreamUnavailable,
  startStreamRecorder,
} from '../../../src/recording/stream-recorder.ts';
import { initSegment, received } from '../../support/fragments.ts';
import { atRest, createManualClock } from '../../support/manual-clock.ts';

const TARGET: PullTarget = { url: 'rtsp://127.0.0.1/', transport: 'tcp', client: 'ffmpeg' };
const GONE: SourceEnd = { cause: 'camera_off', detail: 'the camera ended the stream' };

const health: SourceHealth = {
  ...{ transport: 'tcp' as const, packets: 40, missingPackets: 1, reorderedPackets: 0 },
  ...{ duplicatePackets: 0, foreignPackets: 0, damagedFrames: 1, clockJumps: 0, jitterMs: 2 },
};

function createRig(locate: (failures: number) => Promise<PullTarget> = async () => TARGET) {
  const clock = createManualClock();
  const sessions: { events: SourceEvents; stopped: boolean; openedMs: number }[] = [];
  const source: MediaSource = {
    open(_target, events) {
      const session = { events, stopped: false, openedMs: clock.monoUs() / 1000 };
      sessions.push(session);
      return {
        kind: 'ffmpeg',
        insteadBecause: undefined,
        health: () => health,
        stop() {
          if (session.stopped) return;
          session.stopped = true;
          clock.after(50, () => events.ended({ cause: 'stopped', detail: '' }));
        },
      };
    },
  };
  const kept: number[] = [];
  const runEnds: unknown[] = [];
  const live: number[] = [];
  const ends: { end: SourceEnd; lastedUs: number }[] = [];
  const segmenter = {
    init: () => undefined,
    fragment: ({ facts }) => void kept.push(facts.mediaStart),
    endRun: async (cause, hole) => void runEnds.push([cause, hole?.cause]),
    tick: () => undefined,
  } as Partial<Segmenter> as Segmenter;
  const recorder = startStreamRecorder({
    clock,
    source,
    segmenter,
    backoff: createBackoff(() => 0),
    gate: createConnectGate({ clock, perSecond: 5 }),
    locate,
    live: { init: () => undefined, fragment: (bytes) => void live.push(bytes.length) },
    ended: (end, lastedUs) => void ends.push({ end, lastedUs }),
  });
  let ticks = 0;
  const send = (again = false) => {
    const shape = { mediaStart: again ? ticks - 45_000 : ticks, durations: [45_000], keyFrame: true };
    if (!again) ticks += 45_000;
    sessions.at(-1)?.events.fragment(received(shape, { monoUs: clock.monoUs(), wallUs: clock.utcUs() }));
  };
  /** Pictures twice a second for so long. */
  const play = async (seconds: number) => {
    for (let i = 0; i < 2 * seconds; i++) {
      await clock.run(500, 500);
      send();
    }
  };
  return { clock, sessions, recorder, kept, runEnds, live, ends, send, play };
}

describe('recording one stream', () => {
  it('hands pictures to the vault and to live viewers', async () => {
    const rig = createRig();
    await atRest();
    rig.sessions[0]!.events.init(initSegment());
    expect(rig.recorder.state).toBe('connecting');
    await rig.play(2);
    expect(rig.recorder.state).toBe('recording');
    expect(rig.kept).toHaveLength(4);
    expect(rig.live).toHaveLength(4);
  });

  it('ends a session after seven to eight seconds without new pictures', async () => {
    const rig = createRig();
    await atRest();
    await rig.play(3);
    const last = rig.clock.monoUs();
    while (!rig.sessions[0]!.stopped) {
      await rig.clock.run(100);
      // The same pictures over and over, and a process that lives, are no progress.
      if (!rig.sessions[0]!.stopped) rig.send(true);
      expect(rig.clock.monoUs() - last).toBeLessThan(8_100_000);
    }
    expect(rig.clock.monoUs() - last).toBeGreaterThan(7_000_000);
    expect(rig.recorder.trouble).toMatchObject({ cause: 'stalled' });
    await rig.clock.run(100);
    expect(rig.ends).toMatchObject([{ end: { cause: 'stalled' } }]);
    expect(rig.runEnds).toEqual([['camera_off', 'camera_off']]);
  });

  it('does not take its own standstill for the camera’s silence, and still notices that', async () => {
    const rig = createRig();
    await atRest();
    await rig.play(3);
    rig.clock.standStill(12_000);
    await rig.clock.run(5000);
    expect(rig.sessions[0]!.stopped).toBe(false);
    await rig.clock.run(3000);
    expect(rig.ends).toMatchObject([{ end: { cause: 'stalled' } }]);
  });

  it('ends a session that never gave a picture just as soon, and believes the source’s own reason', async () => {
    const rig = createRig();
    await rig.clock.run(7600);
    expect(rig.sessions[0]!.stopped).toBe(true);
    rig.sessions[0]!.events.ended({ cause: 'unusable', detail: 'no video' });
    await atRest();
    expect(rig.ends).toMatchObject([{ end: { cause: 'unusable' }, lastedUs: 0 }]);
  });

  it('keeps what an ending session still hands over, without calling it recording', async () => {
    const rig = createRig();
    await rig.play(1);
    rig.recorder.restart({ cause: 'clock_step', detail: 'went back' });
    rig.send();
    expect(rig.kept).toHaveLength(3);
    expect(rig.recorder.state).toBe('waiting');
    await rig.clock.run(100);
    expect(rig.ends).toMatchObject([{ end: { cause: 'clock_step' } }]);
  });

  it('waits longer after each failure, and one second again after a healthy session', async () => {
    const rig = createRig();
    await atRest();
    const refuse = async () => {
      const count = rig.sessions.length;
      const endedMs = rig.clock.monoUs() / 1000;
      rig.sessions.at(-1)!.events.ended({ cause: 'refused', detail: 'no' });
      while (rig.sessions.length === count) await rig.clock.run(100);
      return Math.round((rig.sessions.at(-1)!.openedMs - endedMs) / 1000);
    };
    const waits: number[] = [];
    for (let i = 0; i < 7; i++) waits.push(await refuse());
    expect(waits).toEqual([1, 2, 4, 8, 16, 30, 30]);
    await rig.play(12);
    expect(await refuse()).toBe(1);
    expect(rig.recorder.reconnects).toBe(8);
  });

  it('takes an end that looks like success for a failure', async () => {
    const rig = createRig();
    await rig.play(1);
    rig.sessions[0]!.events.ended(GONE);
    await atRest();
    expect(rig.recorder).toMatchObject({ state: 'waiting', trouble: GONE });
    await rig.clock.run(1100);
    expect(rig.sessions).toHaveLength(2);
  });

  it('sums what the network did over the sessions', async () => {
    const rig = createRig();
    expect(rig.recorder.network).toBeUndefined();
    await rig.play(1);
    expect(rig.recorder.network).toEqual(health);
    rig.sessions[0]!.events.ended(GONE);
    await rig.clock.run(1100);
    expect(rig.sessions).toHaveLength(2);
    expect(rig.recorder.network).toEqual({ ...health, packets: 80, missingPackets: 2, damagedFrames: 2 });
  });

  it('tells who looks for the camera how often it has failed in a row', async () => {
    const asked: number[] = [];
    const rig = createRig(async (failures) => {
      asked.push(failures);
      throw new StreamUnavailable({ cause: 'network', detail: 'no way to the camera' });
    });
    await rig.clock.run(20_000);
    expect(asked.slice(0, 4)).toEqual([0, 1, 2, 3]);
    expect(rig.runEnds[0]).toEqual(['network', 'network']);
    await rig.recorder.stop('maintenance', undefined);
  });

  it.each(['playing', 'waiting'])('stops while %s and leaves no timer behind', async (when) => {
    const rig = createRig();
    await rig.play(1);
    if (when === 'waiting') rig.sessions[0]!.events.ended(GONE);
    await atRest();
    const stopped = rig.recorder.stop('configuration', { cause: 'maintenance', detail: 'edited' });
    await rig.clock.run(200);
    await stopped;
    expect(rig.recorder.state).toBe('stopped');
    expect(rig.runEnds.at(-1)).toEqual(['configuration', 'maintenance']);
    expect(rig.sessions).toHaveLength(1);
    expect(rig.clock.timers).toBe(0);
  });

  it('names a hole after what ended the source', () => {
    const causes = (
      ['camera_off', 'stalled', 'refused', 'unusable', 'stopped', 'network', 'clock_step', 'unknown'] as const
    ).map((cause) => gapCauseOf({ cause, detail: '' }));
    expect(causes).toEqual([
      ...[
        'camera_off',
        'camera_off',
        'refused',
        'refused',
        'maintenance',
        'network',
        'clock_step',
        'unknown',
      ],
    ]);
  });
});
