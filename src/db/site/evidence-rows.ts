import type { Database } from '../open.ts';

export interface EvidenceRow {
  readonly camera: string;
  readonly day: string;
  readonly hour: number;
  readonly part: number;
  /** The entry that vouches for it. */
  readonly seq: number;
  /** 48 bytes each: id of the segment, hash of its evidence leaf. */
  readonly leaves: Buffer;
}

export interface EvidenceRows {
  parts(camera: string, day: string, hour: number): EvidenceRow[];
  add(row: EvidenceRow): void;
  /** @returns the newest day of which anything is there */
  newestDay(): string | undefined;
}

export function createEvidenceRows(db: Database): EvidenceRows {
  const parts = db.prepare<[string, string, number], EvidenceRow>(
    `select camera, day, hour, part, seq, leaves from evidence_hour
     where camera = ? and day = ? and hour = ? order by part`,
  );
  const add = db.prepare(
    `insert into evidence_hour (camera, day, hour, part, seq, leaves)
     values (@camera, @day, @hour, @part, @seq, @leaves)`,
  );
  const newest = db.prepare('select max(day) from evidence_hour').pluck();
  return {
    parts: (camera, day, hour) => parts.all(camera, day, hour),
    add: (row) => void add.run(row),
    newestDay: () => (newest.get() as string | null) ?? undefined,
  };
}
