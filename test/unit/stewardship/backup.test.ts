import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY_US, MINUTE_US } from '../../../src/lib/clock.ts';
import { createSiteTime } from '../../../src/lib/site-time.ts';
import { dueBackup } from '../../../src/stewardship/backup/due.ts';
import type { Manifest } from '../../../src/stewardship/backup/manifest.ts';
import { superfluous } from '../../../src/stewardship/backup/thin.ts';

const BEGUN_US = Date.parse('2026-11-22T03:00:00Z') * 1000;
const siteTime = createSiteTime('Asia/Seoul');

const backup = (atUs: number, more: Partial<Manifest> = {}): Manifest => ({
  v: 1,
  name: new Date(atUs / 1000).toISOString().replaceAll(/[-:.]/g, ''),
  site: 'test',
  volume: 'ours',
  madeAt: new Date(atUs / 1000).toISOString(),
  kind: 'full',
  keyring: { epoch: 3, keys: 100 },
  files: [],
  omitted: [],
  ...more,
});

describe('which backup is due', () => {
  const full = backup(BEGUN_US);
  const need = (minutes: number, more: Partial<Parameters<typeof dueBackup>[0]> = {}) => ({
    nowUs: BEGUN_US + minutes * MINUTE_US,
    keyring: { epoch: 3, keys: 100 },
    entered: false,
    siteBytes: 1e6,
    ...more,
  });

  it('a full one at first, each day, and after every rotation', () => {
    expect(dueBackup(need(0), [])).toBe('full');
    expect(dueBackup(need(24 * 60 - 1), [full])).toBeUndefined();
    expect(dueBackup(need(24 * 60), [full])).toBe('full');
    expect(dueBackup(need(1, { keyring: { epoch: 4, keys: 90 } }), [full])).toBe('full');
  });

  it('at once for new keys, and within a quarter of an hour for entries', () => {
    expect(dueBackup(need(1, { keyring: { epoch: 3, keys: 101 } }), [full])).toBe('quick');
    expect(dueBackup(need(14, { entered: true }), [full])).toBeUndefined();
    expect(dueBackup(need(15, { entered: true }), [full])).toBe('quick');
    expect(dueBackup(need(15), [full])).toBeUndefined();
  });

  it('less often where copying takes long', () => {
    expect(dueBackup(need(60, { entered: true, siteBytes: 2 ** 30 }), [full])).toBeUndefined();
    expect(dueBackup(need(70, { entered: true, siteBytes: 2 ** 30 }), [full])).toBe('quick');
  });

  it('at once when the clock was set back behind the last one', () => {
    expect(dueBackup(need(-60, { entered: true }), [full])).toBe('full');
  });
});

describe('which backups are superfluous', () => {
  const options = { volume: 'ours', keepDays: 3, siteTime };

  it('keeps the newest full one of each of the last days that have one, and the newest two of all', () => {
    const all = [0, 1, 2, 3, 4].flatMap((day) => [
      backup(BEGUN_US + day * DAY_US),
      backup(BEGUN_US + day * DAY_US + MINUTE_US),
      backup(BEGUN_US + day * DAY_US + 2 * MINUTE_US, { kind: 'quick' }),
    ]);
    const gone = new Set(superfluous(all, options));
    expect(all.flatMap(({ name }, index) => (gone.has(name) ? [] : [index]))).toEqual([7, 10, 13, 14]);
  });

  it('never touches those of another storage folder, nor the newest two, whatever the clock said', () => {
    const some = fc.record({
      minute: fc.integer({ min: -1e6, max: 1e6 }),
      ours: fc.boolean(),
      full: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(some, { maxLength: 60 }), fc.integer({ min: 1, max: 40 }), (made, keepDays) => {
        const all = made.map(({ minute, ours, full }, index) =>
          backup(BEGUN_US + minute * MINUTE_US, {
            name: String(index).padStart(4, '0'),
            volume: ours ? 'ours' : 'theirs',
            kind: full ? 'full' : 'quick',
          }),
        );
        const gone = new Set(superfluous(all, { ...options, keepDays }));
        const mine = all.filter(({ volume }) => volume === 'ours');
        for (const { name, volume } of all) if (volume === 'theirs') expect(gone.has(name)).toBe(false);
        for (const { name } of mine.slice(-2)) expect(gone.has(name)).toBe(false);
        const fullLeft = mine.filter(({ kind, name }) => kind === 'full' && !gone.has(name));
        const daysOf = (list: readonly Manifest[]) =>
          new Set(list.map(({ madeAt }) => siteTime.dayOf(Date.parse(madeAt) * 1000)));
        const days = daysOf(mine.filter(({ kind }) => kind === 'full'));
        expect(daysOf(fullLeft).size).toBeGreaterThanOrEqual(Math.min(days.size, keepDays));
        expect(mine.length - gone.size).toBeLessThanOrEqual(keepDays + 2);
      }),
    );
  });
});
