import { LOG_VIEWS } from './events/access.ts';
import type { LedgerEventName } from './events.ts';
import type { Table } from './table-formats.ts';
import { accessLog } from './views/access.ts';
import { destructionLog } from './views/destruction.ts';
import { allEntries } from './views/entries.ts';
import { managementLedger } from './views/management.ts';
import type { Register } from './views/register.ts';
import { rightsLog } from './views/rights.ts';
import type { ViewSource } from './views/source.ts';
import { viewingLog } from './views/viewing.ts';
import { wholeTable } from './views/whole-table.ts';

/** The registers of which the rows are indexed as entries are made, by their names in the index. */
export const REGISTERS = {
  management: managementLedger,
  viewing: viewingLog,
  access: accessLog,
  rights: rightsLog,
  destruction: destructionLog,
} as const;

export type RegisterName = keyof typeof REGISTERS;
export const REGISTER_NAMES = Object.keys(REGISTERS) as [RegisterName, ...RegisterName[]];

/** As one that is told of every entry: what it is not about, it is not given. */
export const registerOf = (name: RegisterName): Register => REGISTERS[name] as unknown as Register;

const whole =
  <Name extends LedgerEventName>(register: Register<Name>) =>
  (source: ViewSource): Table =>
    wholeTable(register, source);

/** The registers that are views over the ledger, from their first row to their last, by the names of `girok ledger show`. */
export const VIEWS = {
  management: whole(managementLedger),
  viewing: whole(viewingLog),
  access: whole(accessLog),
  rights: whole(rightsLog),
  destruction: whole(destructionLog),
  entries: allEntries,
} as const satisfies Record<string, (source: ViewSource) => Table>;

export type ViewName = keyof typeof VIEWS;

/** In these people are named. */
export type LogView = (typeof LOG_VIEWS)[number];

/** Whether people are named in it where their texts are opened: then it is an entry that it was. */
export const namesPeople = (view: ViewName): view is LogView => LOG_VIEWS.some((each) => each === view);
