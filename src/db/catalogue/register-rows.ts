import type { Database } from '../open.ts';

export interface RegisterRow {
  readonly id: string;
  /** Below `<camera>/<day>/`. */
  readonly file: string;
  readonly state: 'open' | 'sealed' | 'recovered';
  readonly bytes: number;
  readonly chunks: number;
  /** null: none yet. */
  readonly ciphertextSha256: Buffer | null;
}

/** The side of the catalogue that is compared with the files: answers at once, one camera-day at a time. */
export interface RegisterRows {
  cameraDays(): { camera: string; day: string }[];
  filesOf(camera: string, day: string): RegisterRow[];
  isReserved(id: string): boolean;
}

export function createRegisterRows(db: Database): RegisterRows {
  // Steps from day to day through the index: a plain `distinct` reads the entry of every segment.
  const cameraDays = db.prepare(`
    with recursive step (stream, day) as (
      select key, (select min(day) from segment where stream = stream.key and day is not null) from stream
      union all
      select stream, (select min(day) from segment where segment.stream = step.stream and segment.day > step.day)
      from step where day is not null)
    select distinct stream.camera, step.day from step join stream on stream.key = step.stream
    where step.day is not null order by stream.camera, step.day`);
  const filesOf = db.prepare(`
    select segment.id, segment.file, segment.state, coalesce(segment_open.bytes, segment.bytes) as bytes,
      coalesce(segment_open.chunks, segment.chunks) as chunks,
      segment_integrity.ciphertext_sha256 as ciphertextSha256
    from segment
      left join segment_open on segment_open.segment = segment.key
      left join segment_integrity on segment_integrity.segment = segment.key
    where segment.stream in (select key from stream where camera = ?) and segment.day = ?
      and segment.state in ('open', 'sealed', 'recovered')`);
  const isReserved = db.prepare(`select 1 from segment where id = ? and state = 'reserved'`).pluck();
  return {
    cameraDays: () => cameraDays.all() as { camera: string; day: string }[],
    filesOf: (camera, day) => filesOf.all(camera, day) as RegisterRow[],
    isReserved: (id) => isReserved.get(id) !== undefined,
  };
}
