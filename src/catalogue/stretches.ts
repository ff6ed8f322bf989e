import type { GapCause } from './causes.ts';

/** What a moment of a stream is: exactly one of these. */
export type CoverageClass = 'recorded' | 'unknown' | { readonly gap: GapCause };

/** Half open: from ≤ t < to, µs UTC. */
export interface Stretch {
  readonly fromUs: number;
  readonly toUs: number;
  readonly is: CoverageClass;
}

export interface RecordedSpan {
  readonly startUs: number;
  readonly durationUs: number;
  /** Spans of one run belong together even where their measured ends do not quite meet. */
  readonly run: number;
}

export interface GapSpan {
  readonly fromUs: number;
  /** null: still open. */
  readonly toUs: number | null;
  readonly cause: GapCause;
}

/**
 * Within a run media never stops, but wall time is corrected slowly and written per segment: seams of up to
 * this much are rounding, not holes. A true loss inside a run ends it.
 */
const SEAM_US = 500_000;

/**
 * Divides from…to into stretches of one class each, without holes or overlaps: footage wins over gaps, of two
 * gaps the one that began later (it knew more), and what neither explains is unknown. Neighbours differ.
 *
 * @param recorded in order of `startUs`; may overlap (a clock set back)
 * @param gaps in order of `fromUs`; may overlap
 */
export function divide(
  fromUs: number,
  toUs: number,
  recorded: readonly RecordedSpan[],
  gaps: readonly GapSpan[],
): Stretch[] {
  const stretches: Stretch[] = [];
  const push = (from: number, to: number, is: CoverageClass) => {
    if (to <= from) return;
    const last = stretches.at(-1);
    if (last && className(last.is) === className(is)) {
      stretches[stretches.length - 1] = { ...last, toUs: to };
    } else stretches.push({ fromUs: from, toUs: to, is });
  };
  let at = fromUs;
  let nextGap = 0;
  let active: GapSpan[] = [];
  /** Fills at…end with gaps and unknown. */
  const withoutFootage = (end: number) => {
    while (at < end) {
      while (nextGap < gaps.length && gaps[nextGap]!.fromUs <= at) active.push(gaps[nextGap++]!);
      active = active.filter((gap) => endOf(gap) > at);
      const current = active.at(-1);
      const nextFrom = gaps[nextGap]?.fromUs ?? Number.POSITIVE_INFINITY;
      const until = Math.min(end, nextFrom, current ? endOf(current) : Number.POSITIVE_INFINITY);
      push(at, until, current ? { gap: current.cause } : 'unknown');
      at = until;
    }
  };
  let before: RecordedSpan | undefined;
  for (const span of recorded) {
    if (span.startUs >= toUs) {
      if (seamless(before, span)) withFootage(toUs);
      break;
    }
    if (seamless(before, span)) withFootage(span.startUs);
    else withoutFootage(Math.min(span.startUs, toUs));
    withFootage(Math.min(span.startUs + span.durationUs, toUs));
    before = span;
  }
  withoutFootage(toUs);
  return stretches;

  function withFootage(end: number) {
    push(at, Math.min(end, toUs), 'recorded');
    at = Math.max(at, Math.min(end, toUs));
  }
}

/** `recorded`, `unknown` or the gap's cause: a name that is the same for the same class. */
export const className = (is: CoverageClass): string => (typeof is === 'string' ? is : `gap:${is.gap}`);

const endOf = (gap: GapSpan) => gap.toUs ?? Number.POSITIVE_INFINITY;

function seamless(before: RecordedSpan | undefined, span: RecordedSpan): boolean {
  if (before?.run !== span.run) return false;
  return span.startUs - (before.startUs + before.durationUs) <= SEAM_US;
}
