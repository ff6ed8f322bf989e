import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ledgerEvent } from '../../../src/ledger/events.ts';
import {
  BURST,
  CAMERA_BURST,
  CAMERA_PER_HOUR,
  createFolding,
  LINES,
  PER_HOUR,
} from '../../../src/stewardship/folding.ts';
import type { Spool, SpooledEvent } from '../../../src/stewardship/spool.ts';
import { createManualClock } from '../../support/manual-clock.ts';

/** Until everything has been told, however busy the machine is: no bound of what is tested. */
const PATIENCE_MS = 20_000;

let home = '';
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'girok-folding-'));
});
afterEach(() => rmSync(home, { recursive: true }));

const HOUR_MS = 3_600_000;
const clockAt = createManualClock;

/** A spool that keeps in memory what a spool makes durable; an entry with the id of another is that one. */
function createKept(clock: ReturnType<typeof clockAt>) {
  const told = new Map<string, SpooledEvent & { atMs: number }>();
  let isBlocked = false;
  const spool: Spool = {
    append: (event) =>
      void told.set(event.as?.id ?? `n${told.size}`, { ...event, atMs: clock.monoUs() / 1000 }),
    waiting: 0,
    settled: async () => !isBlocked,
  };
  return {
    spool,
    all: () => [...told.values()],
    block: (on: boolean) => {
      isBlocked = on;
    },
  };
}

function rig(clock = clockAt(), kept = createKept(clock)) {
  const failures: unknown[] = [];
  const folding = createFolding({
    spool: kept.spool,
    clock,
    path: join(home, 'state', 'folded.json'),
    failed: (error) => failures.push(error),
  });
  return { clock, kept, folding, failures };
}

const gap = (camera: string, lastedMs: number, cause = 'network'): SpooledEvent => ({
  event: 'recording.gap',
  facts: { camera, stream: 'main', cause, from: '', to: '', lastedMs },
});

/** Per kind and subject: how many and how long, told each for itself or in sums. */
function sumsOf(told: readonly SpooledEvent[]): Record<string, { count: number; lastedMs: number }> {
  const sums: Record<string, { count: number; lastedMs: number }> = {};
  const add = (key: string, count: number, lastedMs: number) => {
    const sum = sums[key] ?? { count: 0, lastedMs: 0 };
    sums[key] = { count: sum.count + count, lastedMs: sum.lastedMs + lastedMs };
  };
  for (const { event, facts } of told) {
    if (event !== 'recorder.folded')
      add(`${event} ${facts.camera}/${facts.stream}`, 1, facts.lastedMs as number);
    else
      for (const line of facts.lines as { event: string; subject: string; count: number; lastedMs: number }[])
        add(`${line.event} ${line.subject}`, line.count, line.lastedMs);
  }
  return sums;
}

