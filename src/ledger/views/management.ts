import type { Table } from '../table-formats.ts';
import { entriesOf, labelOf, textsOf, type ViewSource } from './source.ts';

interface Cell {
  readonly value: string;
  /** The entry that set it right. */
  readonly by?: number;
}

/** Columns behind the number. */
const OFFICER = 3;
const RECIPIENT = 5;
const RESULT = 9;
const SAFETY = 10;

/**
 * 개인영상정보 관리대장, the twelve columns of the official form in their order (표준 개인정보 보호지침 별지 제3호).
 * A later `management.updated` fills the last two columns of its row. An entry that corrects another one shows in that
 * one's row: the newest value, and by which entry it was set right. The entries themselves stay as they are.
 */
export function managementLedger(source: ViewSource): Table {
  const { name, titles, kinds, corrected } = source.words.management;
  const lines = new Map<number, Cell[]>();
  /** Of each entry that concerns a row, a correction of a correction too, that row. */
  const rowOf = new Map<number, number>();
  for (const entry of entriesOf(source, ['management.entered', 'management.updated', 'ledger.corrected'])) {
    const { seq, corrects } = entry;
    const row = corrects === undefined ? undefined : rowOf.get(corrects);
    const set = (line: Cell[], column: number, value: string) => {
      if (line[column]?.value !== value) line[column] = { value, ...(row !== undefined && { by: seq }) };
    };
    if (entry.event === 'management.entered') {
      const { kind, appliedAt, fileNameForm, purposeReason, legalBasis, form, period, result, safety } =
        entry.facts;
      const text = textsOf(source, entry);
      const values = [
        kinds[kind],
        labelOf(source, appliedAt),
        fileNameForm,
        text('officer'),
        purposeReason,
        text('recipient'),
        legalBasis,
        form,
        period,
        result,
        safety,
      ];
      const line = row === undefined ? undefined : lines.get(row);
      rowOf.set(seq, line && row !== undefined ? row : seq);
      if (!line)
        lines.set(
          seq,
          values.map((value) => ({ value })),
        );
      // A person who is not named again is still the same.
      else
        for (const [column, value] of values.entries())
          if (value !== '' || (column !== OFFICER && column !== RECIPIENT)) set(line, column, value);
    } else {
      const about = row ?? (entry.event === 'management.updated' ? entry.facts.row : undefined);
      const line = about === undefined ? undefined : lines.get(about);
      if (!line || about === undefined) continue;
      rowOf.set(seq, about);
      if (entry.event === 'ledger.corrected')
        set(line, RESULT, `${line[RESULT]?.value} ${entry.facts.reason}`.trim());
      else {
        set(line, RESULT, entry.facts.result);
        set(line, SAFETY, entry.facts.safety);
      }
    }
  }
  const shown = ({ value, by }: Cell) =>
    by === undefined ? value : `${value} ${corrected({ entry: by })}`.trim();
  return { name, titles, rows: [...lines.values()].map((line, at) => [at + 1, ...line.map(shown)]) };
}
