import { beforeEach, describe, expect, it } from 'vitest';
import { createViewDesk, type ViewDesk, type WatchedView } from '../../../src/cameras/view/desk.ts';
import type { ViewFound } from '../../../src/cameras/view/standing.ts';
import { readBody } from '../../../src/ledger/entry.ts';
import { DAY_US } from '../../../src/lib/clock.ts';
import { GirokError } from '../../../src/lib/errors.ts';
import { createSiteTime } from '../../../src/lib/site-time.ts';
import { createAlarms } from '../../../src/stewardship/alarms.ts';
import { beginLedger } from '../../support/ledger/scratch.ts';
import { createManualClock } from '../../support/manual-clock.ts';

const CAM = 'cam01' as WatchedView['camera'];
const MINUTE_MS = 60_000;
const DAY_MS = DAY_US / 1000;
const SAME = { agreement: 0.9, left: 1 };
const TURNED = { agreement: 0.2, left: 1 };
const GONE = undefined;

let clock: ReturnType<typeof createManualClock>;
let room: ReturnType<typeof beginLedger>;
let watched: WatchedView[];
let found: ViewFound | Error;
let asked: (number | undefined)[];
let failures: unknown[];
let told: string[];
let desk: ViewDesk;

beforeEach(() => {
  // Noon in Seoul.
  clock = createManualClock();
  room = beginLedger({ clock });
  watched = [{ camera: CAM, streams: ['sub', 'main'] }];
  [asked, failures, told] = [[], [], []];
  desk = open();
});

function open(): ViewDesk {
  return createViewDesk({
    ledger: room.ledger,
    db: room.db,
    clock,
    siteTime: createSiteTime('Asia/Seoul'),
    alarms: createAlarms({
      clock,
      listener: {
        raised: ({ code, subject }) => void told.push(`${code} ${subject}`),
        cleared: ({ code, subject }) => void told.push(`end of ${code} ${subject}`),
      },
    }),
    watched: () => watched,
    retentionDays: () => 30,
    async look(_, reference) {
      asked.push(reference?.atUs);
      if (found instanceof Error) throw found;
      return { stream: 'sub', atUs: clock.utcUs(), found };
    },
    failed: (_, error) => void failures.push(error),
  });
}

const finds = (agreement: ViewFound['agreement'], structure = 0.5) => {
  found = { structure, agreement };
};
const looks = async (agreement: ViewFound['agreement'], structure?: number) => {
  finds(agreement, structure);
  await desk.look(CAM);
};
const references = () =>
  [...room.ledger.rows.entriesOf(['view.reference'], 0)].map(({ body }) => {
    const { facts, actor } = readBody(body);
    return { ...(facts as { why: string; agreement?: number }), actor };
  });

