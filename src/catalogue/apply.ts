import { createGapRows } from '../db/catalogue/gap-rows.ts';
import { createHealthRows } from '../db/catalogue/health-rows.ts';
import { createLossRows } from '../db/catalogue/loss-rows.ts';
import { createRunRows } from '../db/catalogue/run-rows.ts';
import { createSegmentRows, type DetailRow } from '../db/catalogue/segment-rows.ts';
import { createStreamRows } from '../db/catalogue/stream-rows.ts';
import type { Database } from '../db/open.ts';
import { GirokError } from '../lib/errors.ts';
import { type CameraId, newId, type StreamRef } from '../lib/ids.ts';
import type { GapCause } from './causes.ts';
import type {
  CatalogueChange,
  CrashRecovery,
  EndedGap,
  GapId,
  OpenGap,
  SegmentRestoration,
} from './changes.ts';
import { divide } from './stretches.ts';

/**
 * What a change answers: `after_crash` the recovery, `restored` 1 when it changed something; `gap_closed`, `lost` and
 * `holes` the gaps that have their end now.
 */
export type ChangeResult = CrashRecovery | number | readonly EndedGap[] | undefined;

/**
 * Writes changes into the catalogue; the caller holds the transaction.
 *
 * @returns a function that throws SQLite's errors, and GirokError `internal` for a change that cannot follow
 *   what is there (sealing what is not open).
 */
