import { MINUTE_US } from '../../lib/clock.ts';
import type { Told } from './finding.ts';

/** When nothing could be done: a process was away, erasing waited for a person, there was no ledger yet. */
export interface Outages {
  add(fromUs: number, toUs: number): void;
  /** How much of from…to lies outside of all of them, µs. */
  uncoveredUs(fromUs: number, toUs: number): number;
}

/** Older ones explain nothing that is still open. */
const MOST = 2000;

export function createOutages(): Outages {
  const known: { readonly fromUs: number; readonly toUs: number }[] = [];
  return {
    add(fromUs, toUs) {
      if (toUs <= fromUs) return;
      known.push({ fromUs, toUs });
      if (known.length > MOST) known.splice(0, MOST / 2);
    },
    uncoveredUs(fromUs, toUs) {
      let [atUs, uncoveredUs] = [fromUs, 0];
      for (const one of [...known].sort((a, b) => a.fromUs - b.fromUs)) {
        if (one.toUs <= atUs) continue;
        if (one.fromUs >= toUs) break;
        uncoveredUs += Math.max(0, one.fromUs - atUs);
        atUs = one.toUs;
      }
      return uncoveredUs + Math.max(0, toUs - atUs);
    },
  };
}

/** Since when a process was not heard of, as far as the ledger can tell. */
export interface Heard {
  see(entry: Told): void;
  lastUs(process: string): number | undefined;
}

/** Footage of an hour is entered at most so long after it was recorded, while all is well. */
const EVIDENCE_BEHIND_US = 75 * MINUTE_US;

export function createHeard(): Heard {
  const last = new Map<string, number>();
  const hear = (process: string, atUs: number) =>
    last.set(process, Math.max(last.get(process) ?? atUs, atUs));
  return {
    see({ event, actor, atUs }) {
      if (actor.startsWith('process:')) hear(actor.slice('process:'.length), atUs);
      // A recorder that only records says nothing; what it recorded does.
      if (event === 'evidence.hour') hear('recorder', atUs - EVIDENCE_BEHIND_US);
    },
    lastUs: (process) => last.get(process),
  };
}
