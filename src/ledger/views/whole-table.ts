import type { LedgerEventName } from '../events.ts';
import type { Table } from '../table-formats.ts';
import type { Register, RowIndex } from './register.ts';
import { entriesOf, entryAt, type ViewSource } from './source.ts';

interface Noted {
  readonly more: Set<number>;
  bytes: number;
}

/** A register from its first row to its last, for whoever may read the ledger and write nothing. */
export function wholeTable<Name extends LedgerEventName>(
  register: Register<Name>,
  source: ViewSource,
): Table {
  const rows = new Map<number, Noted>();
  const owners = new Map<number, number>();
  const names = new Map<string, number>();
  let placed = 0;
  const index: RowIndex = {
    add: () => void rows.set(placed, { more: new Set(), bytes: 0 }),
    rowOf: (seq) => (rows.has(seq) ? seq : owners.get(seq)),
    attach(row, seq = placed) {
      owners.set(seq, row);
      rows.get(row)?.more.add(seq);
    },
    setOutcome: () => undefined,
    addBytes(row, bytes) {
      const noted = rows.get(row);
      if (noted) noted.bytes += bytes;
    },
    named: (name) => names.get(name),
    setName: (name) => void names.set(name, placed),
  };
  for (const entry of entriesOf(source, register.events)) {
    placed = entry.seq;
    register.place(entry, index);
  }
  const read = (seq: number) => entryAt<Name>(source, seq);
  const { name, titles } = register.words(source.words);
  const lines = [...rows].map(([seq, { more, bytes }], at) =>
    register.cells(source, {
      number: at + 1,
      entry: read(seq),
      more: [...more].sort((a, b) => a - b).map(read),
      bytes,
    }),
  );
  return { name, titles, rows: lines };
}
