import type { Database } from './open.ts';

/** Different statements that one connection is asked for again and again; those with lists of ids are many. */
const MOST_KEPT = 100;

/** What Kysely needs of a connection. */
export type StatementSource = Pick<Database, 'prepare' | 'close'>;

/**
 * The same connection for Kysely, which prepares each statement anew: that costs more than most of them do. A statement
 * that is kept is used by one caller at a time, so nothing may be streamed through it.
 */
export function keepStatements(db: Database): StatementSource {
  const kept = new Map<string, ReturnType<Database['prepare']>>();
  return {
    prepare: ((sql: string) => {
      const known = kept.get(sql);
      if (known) return known;
      const made = db.prepare(sql);
      kept.set(sql, made);
      for (const oldest of kept.keys()) if (kept.size > MOST_KEPT) kept.delete(oldest);
      return made;
    }) as Database['prepare'],
    close: () => db.close(),
  };
}
