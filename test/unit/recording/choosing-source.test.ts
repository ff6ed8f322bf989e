import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createChoosingSource } from '../../../src/recording/choosing-source.ts';
import type {
  MediaSource,
  PullTarget,
  SourceEnd,
  SourceEndCause,
  SourceEvents,
  SourceHealth,
  SourceKind,
  SourceSession,
} from '../../../src/recording/source.ts';
import { initSegment, received } from '../../support/fragments.ts';
import { createManualClock } from '../../support/manual-clock.ts';

const TARGET: PullTarget = { url: 'rtsp://127.0.0.101/main', transport: 'auto', client: 'auto' };
const UNUSABLE: SourceEnd = { cause: 'unusable', detail: 'the camera describes two videos' };
const GONE: SourceEnd = { cause: 'camera_off', detail: 'the camera ended the stream' };
const HEALTH: SourceHealth = {
  transport: 'tcp',
  packets: 1,
  missingPackets: 0,
  reorderedPackets: 0,
  duplicatePackets: 0,
  foreignPackets: 0,
  damagedFrames: 0,
  clockJumps: 0,
  jitterMs: 0,
};

interface FakeSession {
  readonly kind: SourceKind;
  readonly events: SourceEvents;
  stopped: boolean;
  over: boolean;
  /** Ends it as a source does: once. */
  end(end: SourceEnd): void;
}

function createRig() {
  const clock = createManualClock();
  const opened: FakeSession[] = [];
  const fake = (kind: SourceKind): MediaSource => ({
    open(_target, events) {
      const session: FakeSession = {
        ...{ kind, events, stopped: false, over: false },
        end(end) {
          if (session.over) return;
          session.over = true;
          events.ended(end);
        },
      };
      opened.push(session);
      return {
        kind,
        insteadBecause: undefined,
        health: () => (kind === 'rtsp' ? HEALTH : undefined),
        stop: () => {
          session.stopped = true;
        },
      };
    },
  });
  const source = createChoosingSource({ rtsp: fake('rtsp'), ffmpeg: fake('ffmpeg'), clock });
  const told: string[] = [];
  const ends: SourceEnd[] = [];
  const open = (target: Partial<PullTarget> = {}): SourceSession =>
    source.open(
      { ...TARGET, ...target },
      {
        alive: () => void told.push('alive'),
        init: () => void told.push('init'),
        fragment: () => void told.push('fragment'),
        ended(end) {
          told.push('ended');
          ends.push(end);
        },
      },
    );
  const last = () => opened.at(-1) as FakeSession;
  const play = (session = last()) => {
    session.events.init(initSegment());
    session.events.fragment(
      received({ mediaStart: 0, durations: [6000], keyFrame: true }, { monoUs: 0, wallUs: 0 }),
    );
  };
  return { clock, opened, told, ends, open, last, play, kinds: () => opened.map(({ kind }) => kind) };
}

