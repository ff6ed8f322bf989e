import { LOG_VIEWS } from './events/access.ts';
import type { Table } from './table-formats.ts';
import { accessLog } from './views/access.ts';
import { destructionLog } from './views/destruction.ts';
import { allEntries } from './views/entries.ts';
import { managementLedger } from './views/management.ts';
import { rightsLog } from './views/rights.ts';
import type { ViewSource } from './views/source.ts';
import { viewingLog } from './views/viewing.ts';

/** The registers that are views over the ledger, by the names of `girok ledger show`. */
export const VIEWS = {
  management: managementLedger,
  viewing: viewingLog,
  access: accessLog,
  rights: rightsLog,
  destruction: destructionLog,
  entries: allEntries,
} as const satisfies Record<string, (source: ViewSource) => Table>;

export type ViewName = keyof typeof VIEWS;

/** In these people are named. */
export type LogView = (typeof LOG_VIEWS)[number];

/** Whether people are named in it where their texts are opened: then it is an entry that it was. */
export const namesPeople = (view: ViewName): view is LogView => LOG_VIEWS.some((each) => each === view);
