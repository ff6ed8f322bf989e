import type { Database } from '../open.ts';

export interface NewLossRow {
  readonly id: string;
  readonly stream: number;
  readonly fromUs: number;
  readonly toUs: number;
  readonly missingPackets: number;
  readonly damagedFrames: number;
  readonly cause: string;
}

export interface LossRows {
  /** Does nothing when the id is known. */
  insert(row: NewLossRow): void;
}

export function createLossRows(db: Database): LossRows {
  const insert = db.prepare(`
    insert into loss (id, stream, from_us, to_us, missing_packets, damaged_frames, cause)
    values (@id, @stream, @fromUs, @toUs, @missingPackets, @damagedFrames, @cause)
    on conflict (id) do nothing`);
  return { insert: (row) => void insert.run(row) };
}
