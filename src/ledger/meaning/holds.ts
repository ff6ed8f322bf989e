import { DAY_US, HOUR_US, isoFromUs } from '../../lib/clock.ts';
import type { Report, Rule, Told } from './finding.ts';
import type { Outages } from './outages.ts';

const MOST_OPEN = 10_000;
const COPIED_WITHIN_US = DAY_US;
/** The next run takes it along: one an hour, one certificate a day. */
const ERASED_WITHIN_US = 26 * HOUR_US;
const RED_LINE_US = 5 * DAY_US;

interface OpenHold {
  readonly seq: number;
  readonly madeUs: number;
  endUs: number | undefined;
  endedUs?: number;
  isCopied: boolean;
}

/** Each hold has an end, its copies are made, live until then and not longer, and go by a run of the purge. */
export function createHoldRule({ report, outages }: { report: Report; outages: Outages }): Rule {
  const open = new Map<string, OpenHold>();

  const made = (hold: string, entry: Told, end: unknown) => {
    const endUs = typeof end === 'string' ? Date.parse(end) * 1000 : Number.NaN;
    if (Number.isNaN(endUs))
      report({ code: 'hold_endless', severity: 'serious', entry: entry.seq, facts: { hold } });
    if (open.size >= MOST_OPEN) return;
    open.set(hold, {
      seq: entry.seq,
      madeUs: entry.atUs,
      endUs: Number.isNaN(endUs) ? undefined : endUs,
      isCopied: false,
    });
  };

  const prolonged = (hold: string, end: unknown) => {
    const known = open.get(hold);
    const endUs = typeof end === 'string' ? Date.parse(end) * 1000 : Number.NaN;
    if (known && !Number.isNaN(endUs)) known.endUs = endUs;
  };

  const goneWith = (entry: Extract<Told, { event: 'erase.done' | 'erase.incomplete' }>, hold: string) => {
    const known = open.get(hold);
    open.delete(hold);
    if (!known)
      return report({ code: 'hold_unknown', severity: 'warning', entry: entry.seq, facts: { hold } });
    const overUs = Math.min(known.endedUs ?? Infinity, known.endUs ?? Infinity);
    const startedUs = Math.min(Date.parse(entry.facts.startedAt) * 1000, entry.committedUs);
    if (startedUs < overUs)
      report({
        code: 'hold_erased_early',
        severity: 'serious',
        entry: entry.seq,
        facts: { hold, ...(overUs < Infinity ? { end: isoFromUs(overUs) } : {}) },
      });
    else late(hold, known.seq, overUs, startedUs);
  };

  const late = (hold: string, entry: number, overUs: number, untilUs: number) => {
    if (outages.uncoveredUs(overUs, untilUs) <= ERASED_WITHIN_US) return;
    const severity = untilUs - overUs > RED_LINE_US ? 'serious' : 'warning';
    report({ code: 'hold_not_erased', severity, entry, facts: { hold, end: isoFromUs(overUs) } });
  };

  return {
    events: [
      'hold.made',
      'hold.copied',
      'hold.taken_over',
      'hold.renewed',
      'hold.ended',
      'erase.done',
      'erase.incomplete',
    ],
    see(entry) {
      switch (entry.event) {
        case 'hold.made':
          return made(entry.facts.hold, entry, entry.facts.end);
        case 'hold.copied': {
          const known = open.get(entry.facts.hold);
          if (known) known.isCopied = true;
          return;
        }
        case 'hold.taken_over':
        case 'hold.renewed':
          return prolonged(entry.facts.hold, entry.facts.end);
        case 'hold.ended': {
          const known = open.get(entry.facts.hold);
          if (known) known.endedUs ??= entry.atUs;
          return;
        }
        case 'erase.done':
        case 'erase.incomplete':
          for (const hold of lockersOf(entry.facts.lockers)) goneWith(entry, hold);
      }
    },
    end({ committedUs }) {
      for (const [hold, { seq, madeUs, endUs, endedUs, isCopied }] of open) {
        const overUs = Math.min(endedUs ?? Infinity, endUs ?? Infinity);
        if (overUs < committedUs) late(hold, seq, overUs, committedUs);
        else if (!isCopied && outages.uncoveredUs(madeUs, committedUs) > COPIED_WITHIN_US)
          report({ code: 'hold_not_copied', severity: 'warning', entry: seq, facts: { hold } });
      }
    },
  };
}

const lockersOf = (lockers: unknown): string[] =>
  Array.isArray(lockers)
    ? lockers
        .map((one: { hold?: unknown } | null) => String(one?.hold))
        .filter((hold) => hold !== 'undefined')
    : [];
