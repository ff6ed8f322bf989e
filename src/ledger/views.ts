import type { LedgerRows } from '../db/site/ledger-rows.ts';
import type { SiteTime } from '../lib/site-time.ts';
import { type LedgerEntry, readBody } from './entry.ts';
import type { LedgerEventName } from './events.ts';
import type { Table } from './table-formats.ts';

/** Titles and words of the printed ledgers, in one language. */
export interface ViewWords {
  readonly management: {
    readonly name: string;
    readonly titles: readonly string[];
    readonly kinds: Readonly<Record<'USE' | 'PROVISION' | 'ACCESS' | 'DESTRUCTION', string>>;
  };
  readonly destruction: {
    readonly name: string;
    readonly titles: readonly string[];
    readonly states: Readonly<Record<'complete' | 'incomplete', string>>;
  };
  readonly entries: {
    readonly name: string;
    readonly titles: readonly string[];
    readonly events: Readonly<Record<LedgerEventName, string>>;
  };
  /** Stands for a personal field, which is sealed beside the ledger. */
  readonly sealed: string;
}

/**
 * 개인영상정보 관리대장, the twelve columns of the official form in their order (표준 개인정보 보호지침 별지 제3호).
 * A later `management.updated` fills the last two columns of its row; the entries themselves stay as they are.
 */
export function managementLedger(rows: LedgerRows, siteTime: SiteTime, words: ViewWords): Table {
  const lines = new Map<number, (string | number)[]>();
  for (const entry of entriesOf(rows, ['management.entered', 'management.updated'])) {
    if (entry.event === 'management.entered') {
      const { kind, appliedAt, fileNameForm, purposeReason, legalBasis, form, period, result, safety } =
        entry.facts;
      const sealedOr = (field: string) => (entry.personal?.[field] === undefined ? '' : words.sealed);
      lines.set(entry.seq, [
        lines.size + 1,
        words.management.kinds[kind],
        labelOf(appliedAt, siteTime),
        fileNameForm,
        sealedOr('officer'),
        purposeReason,
        sealedOr('recipient'),
        legalBasis,
        form,
        period,
        result,
        safety,
      ]);
    } else if (entry.event === 'management.updated') {
      const line = lines.get(entry.facts.row);
      line?.splice(10, 2, entry.facts.result, entry.facts.safety);
    }
  }
  return { ...words.management, rows: [...lines.values()] };
}

/** 파기 기록: each run of the purge that erased something or could not. */
export function destructionLog(rows: LedgerRows, siteTime: SiteTime, words: ViewWords): Table {
  const lines: (string | number)[][] = [];
  for (const entry of entriesOf(rows, ['erase.done', 'erase.incomplete'])) {
    if (entry.event !== 'erase.done' && entry.event !== 'erase.incomplete') continue;
    const { run, startedAt, finishedAt, state, days, epoch, failures, deferred } = entry.facts;
    const { failuresCount = failures.length, deferredCount = deferred.length } = entry.facts;
    const sum = (of: 'files' | 'bytes') => days.reduce((total, day) => total + day[of], 0);
    const shot = days.flatMap(({ day, to = day }) => [day, to]).sort();
    lines.push([
      lines.length + 1,
      run,
      labelOf(startedAt, siteTime),
      labelOf(finishedAt, siteTime),
      words.destruction.states[state],
      new Set(days.map(({ camera }) => camera)).size,
      shot[0] ?? '',
      shot.at(-1) ?? '',
      sum('files'),
      sum('bytes'),
      deferredCount,
      failuresCount,
      epoch,
    ]);
  }
  return { ...words.destruction, rows: lines };
}

/** Every entry as it stands. */
export function allEntries(rows: LedgerRows, siteTime: SiteTime, words: ViewWords): Table {
  const lines = [...rows.entries(0, Number.MAX_SAFE_INTEGER)].map(({ body }) => {
    const { seq, at, committedAt, actor, event, facts } = readBody(body);
    const when = [labelOf(at, siteTime), labelOf(committedAt, siteTime)];
    return [seq, ...when, actor, words.entries.events[event], event, JSON.stringify(facts)];
  });
  const { name, titles } = words.entries;
  return { name, titles, rows: lines };
}

function* entriesOf(rows: LedgerRows, events: readonly LedgerEventName[]): Generator<LedgerEntry> {
  for (const { body } of rows.entriesOf(events, 0)) yield readBody(body);
}

const labelOf = (iso: string, siteTime: SiteTime): string => siteTime.label(Date.parse(iso) * 1000);