export function createApply(db: Database): (change: CatalogueChange) => ChangeResult {
  const streams = createStreamRows(db);
  const runs = createRunRows(db);
  const segments = createSegmentRows(db);
  const gaps = createGapRows(db);
  const losses = createLossRows(db);
  const health = createHealthRows(db);

  const keyOf = (ref: StreamRef, atUs: number) => streams.keyOf(ref.camera, ref.stream, atUs);
  const refOf = (stream: number): StreamRef => {
    const { camera, kind } = streams.refOf(stream);
    return { camera: camera as CameraId, stream: kind };
  };
  const complete = (stream: number, durationUs: number, key: number, detail: DetailRow) => {
    segments.detail(key, detail);
    streams.noteSegment(stream, durationUs);
  };

  function restore({ opening, state, completion, ...rest }: SegmentRestoration): number {
    const { ref, startUs } = opening;
    const endUs = startUs + completion.durationUs;
    const stream = keyOf(ref, startUs);
    runs.insert({
      id: opening.run,
      stream,
      source: null,
      sourceReason: null,
      codec: rest.codec,
      width: rest.width,
      height: rest.height,
      timescale: rest.timescale,
      startedUs: startUs,
      clockSynchronised: null,
      cameraOffsetMs: null,
      wallMinusMediaUs: opening.wallMinusMediaUs,
    });
    const run = known(runs.keyOf(opening.run), 'run', opening.run);
    const id = opening.segment;
    const key = segments.restore({ ...opening, id, stream, run }, { ...completion, id, state });
    runs.stretchRebuilt(run, startUs, endUs, rest.endCause);
    if (key === undefined) return 0;
    complete(stream, completion.durationUs, key, completion);
    return 1;
  }

  function openGaps(): OpenGap[] {
    return gaps.open().map((gap) => ({
      gap: gap.id as GapId,
      ref: { camera: gap.camera as CameraId, stream: gap.kind },
      fromUs: gap.fromUs,
      cause: gap.cause as GapCause,
    }));
  }

  /** Ends what a crash left running and opens the gap that it made, so that no stream is ever without either. */
  function afterCrash(refs: readonly StreamRef[], atUs: number): CrashRecovery {
    const crashed = new Set<number>();
    const unended = runs.unended();
    for (const run of unended) {
      runs.endByKey(run.key, run.lastUs ?? run.startedUs, 'recorder_failure');
      crashed.add(run.stream);
    }
    for (const ref of refs) {
      const stream = keyOf(ref, atUs);
      const lastUs = Math.max(segments.lastEndUs(stream) ?? 0, gaps.lastEndUs(stream) ?? 0);
      if (lastUs === 0 || gaps.hasOpen(stream)) continue;
      // A clock that was set back since leaves no room for a gap; the run that begins now is marked anyway.
      const fromUs = Math.min(lastUs, atUs);
      const cause = crashed.has(stream) ? 'recorder_failure' : 'unknown';
      gaps.insert({ id: newId(atUs), stream, fromUs, toUs: null, cause, detail: '' });
    }
    return { runsEnded: unended.length, openGaps: openGaps() };
  }

  /** Gives every hole between two segments a row; after a salvaged segment the recorder itself had failed. */
  function explainHoles(ref: StreamRef, atUs: number): EndedGap[] {
    const stream = keyOf(ref, atUs);
    const footage = segments.stretches(stream);
    const first = footage[0];
    if (!first) return [];
    const endUs = footage.reduce((end, span) => Math.max(end, span.startUs + span.durationUs), 0);
    const salvagedEnds = new Set(
      footage.filter((span) => span.state === 'recovered').map((span) => span.startUs + span.durationUs),
    );
    const spans = gaps.of(stream).map((gap) => ({ ...gap, cause: gap.cause as GapCause }));
    const holes = divide(first.startUs, endUs, footage, spans).filter(({ is }) => is === 'unknown');
    return holes.map(({ fromUs, toUs }) => {
      const cause = salvagedEnds.has(fromUs) ? 'recorder_failure' : 'unknown';
      gaps.insert({ id: newId(fromUs), stream, fromUs, toUs, cause, detail: '' });
      streams.noteGap(stream, toUs - fromUs);
      return { ref, fromUs, toUs, cause };
    });
  }

  return (change) => {
    switch (change.kind) {
      case 'stream':
        keyOf(change.ref, change.atUs);
        return;
      case 'reserve':
        segments.reserve(change.segment, keyOf(change.ref, change.atUs));
        return;
      case 'forget':
        for (const segment of change.segments) segments.forget(segment);
        return;
      case 'run_started': {
        const { run, ref, clockSynchronised: synchronised, ...row } = change.run;
        runs.insert({
          ...row,
          id: run,
          stream: keyOf(ref, row.startedUs),
          clockSynchronised: synchronised === undefined ? null : synchronised ? 1 : 0,
          cameraOffsetMs: row.cameraOffsetMs ?? null,
          sourceReason: row.sourceReason ?? null,
        });
        return;
      }
      case 'run_ended':
        runs.end(change.run, change.atUs, change.cause);
        return;
      case 'opened': {
        const { opening } = change;
        const run = known(runs.keyOf(opening.run), 'run', opening.run);
        const stream = keyOf(opening.ref, opening.startUs);
        segments.open({ ...opening, id: opening.segment, stream, run });
        return;
      }
      case 'progress':
        segments.progress({ ...change.progress, id: change.segment });
        return;
      case 'sealed': {
        const { segment, completion } = change;
        const done = segments.complete({ ...completion, id: segment, state: 'sealed' });
        if (!done) {
          throw new GirokError('internal', { segment, sealed: false });
        }
        complete(done.stream, completion.durationUs, done.key, completion);
        return;
      }
      case 'restored':
        return restore(change.restoration);
      case 'lost': {
        const gone = segments.lose(change.segment);
        if (!gone || gone.durationUs === 0) return [];
        const { stream, startUs: fromUs, durationUs } = gone;
        const toUs = fromUs + durationUs;
        gaps.insert({ id: change.gap, stream, fromUs, toUs, cause: 'disk', detail: 'segment file missing' });
        streams.noteGap(stream, durationUs);
        return [{ ref: refOf(stream), fromUs, toUs, cause: 'disk' }];
      }
      case 'gap_opened': {
        const { gap, ref, ...row } = change.opening;
        gaps.insert({ ...row, id: gap, stream: keyOf(ref, row.fromUs), toUs: null });
        return;
      }
      case 'gap_closed': {
        const closed = gaps.close(change.gap, change.toUs, change.cause ?? null);
        if (!closed) return [];
        const { stream, fromUs, toUs, cause } = closed;
        streams.noteGap(stream, toUs - fromUs);
        return [{ ref: refOf(stream), fromUs, toUs, cause: cause as GapCause }];
      }
      case 'loss': {
        const { id, ref, loss } = change;
        losses.insert({ ...loss, id, stream: keyOf(ref, loss.fromUs) });
        return;
      }
      case 'health': {
        const { atUs, samples, minutesFromUs, tenMinutesFromUs } = change.round;
        for (const { ref, clockOffsetMs = null, ...sample } of samples)
          health.insert({ ...sample, clockOffsetMs, atUs, stream: keyOf(ref, atUs) });
        health.forget(minutesFromUs, tenMinutesFromUs);
        return;
      }
      case 'sender_clock':
        runs.senderClock(change.run, change.offsetMs);
        return;
      case 'after_crash':
        return afterCrash(change.streams, change.atUs);
      case 'holes':
        return explainHoles(change.ref, change.atUs);
    }
  };
}

function known<T>(value: T | undefined, what: string, id: string): T {
  if (value === undefined) throw new GirokError('internal', { [what]: id, known: false });
  return value;
}
