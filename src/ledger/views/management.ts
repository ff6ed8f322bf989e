import type { EntryOf, Register } from './register.ts';
import { labelOf, textsOf, type ViewSource } from './source.ts';

type Events = 'management.entered' | 'management.updated' | 'ledger.corrected';

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
export const managementLedger: Register<Events> = {
  events: ['management.entered', 'management.updated', 'ledger.corrected'],
  words: ({ management }) => management,
  place(entry, index) {
    const { corrects, event, facts } = entry;
    // Of a correction of a correction too, the row that it is about.
    const corrected = corrects === undefined ? undefined : index.rowOf(corrects);
    if (event === 'management.entered' && corrected === undefined)
      return index.add({
        kind: facts.kind,
        ...(entry.actor.startsWith('person:') && { person: personOf(entry) }),
      });
    const row = corrected ?? (event === 'management.updated' ? facts.row : undefined);
    // Of a row that there is not: in the ledger, and nowhere else.
    if (row !== undefined && index.rowOf(row) === row) index.attach(row);
  },
  cells(source, { number, entry, more }) {
    // Only what enters something begins a row.
    const line: Cell[] = valuesOf(source, entry as EntryOf<'management.entered'>).map((value) => ({ value }));
    const known = new Set([entry.seq]);
    for (const later of more) {
      const isCorrection = later.corrects !== undefined && known.has(later.corrects);
      known.add(later.seq);
      const set = (column: number, value: string) => {
        if (line[column]?.value !== value) line[column] = { value, ...(isCorrection && { by: later.seq }) };
      };
      if (later.event === 'ledger.corrected')
        set(RESULT, `${line[RESULT]?.value} ${later.facts.reason}`.trim());
      else if (later.event === 'management.updated') {
        set(RESULT, later.facts.result);
        set(SAFETY, later.facts.safety);
      } else {
        // A person who is not named again is still the same.
        for (const [column, value] of valuesOf(source, later).entries())
          if (value !== '' || (column !== OFFICER && column !== RECIPIENT)) set(column, value);
      }
    }
    const { corrected } = source.words.management;
    const shown = ({ value, by }: Cell) =>
      by === undefined ? value : `${value} ${corrected({ entry: by })}`.trim();
    return [number, ...line.map(shown)];
  },
};

const personOf = ({ actor }: { readonly actor: string }): string => actor.slice('person:'.length);

function valuesOf(source: ViewSource, entry: EntryOf<'management.entered'>): string[] {
  const { kind, appliedAt, fileNameForm, purposeReason, legalBasis, form, period, result, safety } =
    entry.facts;
  const text = textsOf(source, entry);
  return [
    source.words.management.kinds[kind],
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
}
