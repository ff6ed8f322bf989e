import type { Database } from '../open.ts';

/** How a camera's view stands. Instants: µs UTC. */
export interface ViewRow {
  readonly camera: string;
  /** Where its reference lies in recorded footage. */
  readonly referenceUs: number | null;
  readonly referenceStream: 'main' | 'sub' | null;
  /** `YYYY-MM-DD`, of the site. */
  readonly referenceDay: string | null;
  readonly doubts: number;
  /** When the picture was taken that was looked at last. */
  readonly lastUs: number;
  readonly lastStream: 'main' | 'sub';
  readonly lastState: 'same' | 'changed' | 'covered';
}

export interface ViewScoreRow {
  readonly camera: string;
  readonly day: string;
  readonly atUs: number;
  /** 0…1; null: there was nothing to compare with. */
  readonly agreement: number | null;
  readonly state: 'same' | 'changed' | 'covered';
}

/** Statements only; whoever writes brings the transaction. */
export interface ViewRows {
  list(): ViewRow[];
  find(camera: string): ViewRow | undefined;
  put(row: ViewRow): void;
  /** A camera that is not looked at any more; its scores stay. */
  forget(camera: string): void;
  /** From this day on, by day. */
  scores(camera: string, fromDay: string): ViewScoreRow[];
  /** In place of an earlier one of its day. */
  score(row: ViewScoreRow): void;
  forgetScoresBefore(day: string): void;
}

export function createViewRows(db: Database): ViewRows {
  const columns =
    'camera, reference_us as referenceUs, reference_stream as referenceStream, reference_day as referenceDay, doubts, last_us as lastUs, last_stream as lastStream, last_state as lastState';
  const list = db.prepare<[], ViewRow>(`select ${columns} from view_standing order by camera`);
  const find = db.prepare<[string], ViewRow>(`select ${columns} from view_standing where camera = ?`);
  const put = db.prepare(
    `insert or replace into view_standing (camera, reference_us, reference_stream, reference_day, doubts, last_us, last_stream, last_state)
     values (@camera, @referenceUs, @referenceStream, @referenceDay, @doubts, @lastUs, @lastStream, @lastState)`,
  );
  const forget = db.prepare('delete from view_standing where camera = ?');
  const scores = db.prepare<[string, string], ViewScoreRow>(
    'select camera, day, at_us as atUs, agreement, state from view_score where camera = ? and day >= ? order by day',
  );
  const score = db.prepare(
    `insert or replace into view_score (camera, day, at_us, agreement, state)
     values (@camera, @day, @atUs, @agreement, @state)`,
  );
  const forgetBefore = db.prepare('delete from view_score where day < ?');
  return {
    list: () => list.all(),
    find: (camera) => find.get(camera),
    put: (row) => void put.run(row),
    forget: (camera) => void forget.run(camera),
    scores: (camera, fromDay) => scores.all(camera, fromDay),
    score: (row) => void score.run(row),
    forgetScoresBefore: (day) => void forgetBefore.run(day),
  };
}
