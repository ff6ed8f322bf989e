import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { identityOf } from '../../../src/cameras/device-identity.ts';
import { diffPrints, printConfig } from '../../../src/config/print.ts';
import { ledgerEvent } from '../../../src/ledger/events.ts';
import type { CameraId } from '../../../src/lib/ids.ts';
import { createSiteTime, type LocalDay } from '../../../src/lib/site-time.ts';
import { createCameraAccount } from '../../../src/recording/camera-account.ts';
import type { CameraIdentity, LocatedCamera } from '../../../src/recording/camera-recorder.ts';
import { openLastKnown } from '../../../src/recording/last-known.ts';
import { noteVolume } from '../../../src/recording/last-volume.ts';
import { endBefore } from '../../../src/recording/told.ts';
import { tellLosses } from '../../../src/recording/told-losses.ts';
import { stepBeforeStart, watchHostClock } from '../../../src/recording/watch-host-clock.ts';
import type { SpooledEvent } from '../../../src/stewardship/spool.ts';
import { createManualClock } from '../../support/manual-clock.ts';
import { parse, SOUND } from '../config/sample.ts';

let home = '';
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'girok-entries-'));
});
afterEach(() => rmSync(home, { recursive: true }));

const cam01 = 'cam01' as CameraId;
const SECOND = 1_000_000;

function rig(clock = createManualClock()) {
  const told: SpooledEvent[] = [];
  const spool = {
    append(event: SpooledEvent) {
      // Whatever is told must be in the closed set: anything else would be laid aside.
      expect(ledgerEvent.safeParse({ event: event.event, facts: event.facts }).error).toBeUndefined();
      told.push(event);
    },
  };
  const failures: unknown[] = [];
  const path = join(home, 'recorder', 'known.json');
  const known = openLastKnown(path, clock, (error) => failures.push(error));
  return { clock, told, spool, known, path, failures, account: createCameraAccount({ clock, spool, known }) };
}

const at = (main: string, identity?: CameraIdentity): LocatedCamera => ({
  main: { url: `rtsp://10.0.0.5/${main}`, transport: 'auto', client: 'auto' },
  ...(identity ? { identity } : {}),
});
const run = (width: number, codec = 'avc1.640028') => ({
  ref: { camera: cam01, stream: 'main' as const },
  codec,
  width,
  height: 720,
});

describe('a camera', () => {
  it('is down after ten seconds without a picture in any stream, and up with the next one', () => {
    const { clock, told, account } = rig();
    account.look(cam01, undefined, 'unknown');
    clock.advance(4000);
    const lastUs = clock.monoUs();
    for (let n = 0; n < 8; n++) {
      account.look(cam01, lastUs, 'network');
      clock.advance(2000);
    }
    expect(told).toEqual([
      {
        event: 'camera.down',
        facts: { camera: 'cam01', since: '2026-11-22T03:00:04.000Z', cause: 'network' },
      },
    ]);
    clock.setWall(-3600 * SECOND);
    account.look(cam01, clock.monoUs(), 'unknown');
    clock.advance(2000);
    account.look(cam01, clock.monoUs(), 'unknown');
    // The wall clock was set back an hour meanwhile: no negative absence.
    expect(told.slice(1)).toEqual([{ event: 'camera.up', facts: { camera: 'cam01', awayMs: 0 } }]);
  });

  it('that never answered is down, and up after a restart with all the time that it was away', async () => {
    const { clock, told, account, known } = rig();
    account.look(cam01, undefined, 'refused');
    clock.advance(11_000);
    account.look(cam01, undefined, 'refused');
    expect(told.map(({ event }) => event)).toEqual(['camera.down']);
    expect(await known.ended()).toBe(true);
    clock.advance(60_000);
    const next = rig(clock);
    next.account.look(cam01, undefined, 'unknown');
    clock.advance(2000);
    next.account.look(cam01, clock.monoUs(), 'unknown');
    expect(next.told).toEqual([{ event: 'camera.up', facts: { camera: 'cam01', awayMs: 73_000 } }]);
  });

  it('has changed when picture, address, firmware or the apparatus itself is another, also over a restart', async () => {
    const { clock, told, account, known } = rig();
    const one = identityOf({ manufacturer: 'A', model: 'B', serial: '1', firmware: '1.0' });
    account.located(cam01, at('a', one));
    account.runStarted(run(640));
    account.located(cam01, at('a', one));
    account.runStarted(run(640));
    // It does not say what it is this time: that makes no other camera of it.
    account.located(cam01, at('a', {}));
    expect(told).toEqual([]);
    account.runStarted(run(1280));
    account.runStarted(run(1280, 'hvc1.1.6.L93.B0'));
    await known.ended();

    const next = rig(clock);
    const other = identityOf({ manufacturer: 'A', model: 'B', serial: '2', firmware: '1.1' });
    next.account.located(cam01, at('b', other));
    next.account.runStarted(run(1280, 'hvc1.1.6.L93.B0'));
    next.account.located(cam01, at('b', { ...other, firmware: one.firmware as string }));
    expect([...told, ...next.told].map(({ facts: { changed, stream } }) => [changed, stream])).toEqual([
      [['size'], 'main'],
      [['codec'], 'main'],
      [['device', 'firmware'], undefined],
      [['address'], 'main'],
      [['firmware'], undefined],
    ]);
    expect(told[0]?.facts).toMatchObject({
      before: { codec: 'avc1.640028', width: 640, height: 720 },
      after: { codec: 'avc1.640028', width: 1280, height: 720 },
    });
    expect(JSON.stringify([...told, ...next.told])).not.toMatch(/10\.0\.0\.5|"[AB]"/);
  });

  it('without a serial number is never taken for another one', () => {
    expect(identityOf({ manufacturer: 'A', model: 'B' })).toEqual({});
  });

  it('taken out of the settings is forgotten', () => {
    const { told, account, known } = rig();
    account.runStarted(run(640));
    account.forget(cam01);
    account.runStarted(run(1280));
    known.keepCameras([]);
    account.runStarted(run(640));
    expect(told).toEqual([]);
  });
});

