import { bodyOf, type NewEntry } from '../../../src/ledger/entry.ts';
import { createMeaning, type Findings } from '../../../src/ledger/meaning/meaning.ts';

/** When it happened, and when it was entered if that was later: `2026-11-22T00:00:00Z`. */
export type Step = readonly [at: string, entry: NewEntry, committedAt?: string];

const us = (at: string) => Date.parse(at) * 1000;

/** What the rules find in a ledger that tells this. Entries need not be in order of time: their places are. */
export function meaningOf(...steps: readonly Step[]): Findings {
  const meaning = createMeaning();
  for (const [seq, [at, entry, committedAt = at]] of steps.entries()) {
    const placement = { seq, committedUs: us(committedAt), personal: undefined };
    meaning.see(Buffer.from(bodyOf({ ...entry, atUs: us(at) }, placement)));
  }
  return meaning.end();
}

/** In short: `severity code entry`. */
export const inShort = ({ list }: Findings): string[] =>
  list.map(({ severity, code, entry }) => `${severity} ${code} ${entry}`);

export const begun: NewEntry = {
  event: 'ledger.begun',
  facts: { origin: 'girok.invalid/clinic/1', site: 'clinic' },
  actor: 'process:steward',
};
export const stewardStarted: NewEntry = {
  event: 'steward.started',
  facts: { pid: 1 },
  actor: 'process:steward',
};
export const stewardStopped: NewEntry = {
  event: 'steward.stopped',
  facts: { signal: 'SIGTERM' },
  actor: 'process:steward',
};

/** A certificate, as the purge tells it. Days in Seoul; 30 of them are kept. */
export const erased = (
  startedAt: string,
  days: readonly { camera: string; day: string; dueAt?: string; hours?: number[]; reason?: string }[],
  more: object = {},
): NewEntry => ({
  event: 'erase.done',
  facts: {
    run: `run-${startedAt}`,
    startedAt,
    finishedAt: startedAt,
    timeZone: 'Asia/Seoul',
    retentionDays: 30,
    state: 'complete' as const,
    epoch: 7,
    days: days.map((one) => ({
      ...('to' in one ? {} : { dueAt: startedAt, hours: [], reason: 'expired' }),
      files: 100,
      bytes: 1000,
      ...one,
    })),
    failures: [],
    deferred: [],
    ...more,
  },
  actor: 'process:purge',
});

export const evidence = (camera: string, day: string, hour: number): NewEntry => ({
  event: 'evidence.hour',
  facts: { camera, day, hour, part: 0, leaves: 60, root: 'a'.repeat(64) },
  actor: 'process:steward',
});