describe('the source that chooses', () => {
  it.each(['rtsp', 'ffmpeg'] as const)('keeps to %s where it is pinned', (client) => {
    const rig = createRig();
    const session = rig.open({ client });
    expect(session.kind).toBe(client);
    expect(session.insteadBecause).toBe(client === 'ffmpeg' ? 'chosen in the settings' : undefined);
    rig.last().end(UNUSABLE);
    rig.open({ client });
    expect(rig.kinds()).toEqual([client, client]);
    expect(rig.ends).toEqual([UNUSABLE]);
  });

  it('hands over to ffmpeg within the same session what ours refuses', () => {
    const rig = createRig();
    const session = rig.open();
    expect(session).toMatchObject({ kind: 'rtsp', insteadBecause: undefined });
    expect(session.health()).toEqual(HEALTH);
    rig.last().end(UNUSABLE);
    expect(rig.kinds()).toEqual(['rtsp', 'ffmpeg']);
    expect(session).toMatchObject({
      kind: 'ffmpeg',
      insteadBecause: 'ours refused: the camera describes two videos',
    });
    expect(session.health()).toBeUndefined();
    rig.play();
    rig.last().end(GONE);
    // Alive: ffmpeg has as long to begin as ours had.
    expect(rig.told).toEqual(['alive', 'init', 'fragment', 'ended']);
    expect(rig.ends).toEqual([GONE]);
  });

  it('remembers for an hour and then tries ours again, per address', () => {
    const rig = createRig();
    rig.open();
    rig.last().end(UNUSABLE);
    rig.play();
    rig.last().end(GONE);
    rig.clock.advance(3_599_000);
    const session = rig.open();
    expect(session).toMatchObject({ kind: 'ffmpeg', insteadBecause: `ours refused: ${UNUSABLE.detail}` });
    rig.play();
    rig.last().end(GONE);
    expect(rig.open({ url: 'rtsp://127.0.0.101/sub' }).kind).toBe('rtsp');
    rig.clock.advance(1000);
    expect(rig.open().kind).toBe('rtsp');
  });

  it('tries ours again at the next opening when ffmpeg had no success either', () => {
    const rig = createRig();
    rig.open();
    rig.last().end(UNUSABLE);
    rig.last().events.init(initSegment());
    rig.last().end({ cause: 'unusable', detail: 'nor can ffmpeg' });
    expect(rig.open().kind).toBe('rtsp');
    rig.last().end(UNUSABLE);
    rig.play();
    rig.last().end(GONE);
    expect(rig.open().kind).toBe('ffmpeg');
    rig.last().end({ cause: 'network', detail: 'no way to the camera' });
    expect(rig.open().kind).toBe('rtsp');
  });

  it('does not open ffmpeg for a session that is being ended, but knows the next time', () => {
    const rig = createRig();
    const session = rig.open();
    session.stop();
    expect(rig.last().stopped).toBe(true);
    rig.last().end(UNUSABLE);
    expect(rig.kinds()).toEqual(['rtsp']);
    expect(rig.ends).toEqual([UNUSABLE]);
    expect(session).toMatchObject({ kind: 'rtsp', insteadBecause: undefined });
    expect(rig.open().kind).toBe('ffmpeg');
  });

  it('ends ffmpeg, once, when it is stopped after the change', () => {
    const rig = createRig();
    const session = rig.open();
    rig.last().end(UNUSABLE);
    session.stop();
    session.stop();
    expect(rig.opened.map(({ stopped }) => stopped)).toEqual([false, true]);
    rig.last().end({ cause: 'stopped', detail: '' });
    expect(rig.ends).toHaveLength(1);
  });

  it('gives up ours where it breaks off over something unusable twice within ten minutes', () => {
    const rig = createRig();
    const breakOff = (afterS: number) => {
      const { kind } = rig.open();
      rig.play();
      rig.clock.advance(afterS * 1000);
      rig.last().end(UNUSABLE);
      return kind;
    };
    expect([breakOff(60), breakOff(601), breakOff(599)]).toEqual(['rtsp', 'rtsp', 'rtsp']);
    expect(rig.ends).toEqual([UNUSABLE, UNUSABLE, UNUSABLE]);
    const session = rig.open();
    expect(session).toMatchObject({ kind: 'ffmpeg', insteadBecause: `ours broke off: ${UNUSABLE.detail}` });
  });

  const OTHERS = [
    ...['camera_off', 'refused', 'network', 'stalled', 'we_were_slow', 'clock_step', 'stopped', 'unknown'],
  ] as SourceEndCause[];
  it.each(OTHERS)('never changes the client over "%s"', (cause) => {
    const rig = createRig();
    for (const played of [false, true, true, false]) {
      rig.open();
      if (played) rig.play();
      rig.last().end({ cause, detail: '' });
    }
    expect(rig.kinds()).toEqual(['rtsp', 'rtsp', 'rtsp', 'rtsp']);
    expect(rig.ends).toHaveLength(4);
  });

  it('forgets the oldest of more addresses than there can be streams', () => {
    const rig = createRig();
    for (let i = 0; i <= 1024; i++) {
      rig.open({ url: `rtsp://127.0.0.101/${i}` });
      rig.last().end(UNUSABLE);
      rig.play();
      rig.last().end(GONE);
    }
    expect(rig.open({ url: 'rtsp://127.0.0.101/0' }).kind).toBe('rtsp');
    expect(rig.open({ url: 'rtsp://127.0.0.101/1' }).kind).toBe('ffmpeg');
  });

  it('ends each session exactly once, with no picture after it, whatever happens', () => {
    const step = fc.oneof(
      fc.constantFrom('open', 'play', 'stop', 'hour'),
      fc.constantFrom<SourceEnd>(UNUSABLE, GONE, { cause: 'stopped', detail: '' }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const rig = createRig();
        let session: SourceSession | undefined;
        let begun = 0;
        for (const each of steps) {
          const running = rig.ends.length < begun;
          if (each === 'open') {
            if (running) continue;
            session = rig.open();
            begun += 1;
          } else if (each === 'play') running && rig.play();
          else if (each === 'stop') session?.stop();
          else if (each === 'hour') rig.clock.advance(3_600_000);
          else if (running) rig.last().end(each);
          // Nothing is left running behind a session that has ended, and never two at once.
          expect(rig.opened.filter(({ over }) => !over)).toHaveLength(begun - rig.ends.length);
          expect(begun - rig.ends.length).toBeLessThanOrEqual(1);
        }
      }),
    );
  });
});