describe('views of cameras', () => {
  it('are held against the first picture, once a day, and only the score is kept', async () => {
    finds(GONE);
    await desk.round();
    const firstUs = clock.utcUs();
    expect(desk.standing(CAM)).toMatchObject({ referenceUs: firstUs, referenceDay: '2026-11-22', doubts: 0 });
    expect(references()).toEqual([
      { camera: CAM, at: '2026-11-22T03:00:00.000Z', why: 'first', actor: 'process:web' },
    ]);
    for (let day = 0; day < 3; day++) {
      finds({ agreement: 0.9 - day / 10, left: 1 });
      // Each minute, as the web process does.
      for (let minute = 0; minute < 24 * 60; minute += 30) {
        clock.advance(30 * MINUTE_MS);
        await desk.round();
      }
    }
    expect(asked).toEqual([undefined, firstUs, firstUs, firstUs]);
    expect(desk.scores(CAM).map(({ day, agreement }) => [day, agreement])).toEqual([
      ['2026-11-22', null],
      ['2026-11-23', 0.9],
      ['2026-11-24', 0.8],
      ['2026-11-25', 0.7],
    ]);
    expect(references()).toHaveLength(1);
    expect(told).toEqual([]);
  });

  it('are an alarm at the second look in a row that finds another, ten minutes on, until one is good', async () => {
    await looks(GONE);
    clock.advance(DAY_MS);
    finds(TURNED);
    await desk.round();
    expect(told).toEqual([]);
    clock.advance(9 * MINUTE_MS);
    await desk.round();
    expect(desk.standing(CAM)?.doubts).toBe(1);
    clock.advance(MINUTE_MS);
    await desk.round();
    expect(told).toEqual(['camera_view_changed cam01']);
    // From turned to covered it is another alarm, and the same trouble.
    finds({ agreement: 0.01, left: 0.02 }, 0.01);
    clock.advance(10 * MINUTE_MS);
    await desk.round();
    expect(told.slice(1)).toEqual(['end of camera_view_changed cam01', 'camera_covered cam01']);
    finds(SAME);
    clock.advance(10 * MINUTE_MS);
    await desk.round();
    expect(told.slice(3)).toEqual(['end of camera_covered cam01']);
  });

  it('are accepted as they were at the look that is named, with whoever does it', async () => {
    await looks(GONE);
    clock.advance(DAY_MS);
    await looks(TURNED);
    const seenUs = clock.utcUs();
    clock.advance(MINUTE_MS);
    await looks(TURNED);
    const accept = (atUs: number) => desk.accept(CAM, atUs, 'person:p1');
    expect(() => accept(seenUs)).toThrow(
      new GirokError('view_not_acceptable', { camera: CAM, why: 'moved_on' }),
    );
    accept(clock.utcUs());
    expect(told).toEqual(['camera_view_changed cam01', 'end of camera_view_changed cam01']);
    expect(references().at(-1)).toMatchObject({ why: 'accepted', agreement: 20, actor: 'person:p1' });
    expect(desk.standing(CAM)).toMatchObject({ referenceUs: clock.utcUs(), doubts: 0, lastState: 'same' });

    await looks({ agreement: 0, left: 0 }, 0);
    expect(() => accept(clock.utcUs())).toThrow(/covered/);
    watched = [];
    expect(() => accept(clock.utcUs())).toThrow(/view_not_watched/);
    await expect(desk.look(CAM)).rejects.toThrow(/view_not_watched/);
  });

  it('a look that was under way when another reference was accepted says nothing', async () => {
    await looks(GONE);
    clock.advance(DAY_MS);
    await looks(TURNED);
    const seenUs = clock.utcUs();
    found = new Proxy(
      { structure: 0.5, agreement: TURNED },
      {
        get(target, name) {
          // Between the look and what is written of it.
          if (name === 'agreement' && desk.standing(CAM)?.referenceUs !== seenUs)
            desk.accept(CAM, seenUs, 'person:p1');
          return Reflect.get(target, name);
        },
      },
    );
    await desk.look(CAM);
    expect(desk.standing(CAM)).toMatchObject({ referenceUs: seenUs, doubts: 0 });
  });

  it('go over to a new reference on the last two days of the old one, if both agree', async () => {
    await looks(GONE);
    const firstUs = clock.utcUs();
    clock.advance(28 * DAY_MS);
    await looks(SAME);
    expect(desk.standing(CAM)?.referenceUs).toBe(firstUs);
    clock.advance(DAY_MS);
    await looks(TURNED);
    expect(desk.standing(CAM)?.referenceUs).toBe(firstUs);
    await looks(SAME);
    expect(desk.standing(CAM)).toMatchObject({ referenceUs: clock.utcUs(), referenceDay: '2026-12-21' });
    expect(references().map(({ why, agreement }) => [why, agreement])).toEqual([
      ['first', undefined],
      ['renewed', 90],
    ]);
    // Scores are of 31 days.
    clock.advance(10 * DAY_MS);
    await looks(SAME);
    expect(desk.scores(CAM).map(({ day }) => day)).toEqual(['2026-12-20', '2026-12-21', '2026-12-31']);
  });

  it('whose reference was erased begin anew, and while in doubt wait for a person', async () => {
    await looks(GONE);
    clock.advance(40 * DAY_MS);
    await looks(GONE);
    expect(references().map(({ why }) => why)).toEqual(['first', 'lost']);
    await looks(TURNED);
    await looks(TURNED);
    clock.advance(40 * DAY_MS);
    await looks(GONE);
    expect(references()).toHaveLength(2);
    expect(desk.standing(CAM)).toMatchObject({ doubts: 3, lastState: 'changed' });
    expect(told).toEqual(['camera_view_changed cam01']);
  });

  it('in doubt are an alarm again after a restart, and none once the camera is taken out', async () => {
    await looks(GONE);
    await looks(TURNED);
    await looks(TURNED);
    told.length = 0;
    desk = open();
    desk.begin();
    expect(told).toEqual(['camera_view_changed cam01']);
    watched = [];
    await desk.round();
    expect(told).toEqual(['camera_view_changed cam01', 'end of camera_view_changed cam01']);
  });

  it('that could not be looked at for a day and a half although they are recorded are an alarm', async () => {
    const triesFor = async (hours: number) => {
      for (let tries = 0; tries < hours * 6; tries++) {
        clock.advance(10 * MINUTE_MS);
        await desk.round();
      }
    };
    // Nothing recorded is told by whoever records.
    found = new GirokError('footage_missing');
    await triesFor(48);
    expect(told).toEqual([]);
    found = new GirokError('footage_unplayable', { reason: 'boxes' });
    await triesFor(36);
    expect(told).toEqual([]);
    await triesFor(1);
    expect(told).toEqual(['camera_view_unchecked cam01']);
    finds(GONE);
    await triesFor(1);
    expect(told.slice(1)).toEqual(['end of camera_view_unchecked cam01']);
    // From the last look that succeeded, also over a restart.
    found = new Error('no such program');
    await triesFor(30);
    desk = open();
    await triesFor(10);
    expect(told.slice(2)).toEqual(['camera_view_unchecked cam01']);
    // A machine that was off for days: what fails once is no alarm.
    finds(GONE);
    await triesFor(1);
    clock.advance(5 * DAY_MS);
    desk = open();
    told.length = 3;
    found = new Error('killed');
    await desk.round();
    expect(told).toHaveLength(3);
    await triesFor(1);
    expect(told.slice(3)).toEqual(['camera_view_unchecked cam01']);
    told.length = 3;
    watched = [];
    await desk.round();
    expect(told.slice(3)).toEqual(['end of camera_view_unchecked cam01']);
  });

  it('that cannot be looked at are tried again after ten minutes, and keep what was known', async () => {
    await looks(GONE);
    clock.advance(DAY_MS);
    found = new GirokError('footage_missing');
    await desk.round();
    clock.advance(MINUTE_MS);
    await desk.round();
    expect(failures).toHaveLength(1);
    expect(desk.standing(CAM)).toMatchObject({ doubts: 0, lastState: 'same' });
    finds(SAME);
    clock.advance(9 * MINUTE_MS);
    await desk.round();
    expect(desk.scores(CAM)).toHaveLength(2);
    expect(told).toEqual([]);
    await desk.stop();
    clock.advance(DAY_MS);
    await desk.round();
    expect(desk.scores(CAM)).toHaveLength(2);
  });
});