describe('the host’s clock', () => {
  it('is told of each step, not of being slewed', () => {
    const { clock, told, spool } = rig();
    const stop = watchHostClock(clock, (event) => spool.append(event));
    for (let n = 0; n < 20; n++) {
      clock.setWall(100_000);
      clock.advance(1000);
    }
    expect(told).toEqual([]);
    clock.setWall(120 * SECOND);
    clock.advance(3000);
    clock.setWall(-SECOND);
    clock.advance(1000);
    stop();
    clock.setWall(SECOND);
    clock.advance(3000);
    expect(told.map(({ facts }) => facts)).toEqual([
      { from: '2026-11-22T03:00:23.000Z', to: '2026-11-22T03:02:23.000Z', byMs: 120_000 },
      { from: '2026-11-22T03:02:26.000Z', to: '2026-11-22T03:02:25.000Z', byMs: -1000 },
    ]);
  });

  it('is behind at the start where it was ahead before', () => {
    expect(stepBeforeStart(10 * SECOND, 10 * SECOND)).toBeUndefined();
    expect(stepBeforeStart(10 * SECOND, 11 * SECOND)).toBeUndefined();
    expect(stepBeforeStart(10 * SECOND, 4 * SECOND)?.facts).toMatchObject({ byMs: -6000, atStart: true });
  });
});

describe('what one recorder leaves for the next', () => {
  it('says how it ended', async () => {
    const { known, clock, path } = rig();
    expect(endBefore(known.before, 'boot1')).toBeUndefined();
    known.note({ runningIn: 'boot1' });
    await vi.waitFor(() => expect(JSON.parse(readFileSync(path, 'utf8')).runningIn).toBe('boot1'));
    expect(endBefore(rig(clock).known.before, 'boot1')).toBe('crash');
    expect(endBefore(rig(clock).known.before, 'boot2')).toBe('host_restart');
    await known.ended();
    expect(endBefore(rig(clock).known.before, 'boot1')).toBe('stop');
  });

  it('is not needed: what cannot be read is said, and nothing is known', () => {
    const { path } = rig();
    mkdirSync(join(home, 'recorder'));
    writeFileSync(path, '{"v":1');
    const { known, failures } = rig();
    expect(known.before).toBeUndefined();
    expect(failures).toHaveLength(1);
  });

  it('is enough to see what was edited meanwhile', () => {
    const before = printConfig(parse(SOUND));
    expect(diffPrints(before, printConfig(parse(SOUND)))).toBeUndefined();
    const [camera, ...others] = parse(SOUND).cameras;
    const edited = { ...parse(SOUND), cameras: [{ ...camera!, name: { ko: 'x', en: 'y' } }, ...others] };
    expect(diffPrints(before, printConfig(edited))).toEqual({
      added: [],
      removed: [],
      changed: [camera?.id],
      applied: [],
      needsRestart: [],
    });
    const fewer = { ...parse(SOUND), cameras: others, retention: { ...parse(SOUND).retention, days: 9 } };
    expect(diffPrints(before, printConfig(fewer))).toMatchObject({
      removed: [camera?.id],
      applied: ['retention'],
    });
    expect(diffPrints(printConfig(fewer), before)).toMatchObject({ added: [camera?.id] });
  });
});

