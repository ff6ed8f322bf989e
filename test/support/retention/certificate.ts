import type { Certificate } from '../../../src/contract/purge-outcome.ts';

/** Of a run that erased a day of one camera. */
export const certificate = (changes: Partial<Certificate> = {}): Certificate => ({
  v: 1,
  run: '06h0a72vta2hwxnh',
  site: 'test',
  timeZone: 'Asia/Seoul',
  retentionDays: 30,
  startedAt: '2026-11-22T15:00:00.000Z',
  finishedAt: '2026-11-22T15:00:03.000Z',
  state: 'complete',
  resumed: false,
  clock: 'time_server',
  epoch: 12,
  days: [
    {
      camera: 'cam01',
      day: '2026-10-23',
      dueAt: '2026-11-22T15:00:00.000Z',
      hours: [0, 1, 2],
      files: 360,
      bytes: 1_000_000_000,
      removesFiles: true,
      reason: 'expired',
    },
  ],
  rows: 360,
  failures: [],
  deferred: [],
  late: [],
  lockers: [],
  records: [],
  accounted: true,
  ...changes,
});
