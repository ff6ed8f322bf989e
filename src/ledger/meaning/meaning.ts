import { type LedgerEventName, ledgerEvent } from '../events.ts';
import { createClockRule } from './clocks.ts';
import { createErasedDays } from './erased-days.ts';
import { createErasingRule } from './erasing.ts';
import { createEvidenceRule } from './evidence.ts';
import type { Finding, Rule, Severity, Told } from './finding.ts';
import { createHoldRule } from './holds.ts';
import { createHeard, createOutages } from './outages.ts';
import { createProcessRule } from './processes.ts';
import { createViewingRule } from './viewing.ts';

export interface Findings {
  /** In the order in which they showed; no more than a person reads. */
  readonly list: readonly Finding[];
  /** All of them, also those that the list leaves out. */
  readonly counts: Readonly<Record<Severity, number>>;
}

/** Reads the entries of a ledger that is whole, and says what they tell against those who keep it. */
export interface Meaning {
  /** In their order, each once. */
  see(body: Buffer): void;
  end(): Findings;
}

const MOST_LISTED = 1000;
const MOST_UNKNOWN = 100;
const NAMES: ReadonlySet<string> = new Set(ledgerEvent.options.map(({ shape }) => shape.event.value));
const isName = (event: string): event is LedgerEventName => NAMES.has(event);

export function createMeaning(): Meaning {
  const list: Finding[] = [];
  const counts: Record<Severity, number> = { note: 0, warning: 0, serious: 0 };
  const report = (finding: Finding) => {
    counts[finding.severity] += 1;
    if (list.length < MOST_LISTED) list.push(finding);
  };
  const [outages, heard, erased] = [createOutages(), createHeard(), createErasedDays()];
  const clocks = createClockRule(report);
  const erasing = createErasingRule({ report, outages, erased });
  // What is erased is entered by the rule of erasing, after the one of evidence has looked.
  const rules: readonly Rule[] = [
    createProcessRule({ report, outages, heard }),
    createEvidenceRule({ report, erased }),
    erasing,
    createViewingRule({ report, erased, siteTime: erasing.siteTime }),
    createHoldRule({ report, outages }),
  ];
  const wanted = new Map<LedgerEventName, Rule[]>();
  for (const rule of rules)
    for (const event of rule.events) wanted.set(event, [...(wanted.get(event) ?? []), rule]);
  const unknown = new Set<string>();
  let seq = 0;
  let committedUs = 0;
  /** Of a later program, or nothing that this one would have written: once for each kind. */
  const unreadable = (event: string) => {
    const entry = seq;
    seq += 1;
    if (unknown.has(event) || unknown.size >= MOST_UNKNOWN) return;
    unknown.add(event);
    report({ code: 'unknown_event', severity: 'note', entry, facts: { event } });
  };

  return {
    see(body) {
      const written = frameOf(body);
      if (!written) return unreadable('');
      const { actor, event, facts, atUs } = written;
      committedUs = written.committedUs;
      const placed = { seq, actor, atUs, committedUs };
      if (!isName(event)) return unreadable(event);
      const own = wanted.get(event);
      // What no rule looks at is not taken apart: most of a long ledger.
      const known = own ? ledgerEvent.safeParse({ event, facts }) : undefined;
      if (known?.success === false) return unreadable(event);
      const told = { event, facts, ...(known?.data ?? {}), ...placed } as Told;
      clocks.see(told);
      for (const rule of own ?? []) rule.see(told);
      heard.see(told);
      seq += 1;
    },
    end() {
      for (const rule of rules) rule.end({ committedUs });
      return { list, counts };
    },
  };
}

/** What its verifier has seen to is only the frame, and not that it is JSON. */
function frameOf(body: Buffer) {
  try {
    const read = JSON.parse(body.toString('utf8')) as Readonly<
      Record<'actor' | 'at' | 'committedAt' | 'event', string>
    > & {
      readonly facts: unknown;
    };
    const [atUs, committedUs] = [Date.parse(read.at) * 1000, Date.parse(read.committedAt) * 1000];
    if (Number.isNaN(atUs) || Number.isNaN(committedUs) || typeof read.event !== 'string') return undefined;
    return { actor: read.actor, event: read.event, facts: read.facts, atUs, committedUs };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return undefined;
  }
}
