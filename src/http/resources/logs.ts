import { z } from 'zod';
import { digits } from '../../contract/inputs.ts';
import type { Language } from '../../i18n/language.ts';
import type { Table } from '../../ledger/table-formats.ts';
import { VIEWS, type ViewName } from '../../ledger/views.ts';
import type { Session } from '../ports.ts';
import { type Route, route } from '../route.ts';

export interface LogDeps {
  /**
   * A register with the personal texts opened, and the entry that it was shown on disk.
   *
   * @throws GirokError of ledger and keyring
   */
  show(
    view: ViewName,
    asked: { readonly language: Language; readonly session: Session; readonly address: string },
  ): Promise<Table>;
}

const NAMES = Object.keys(VIEWS) as [ViewName, ...ViewName[]];
/** Rows of one answer. */
const MOST_ROWS = 500;

export function logRoutes({ show }: LogDeps): Route[] {
  return [
    route({
      method: 'GET',
      path: '/api/logs/:view',
      access: { action: 'read_logs' },
      summary:
        'A register of the ledger with names and reasons opened, newest rows last: `before` rows are left out at the end. That it was shown is entered.',
      params: z.strictObject({ view: z.enum(NAMES) }),
      query: z.strictObject({
        rows: digits(1, MOST_ROWS).optional(),
        before: digits(0, 1_000_000_000).optional(),
      }),
      answer: z.strictObject({
        name: z.string(),
        titles: z.array(z.string()),
        /** Of how many rows these are the part. */
        total: z.int(),
        rows: z.array(z.array(z.union([z.string(), z.number()]))),
      }),
      async handle({ params, query: { rows: most = MOST_ROWS, before = 0 }, language, session, caller }) {
        const { name, titles, rows } = await show(params.view, {
          language,
          session,
          address: caller.address,
        });
        const end = Math.max(0, rows.length - before);
        return {
          name,
          titles: [...titles],
          total: rows.length,
          rows: rows.slice(Math.max(0, end - most), end).map((row) => [...row]),
        };
      },
    }),
  ];
}
