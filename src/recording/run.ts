import type { RunStart } from '../catalogue/changes.ts';
import { SECOND_US } from '../lib/clock.ts';
import { newId, type RunId } from '../lib/ids.ts';
import { codecString } from '../media/codec-string.ts';
import { clampDurations } from '../media/fmp4/clamp-durations.ts';
import { changedParameterSets } from '../media/fmp4/parameter-sets.ts';
import { parseFragment } from '../media/fmp4/parse-fragment.ts';
import { readTrack } from '../media/fmp4/track.ts';
import { writeInit } from '../media/fmp4/write-init.ts';
import { createFramePace } from './frame-pace.ts';
import { type Arrival, createRunClock } from './run-clock.ts';
import type { InitSegment, ReceivedFragment } from './source.ts';

/** One unbroken stretch of one source: one init segment, one clock. */
export interface Run {
  readonly id: RunId;
  readonly init: InitSegment;
  readonly codec: string;
  readonly clock: ReturnType<typeof createRunClock>;
  readonly pace: ReturnType<typeof createFramePace>;
  endTicks: number;
  endUs: number;
  hostMinusMonoUs: number;
}

/**
 * @param fragments the first moments of the source; at least one
 * @param before the run that this one continues without a hole: its clock goes on
 */
export function beginRun(
  fragments: readonly ReceivedFragment[],
  init: InitSegment,
  before: Run | undefined,
): Run {
  const first = fragments[0] as ReceivedFragment;
  const { timescale, codec, parameterSets } = init.track;
  const arrivals = fragments.map((fragment) => arrivalOf(fragment, timescale));
  const clock = before?.clock ?? createRunClock(arrivals);
  const wallUs = before?.endUs ?? clock.place(arrivals[0] as Arrival).wallUs;
  return {
    id: newId<RunId>(wallUs),
    init,
    codec: codecString(codec, parameterSets),
    clock,
    pace: createFramePace(timescale),
    endTicks: first.facts.mediaStart,
    endUs: wallUs,
    hostMinusMonoUs: first.receivedWallUs - first.receivedMonoUs,
  };
}

/** What the catalogue is told of a run that has just begun. */
export function describeRun(run: Run): Omit<RunStart, 'ref' | 'source'> {
  const { width, height, timescale } = run.init.track;
  return {
    run: run.id,
    codec: run.codec,
    width,
    height,
    timescale,
    startedUs: run.endUs,
    wallMinusMediaUs: wallMinusMedia(run.endUs, run.endTicks, timescale),
  };
}

export const arrivalOf = ({ facts, receivedWallUs }: ReceivedFragment, timescale: number): Arrival => ({
  mediaStart: facts.mediaStart,
  durationTicks: facts.durationTicks,
  timescale,
  receivedWallUs,
});

export const wallMinusMedia = (wallUs: number, ticks: number, timescale: number) =>
  Math.round(wallUs - (ticks * SECOND_US) / timescale);

/** Whether the fragment continues the run: media time neither goes back nor leaves a hole. */
export function follows(run: Run, { facts }: ReceivedFragment): boolean {
  const apart = facts.mediaStart - run.endTicks;
  return apart >= 0 && apart * 10 <= run.init.track.timescale;
}

export function withoutHole(
  fragment: ReceivedFragment,
  mostTicks: number,
  usualTicks: number,
): ReceivedFragment {
  clampDurations(fragment.bytes, mostTicks, usualTicks);
  return { ...fragment, facts: parseFragment(fragment.bytes) };
}

/** An init segment for the parameter sets that this key frame brings, if they differ in effect. */
export function newParameters(run: Run, { bytes, facts }: ReceivedFragment): InitSegment | undefined {
  const first = facts.samples[0];
  if (!facts.startsWithKeyFrame || !first) return undefined;
  const { track } = run.init;
  const keyFrame = bytes.subarray(first.offset, first.offset + first.bytes);
  const sets = changedParameterSets(track.codec, keyFrame, track.parameterSets);
  if (!sets) return undefined;
  const init = writeInit(track.codec, track.timescale, sets);
  return { bytes: init, track: readTrack(init), source: run.init.source };
}
