import { isoFromUs, SECOND_US } from '../../lib/clock.ts';
import type { Report, Told } from './finding.ts';

const TOLERANCE_US = 60 * SECOND_US;
/** Only processes are looked at: what persons tell may have happened at any time before. */
const MOST_ACTORS = 64;

/** Times that one process told, one after the other: a step back says that its clock was set, once for each step. */
export function createClockRule(report: Report): { see(entry: Told): void } {
  const latest = new Map<string, { atUs: number; isBehind: boolean }>();
  return {
    see({ actor, atUs, committedUs, seq }) {
      if (!actor.startsWith('process:')) return;
      const known = latest.get(actor);
      const isAhead = atUs > committedUs + TOLERANCE_US;
      const isBehind = known !== undefined && atUs < known.atUs - TOLERANCE_US;
      if ((isAhead || isBehind) && !known?.isBehind)
        report({
          code: 'clock_back',
          severity: 'warning',
          entry: seq,
          facts: isAhead
            ? { from: isoFromUs(atUs), to: isoFromUs(committedUs) }
            : { from: isoFromUs(known?.atUs ?? atUs), to: isoFromUs(atUs) },
        });
      if (!known && latest.size >= MOST_ACTORS) return;
      // It has caught up only when it is beyond all that it told before.
      const atMostUs = Math.max(known?.atUs ?? atUs, atUs);
      const stillBehind = isAhead || isBehind || (known?.isBehind === true && atUs <= known.atUs);
      latest.set(actor, { atUs: atMostUs, isBehind: stillBehind });
    },
  };
}