describe('the volume', () => {
  const [one, two] = ['7b0d2c54-3c1f-4f0e-9d53-1f6c2a9e8b11', '0f2d2c54-3c1f-4f0e-9d53-1f6c2a9e8b22'];

  it('is told when it is new or another one than last time', async () => {
    const path = join(home, 'last-volume');
    expect(await noteVolume(path, { volume: one, isNew: true, mayKeep: true })).toMatchObject({
      facts: { volume: one },
    });
    expect(await noteVolume(path, { volume: one, isNew: false, mayKeep: true })).toBeUndefined();
    const other = await noteVolume(path, { volume: two, isNew: false, mayKeep: true });
    expect(other).toEqual({ event: 'volume.changed', facts: { volume: two, previous: one } });
    expect(await noteVolume(path, { volume: two, isNew: false, mayKeep: true })).toBeUndefined();
  });

  it('writes nothing where the second place is away, and is not confused by what lies there', async () => {
    const away = join(home, 'last-volume');
    expect(await noteVolume(away, { volume: one, isNew: false, mayKeep: false })).toBeUndefined();
    expect(() => readFileSync(away)).toThrow('ENOENT');
    writeFileSync(join(home, 'last-volume'), 'rubbish');
    expect(
      await noteVolume(join(home, 'last-volume'), { volume: one, isNew: false, mayKeep: true }),
    ).toBeUndefined();
  });
});

describe('the losses of a day', () => {
  const siteTime = createSiteTime('Asia/Seoul');
  const day = (text: string) => text as LocalDay;

  it('are told once the day is over, one entry a day, also those of days when nobody ran', async () => {
    const { clock, told, spool, known } = rig();
    const asked: LocalDay[] = [];
    const reader = {
      lossSums: async (fromUs: number, toUs: number) => {
        expect(siteTime.startOf(siteTime.addDays(siteTime.dayOf(fromUs), 1))).toBe(toUs);
        asked.push(siteTime.dayOf(fromUs));
        const ref = { camera: cam01, stream: 'main' as const };
        return asked.length === 2 ? [] : [{ ref, records: 2, missingPackets: 7, damagedFrames: 1 }];
      },
    };
    const tell = () => tellLosses({ reader, siteTime, clock, known, spool });
    await tell();
    expect(known.lossesThrough()).toBe('2026-11-21');
    await tell();
    // It is noon of the 22nd in Seoul; two minutes after midnight of the 25th the 24th is not settled yet.
    clock.standStill(((2 * 24 + 12) * 60 + 2) * 60_000);
    await tell();
    expect(asked).toEqual(['2026-11-22', '2026-11-23']);
    clock.standStill(4 * 60_000);
    await tell();
    await tell();
    expect(asked).toEqual(['2026-11-22', '2026-11-23', '2026-11-24']);
    expect(told.map(({ facts }) => facts)).toEqual(
      ['2026-11-22', '2026-11-24'].map((each) => ({
        day: each,
        streams: [{ camera: 'cam01', stream: 'main', records: 2, missingPackets: 7, damagedFrames: 1 }],
      })),
    );
  });

  it('of more streams than one entry takes are told in two', async () => {
    const { clock, told, spool, known } = rig();
    known.note({ lossesThrough: day('2026-11-20') });
    const lossSums = async () =>
      Array.from({ length: 513 }, (_, n) => ({
        ref: { camera: `cam${n}` as CameraId, stream: 'main' as const },
        records: 1,
        missingPackets: 1,
        damagedFrames: 0,
      }));
    await tellLosses({ reader: { lossSums }, siteTime, clock, known, spool });
    expect(told.map(({ facts }) => (facts.streams as unknown[]).length)).toEqual([512, 1]);
  });

  it('of a year without a recorder are not all looked for', async () => {
    const { clock, spool, known } = rig();
    known.note({ lossesThrough: day('2025-01-01') });
    let asked = 0;
    const reader = {
      lossSums: async () => {
        asked++;
        return [];
      },
    };
    await tellLosses({ reader, siteTime, clock, known, spool });
    expect(asked).toBe(31);
  });
});
