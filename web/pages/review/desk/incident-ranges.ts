import type { View } from '../timeline/view.ts';
import type { Watched } from './watched.ts';

export type RangeKind = 'marked' | 'watched' | 'whole';
export type IncidentRanges = Partial<Readonly<Record<RangeKind, View>>>;

/** A hold is of a day at most. */
const LONGEST_US = 86_400_000_000;

/**
 * Of which time an incident can be told, the likeliest first: what was marked, what was watched last, all that was
 * opened. One mark alone goes to the end of what was opened, or from its beginning. Pure. Instants: µs UTC.
 */
export function incidentRanges(
  { inUs, outUs }: { readonly inUs: number | undefined; readonly outUs: number | undefined },
  watched: Pick<Watched, 'stretch'>,
  range: View,
): IncidentRanges {
  const marked =
    inUs === undefined && outUs === undefined
      ? undefined
      : { fromUs: inUs ?? range.fromUs, toUs: outUs ?? range.toUs };
  // Whoever marked the end first meant the same stretch.
  const inOrder = marked && {
    fromUs: Math.min(marked.fromUs, marked.toUs),
    toUs: Math.max(marked.fromUs, marked.toUs),
  };
  const stretch = watched.stretch();
  const may = (span: View | undefined): span is View =>
    span !== undefined && span.toUs > span.fromUs && span.toUs - span.fromUs <= LONGEST_US;
  return {
    ...(may(inOrder) && { marked: inOrder }),
    ...(may(stretch) && { watched: stretch }),
    ...(may(range) && { whole: range }),
  };
}
