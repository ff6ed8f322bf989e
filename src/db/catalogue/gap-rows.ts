import type { Database } from '../open.ts';

export interface NewGapRow {
  readonly id: string;
  readonly stream: number;
  readonly fromUs: number;
  /** null: still open. */
  readonly toUs: number | null;
  readonly cause: string;
  readonly detail: string;
}

export interface OpenGapRow {
  readonly id: string;
  readonly camera: string;
  readonly kind: 'main' | 'sub';
  readonly fromUs: number;
  readonly cause: string;
}

export interface GapStretchRow {
  readonly fromUs: number;
  readonly toUs: number | null;
  readonly cause: string;
}

export interface ClosedGapRow {
  readonly stream: number;
  readonly fromUs: number;
  readonly toUs: number;
  readonly cause: string;
}

export interface GapRows {
  /** Does nothing when the id is known. */
  insert(row: NewGapRow): void;
  /**
   * Closes an open gap, with another cause where the end taught more; one that would last no time is removed.
   * @returns what it is now; undefined: unknown, closed before or removed.
   */
  close(id: string, toUs: number, cause: string | null): ClosedGapRow | undefined;
  open(): OpenGapRow[];
  hasOpen(stream: number): boolean;
  of(stream: number): GapStretchRow[];
  lastEndUs(stream: number): number | undefined;
}

export function createGapRows(db: Database): GapRows {
  const insert = db.prepare(`
    insert into gap (id, stream, from_us, to_us, cause, detail)
    values (@id, @stream, @fromUs, @toUs, @cause, @detail) on conflict (id) do nothing`);
  const remove = db.prepare('delete from gap where id = @id and to_us is null and from_us >= @toUs');
  const close = db.prepare(`
    update gap set to_us = @toUs, cause = coalesce(@cause, cause) where id = @id and to_us is null
    returning stream, from_us as fromUs, to_us as toUs, cause`);
  const open = db.prepare(`
    select gap.id, stream.camera, stream.kind, gap.from_us as fromUs, gap.cause
    from gap join stream on stream.key = gap.stream where gap.to_us is null order by gap.from_us`);
  const hasOpen = db.prepare('select 1 from gap where stream = ? and to_us is null limit 1').pluck();
  const of = db.prepare(`
    select from_us as fromUs, to_us as toUs, cause from gap where stream = ? order by from_us`);
  const lastEnd = db.prepare('select max(to_us) from gap where stream = ?').pluck();
  return {
    insert: (row) => void insert.run(row),
    close(id, toUs, cause) {
      remove.run({ id, toUs });
      return close.get({ id, toUs, cause }) as ClosedGapRow | undefined;
    },
    open: () => open.all() as OpenGapRow[],
    hasOpen: (stream) => hasOpen.get(stream) !== undefined,
    of: (stream) => of.all(stream) as GapStretchRow[],
    lastEndUs: (stream) => (lastEnd.get(stream) as number | null) ?? undefined,
  };
}
