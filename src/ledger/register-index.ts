import type { LedgerRows } from '../db/site/ledger-rows.ts';
import { GirokError } from '../lib/errors.ts';
import type { LedgerEntry } from './entry.ts';
import type { RowIndex } from './views/register.ts';
import { REGISTER_NAMES, type RegisterName, registerOf } from './views.ts';

/** Which registers an event has something to say to. */
const CONCERNED = new Map<string, RegisterName[]>();
for (const name of REGISTER_NAMES)
  for (const event of registerOf(name).events) CONCERNED.set(event, [...(CONCERNED.get(event) ?? []), name]);

/**
 * Notes the rows of all entries that the registers' index has not read. Inside the transaction that adds them: then it
 * is one entry each time. All of them, some twenty thousand a second, after a database came from a program without it.
 */
export function noteRows(rows: LedgerRows): void {
  const { registers } = rows;
  const [from, to] = [registers.read(), rows.size()];
  if (from >= to) return;
  // One by one: a connection that is reading through a table writes nothing.
  for (let seq = from; seq < to; seq++) {
    const { body } = rows.entry(seq) ?? {};
    if (!body) throw new GirokError('ledger_damaged', { entry: seq });
    // As it was written: an entry that was checked when it was made is not checked each time again.
    const entry = JSON.parse(body.toString('utf8')) as LedgerEntry;
    for (const name of CONCERNED.get(entry.event) ?? [])
      registerOf(name).place(entry, indexOf(rows, name, entry));
  }
  registers.setRead(to);
}

function indexOf({ registers }: LedgerRows, register: RegisterName, entry: LedgerEntry): RowIndex {
  const { seq, at, late = false } = entry;
  const atUs = Date.parse(at) * 1000;
  return {
    add: (row) => registers.add(register, { ...row, seq, atUs, late }),
    rowOf: (of) => registers.rowOf(register, of),
    attach: (row, other = seq) => registers.attach(register, row, other),
    setOutcome: (row, outcome) => registers.setOutcome(register, row, outcome),
    addBytes: (row, bytes) => registers.addBytes(register, row, bytes),
    named: (name) => registers.named(register, name),
    setName: (name) => registers.setName(register, name, seq),
  };
}
