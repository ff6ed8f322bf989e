import { describe, expect, it } from 'vitest';
import { humanLogLine } from '../../../src/cli/log-line.ts';
import { changesBetween } from '../../../src/cli/serve-changes.ts';
import { type Ending, supervise } from '../../../src/cli/supervise.ts';
import type { ChildMessage } from '../../../src/contract/child-message.ts';
import { en } from '../../../src/i18n/en.ts';
import { ko } from '../../../src/i18n/ko.ts';
import { createBackoff } from '../../../src/recording/backoff.ts';
import { cameraStatus, recorderStatus, streamStatus } from '../../support/sample-status.ts';
import { createStillClock } from '../vault/sealing-room.ts';

/** A process that does what the test says. */
function stage() {
  const { clock, advance } = createStillClock();
  const starts: {
    say(message: ChildMessage): void;
    end(ending: Partial<Ending>): void;
    signals: string[];
  }[] = [];
  const told: string[] = [];
  const child = supervise({
    clock,
    backoff: createBackoff(() => 0),
    start(on) {
      const ended = Promise.withResolvers<Ending>();
      const signals: string[] = [];
      starts.push({ say: on, end: (how) => ended.resolve({ code: null, signal: null, ...how }), signals });
      return { ended: ended.promise, end: (signal) => void signals.push(signal) };
    },
    ready: (first, address) => told.push(`ready ${first} ${address ?? ''}`.trim()),
    died: ({ code, signal }, delayMs) => told.push(`died ${code ?? signal} ${delayMs}`),
  });
  return { child, starts, told, advance };
}

describe('a supervised process', () => {
  it('starts again after 1, 2, 4 … 30 s for as long as it keeps dying', async () => {
    const { starts, told, advance } = stage();
    for (let i = 0; i < 7; i++) {
      starts.at(-1)?.end({ code: 70 });
      await advance(31_000);
    }
    expect(told).toEqual([1000, 2000, 4000, 8000, 16_000, 30_000, 30_000].map((ms) => `died 70 ${ms}`));
    expect(starts).toHaveLength(8);
  });

  it('begins at one second again after a minute of health', async () => {
    const { starts, told, advance } = stage();
    starts[0]?.end({ signal: 'SIGKILL' });
    await advance(1100);
    await advance(61_000);
    starts[1]?.end({ signal: 'SIGKILL' });
    await advance(20);
    expect(told).toEqual(['died SIGKILL 1000', 'died SIGKILL 1000']);
  });

  it.each([3, 4])('is not tried again when it refuses its first start with exit code %i', async (code) => {
    const { child, starts, told, advance } = stage();
    starts[0]?.end({ code });
    await expect(child.firstStart).resolves.toEqual({ kind: 'refused', code });
    await advance(40_000);
    expect({ starts: starts.length, told }).toEqual({ starts: 1, told: [] });
  });

  it('is tried again whatever it says once it has run: a disk may come back', async () => {
    const { child, starts, told, advance } = stage();
    starts[0]?.say({ kind: 'ready', address: 'http://127.0.0.1:1' });
    await expect(child.firstStart).resolves.toEqual({ kind: 'ready' });
    starts[0]?.end({ code: 4 });
    await advance(1100);
    starts[1]?.say({ kind: 'ready' });
    expect(told).toEqual(['ready true http://127.0.0.1:1', 'died 4 1000', 'ready false']);
  });

  it('is told once to end, however often that is asked, and killed only when it does not', async () => {
    const { child, starts, advance } = stage();
    const stopped = Promise.all([child.stop(5000), child.stop(5000)]);
    expect(starts[0]?.signals).toEqual(['SIGTERM']);
    await advance(5100);
    expect(starts[0]?.signals).toEqual(['SIGTERM', 'SIGKILL']);
    starts[0]?.end({ signal: 'SIGKILL' });
    await stopped;
    await advance(40_000);
    expect(starts).toHaveLength(1);
  });

  it('is not started again when the end comes while it waits for its next attempt', async () => {
    const { child, starts, advance } = stage();
    starts[0]?.end({ code: 1 });
    await advance(100);
    await child.stop(5000);
    await advance(40_000);
    expect(starts).toHaveLength(1);
    await expect(child.firstStart).resolves.toEqual({ kind: 'stopped' });
  });
});

