import { STRIP_CELLS } from '../contract/today.ts';
import { MINUTE_US, SECOND_US } from '../lib/clock.ts';
import type { TimelineLane } from './timeline.ts';

export const STRIP_CELL_US = 5 * MINUTE_US;
/** Files follow each other to within a picture or two: less than this in a cell is no hole that anybody could look for. */
const NOTHING_US = SECOND_US;

/**
 * A day at a glance: a cell for each five minutes that have begun. Pure.
 *
 * @param beginsUs where the camera's footage begins; undefined: there is none
 */
export function stripOf(
  { recorded }: Pick<TimelineLane, 'recorded'>,
  { fromUs, toUs }: { readonly fromUs: number; readonly toUs: number },
  beginsUs: number | undefined,
): string {
  const cells: string[] = [];
  let at = 0;
  for (let cellUs = fromUs; cellUs < toUs; cellUs += STRIP_CELL_US) {
    const endUs = Math.min(cellUs + STRIP_CELL_US, toUs);
    while (at < recorded.length && (recorded[at]?.toUs ?? 0) <= cellUs) at += 1;
    let coveredUs = 0;
    for (let next = at; next < recorded.length; next++) {
      const span = recorded[next];
      if (!span || span.fromUs >= endUs) break;
      coveredUs += Math.min(span.toUs, endUs) - Math.max(span.fromUs, cellUs);
    }
    // In the cell of its first footage a camera owes only what came after it.
    const owedUs = endUs - Math.max(cellUs, beginsUs ?? Infinity);
    cells.push(cellOf(coveredUs, owedUs));
  }
  return cells.join('');
}

function cellOf(coveredUs: number, owedUs: number): string {
  if (coveredUs === 0) return owedUs <= 0 ? STRIP_CELLS.before : STRIP_CELLS.none;
  return coveredUs >= owedUs - NOTHING_US ? STRIP_CELLS.all : STRIP_CELLS.part;
}
