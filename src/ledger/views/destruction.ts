import type { Table } from '../table-formats.ts';
import { entriesOf, labelOf, type ViewSource } from './source.ts';

/** 파기 기록: each run of the purge that erased something or could not. */
export function destructionLog(source: ViewSource): Table {
  const { name, titles, states } = source.words.destruction;
  const lines: (string | number)[][] = [];
  for (const { facts } of entriesOf(source, ['erase.done', 'erase.incomplete'])) {
    const { run, startedAt, finishedAt, state, days, epoch, failures, deferred } = facts;
    const { failuresCount = failures.length, deferredCount = deferred.length } = facts;
    const sum = (of: 'files' | 'bytes') => days.reduce((total, day) => total + day[of], 0);
    const shot = days.flatMap(({ day, to = day }) => [day, to]).sort();
    lines.push([
      lines.length + 1,
      run,
      labelOf(source, startedAt),
      labelOf(source, finishedAt),
      states[state],
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
  return { name, titles, rows: lines };
}