describe('what a person hears while it runs', () => {
  const silent = cameraStatus('cam01', {
    streams: [
      streamStatus({ state: 'waiting', gap: { since: '2026-11-22T03:00:00.000Z', cause: 'network' } }),
    ],
  });
  const alarm = {
    code: 'disk_full',
    subject: '',
    since: '2026-11-22T03:00:00.000Z',
    facts: { freeBytes: 7_000_000 },
  };

  it('is nothing when nothing changed', () => {
    const same = recorderStatus({ alarms: [alarm] });
    expect(changesBetween(same, recorderStatus({ alarms: [alarm] }), { words: en, language: 'en' })).toEqual(
      [],
    );
  });

  it('is a camera lost and back, an alarm begun and over, in both languages', () => {
    const well = recorderStatus();
    const ill = recorderStatus({ cameras: [silent], alarms: [alarm] });
    expect(changesBetween(well, ill, { words: en, language: 'en' })).toEqual([
      'cam01 Entrance: recording broke off (network). It is tried again without your doing.',
      expect.stringMatching(
        /^Alarm: The disk is full up to its reserve \(7\.0 MB free\)\. .*resumes within 10 s/,
      ),
    ]);
    expect(changesBetween(ill, well, { words: en, language: 'en' })).toEqual([
      'cam01 Entrance: recording again.',
      'Alarm over: The disk is full up to its reserve (7.0 MB free).',
    ]);
    expect(changesBetween(well, ill, { words: ko, language: 'ko' })[0]).toBe(
      'cam01 현관: 녹화가 끊겼습니다 (네트워크 끊김). 저절로 다시 시도합니다.',
    );
  });

  it('says nothing of cameras that are not to be recorded, and shows unknown alarms as they are', () => {
    const off = recorderStatus({ cameras: [{ ...silent, pulled: false }] });
    expect(changesBetween(recorderStatus(), off, { words: en, language: 'en' })).toEqual([]);
    const newer = recorderStatus({ alarms: [{ ...alarm, code: 'of_the_future', subject: 'cam01' }] });
    expect(changesBetween(recorderStatus(), newer, { words: en, language: 'en' })).toEqual([
      'Alarm: of_the_future cam01',
    ]);
  });
});

describe('a line of a log on a terminal', () => {
  const line = (more: object) =>
    JSON.stringify({ level: 'warn', time: '2026-11-22T03:00:01.000Z', writer: 'recorder', ...more });

  it('is compact', () => {
    expect(humanLogLine(line({ event: 'disk.failed', file: 'a.seg', lostMs: 12 }), false)).toBe(
      '03:00:01 recorder disk.failed file=a.seg lostMs=12',
    );
  });

  it('is not shown when it is ordinary or told in words elsewhere, unless all are wanted', () => {
    // The recorder's alarms come with its status; the steward's have only their log.
    expect(humanLogLine(line({ writer: 'steward', event: 'alarm.raised', alarm: 'a' }), false)).toContain(
      'alarm=a',
    );
    for (const dull of [line({ level: 'info', event: 'forecast' }), line({ event: 'alarm.raised' })]) {
      expect(humanLogLine(dull, false)).toBeUndefined();
      expect(humanLogLine(dull, true)).toMatch(/^03:00:01 recorder/);
    }
  });

  it.each(['a sentence for a person', '{"half', '42', '{"level":30}'])('leaves %j as it is', (text) => {
    expect(humanLogLine(text, false)).toBe(text);
  });
});