describe('folding', () => {
  it('lets everything stand for itself that comes at an ordinary pace', () => {
    const { kept, folding } = rig();
    for (let camera = 1; camera <= 13; camera++)
      for (let n = 0; n < 10; n++) folding.append(gap(`cam${camera}`, 1));
    expect(kept.all()).toHaveLength(130);
  });

  it('of one broken camera takes its share and leaves the others theirs', () => {
    const { clock, kept, folding } = rig();
    for (let n = 0; n < 3600; n++) {
      folding.append(gap('broken', 1));
      clock.advance(1000);
    }
    folding.append(gap('other', 1));
    const own = kept.all().filter(({ facts }) => facts.camera === 'broken');
    expect(own.length).toBeGreaterThan(CAMERA_BURST);
    expect(own.length).toBeLessThanOrEqual(CAMERA_BURST + CAMERA_PER_HOUR);
    expect(kept.all().filter(({ facts }) => facts.camera === 'other')).toHaveLength(1);
  });

  it('of 256 cameras on a broken network makes some hundred entries an hour, and forgets none', async () => {
    const { clock, kept, folding } = rig();
    const made: SpooledEvent[] = [];
    for (let minute = 0; minute < 4 * 60; minute++) {
      for (let camera = 0; camera < 256; camera++) {
        const told = gap(`cam${camera}`, 100 + camera, minute % 2 ? 'network' : 'camera_off');
        made.push(told);
        folding.append(told);
      }
      await clock.run(60_000, 60_000);
    }
    await vi.waitFor(async () => {
      await folding.tell(0);
      expect(sumsOf(kept.all())).toEqual(sumsOf(made));
    }, PATIENCE_MS);
    const starts = kept.all().map(({ atMs }) => atMs);
    const busiest = starts.map((ms) => starts.filter((at) => at >= ms && at < ms + HOUR_MS).length);
    // One summary an hour, one part each; at the end the last two lie within an hour.
    expect(Math.max(...busiest)).toBeLessThanOrEqual(BURST + PER_HOUR + 2);
    expect(kept.all().length).toBeLessThanOrEqual(BURST + 4 * PER_HOUR + 5);
  });

  it('tells by itself once an hour, in parts that the ledger takes', async () => {
    const { clock, kept, folding } = rig();
    const subjects = LINES * 2 + 1;
    for (let n = 0; n < BURST + subjects; n++) folding.append(gap(`cam${n}`, 7));
    expect(kept.all()).toHaveLength(BURST);
    clock.advance(HOUR_MS / 2);
    expect(kept.all()).toHaveLength(BURST);
    clock.advance(HOUR_MS / 2 + 20_000);
    await vi.waitFor(() => expect(kept.all()).toHaveLength(BURST + 3));
    const summaries = kept.all().slice(BURST);
    for (const { event, facts } of summaries) {
      expect(ledgerEvent.safeParse({ event, facts }).success).toBe(true);
      expect(JSON.stringify(facts).length).toBeLessThan(128 * 1024);
    }
    expect(summaries.map(({ facts }) => facts.entries)).toEqual([LINES, LINES, 1]);
    expect(summaries[2]?.counts).toEqual({ 'recording.gap': 1 });
    const [first] = (summaries[0]?.facts.lines ?? []) as object[];
    expect(first).toEqual({
      event: 'recording.gap',
      subject: `cam${BURST}/main`,
      count: 1,
      lastedMs: 7,
      cause: 'network',
    });
  });

  it('outlives the process: what was counted a second ago, how full the hour is, and what was half told', async () => {
    const { clock, kept, folding } = rig();
    for (let n = 0; n < BURST + 40; n++) folding.append(gap(`cam${n}`, 1));
    clock.advance(1100);
    const file = join(home, 'state', 'folded.json');
    await vi.waitFor(() => expect(JSON.parse(readFileSync(file, 'utf8')).counted.lines).toHaveLength(40));
    folding.stop();
    // Killed. The next one has no room for more, and knows of the forty.
    const second = rig(clock, kept);
    second.folding.append(gap('late', 1));
    expect(kept.all()).toHaveLength(BURST);
    // Killed again while it tells: the parts are in the spool, that they are is not noted.
    kept.block(true);
    await second.folding.tell(0);
    second.folding.stop();
    expect(kept.all()).toHaveLength(BURST + 1);
    kept.block(false);
    const third = rig(clock, kept);
    await third.folding.tell(0);
    expect(kept.all()).toHaveLength(BURST + 1);
    expect(kept.all().at(-1)?.facts).toMatchObject({ entries: 41 });
    const fourth = rig(clock, kept);
    await fourth.folding.tell(0);
    expect(kept.all()).toHaveLength(BURST + 1);
  });

  it('never folds what no sum could say', () => {
    const { kept, folding } = rig();
    for (let n = 0; n < BURST + 10; n++)
      folding.append({ event: 'recorder.started', facts: { pid: n, cameras: 1 } });
    expect(kept.all()).toHaveLength(BURST + 10);
  });
});
