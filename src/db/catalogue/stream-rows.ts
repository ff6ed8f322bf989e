import type { Database } from '../open.ts';

export interface StreamRows {
  /** The stream's key; listed first when it is new. */
  keyOf(camera: string, kind: 'main' | 'sub', atUs: number): number;
  /** @param stream a key that is there */
  refOf(stream: number): { camera: string; kind: 'main' | 'sub' };
  /** To be called with every segment and gap that got its end: range queries rely on the longest. */
  noteSegment(stream: number, durationUs: number): void;
  noteGap(stream: number, durationUs: number): void;
}

export function createStreamRows(db: Database): StreamRows {
  const find = db.prepare('select key from stream where camera = ? and kind = ?').pluck();
  const refOf = db.prepare('select camera, kind from stream where key = ?');
  const insert = db.prepare('insert into stream (camera, kind, first_seen_us) values (?, ?, ?)');
  const longestSegment = db.prepare(
    'update stream set longest_segment_us = @durationUs where key = @stream and longest_segment_us < @durationUs',
  );
  const longestGap = db.prepare(
    'update stream set longest_gap_us = @durationUs where key = @stream and longest_gap_us < @durationUs',
  );
  return {
    keyOf(camera, kind, atUs) {
      // Asked of the database each time: a key remembered from a transaction that was rolled back would lie.
      const known = find.get(camera, kind) as number | undefined;
      return known ?? Number(insert.run(camera, kind, atUs).lastInsertRowid);
    },
    refOf: (stream) => refOf.get(stream) as { camera: string; kind: 'main' | 'sub' },
    noteSegment: (stream, durationUs) => void longestSegment.run({ stream, durationUs }),
    noteGap: (stream, durationUs) => void longestGap.run({ stream, durationUs }),
  };
}
