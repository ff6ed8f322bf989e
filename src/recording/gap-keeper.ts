import type { GapCause } from '../catalogue/causes.ts';
import type { GapId } from '../catalogue/changes.ts';
import type { StreamRef } from '../lib/ids.ts';

/** Where holes are written down. Fire and forget; the catalogue makes them durable. */
export interface GapLog {
  gapOpened(stream: StreamRef, fromUs: number, cause: GapCause, detail?: string): GapId;
  gapClosed(gap: GapId, toUs: number, cause?: GapCause): void;
}

export interface StandingGap {
  readonly gap: GapId;
  readonly fromUs: number;
  readonly cause: GapCause;
}

/** Makes every hole of one stream a gap row: opened when footage ends, closed by the next frame that is kept. */
export interface GapKeeper {
  /** Footage has ended at `fromUs`. While a hole is open a known cause replaces `unknown`, nothing else does. */
  lost(fromUs: number, cause: GapCause, detail: string): void;
  /**
   * Footage that counted as kept turns out not to be safe: from … to is a hole after all. One that stands open
   * behind it begins earlier then.
   */
  unsafe(fromUs: number, toUs: number, cause: GapCause, detail: string): void;
  /** Footage is there again from `atUs`. */
  found(atUs: number): void;
  readonly open: StandingGap | undefined;
  /** Holes that ended since the start. */
  readonly ended: { readonly count: number; readonly totalUs: number };
}

/** @param standing a gap that was open already when the recorder started: it goes on */
export function createGapKeeper(stream: StreamRef, log: GapLog, standing?: StandingGap): GapKeeper {
  let open = standing;
  let count = 0;
  let totalUs = 0;
  return {
    lost(fromUs, cause, detail) {
      if (!open) open = { gap: log.gapOpened(stream, fromUs, cause, detail), fromUs, cause };
      else if (open.cause === 'unknown') open = { ...open, cause };
    },
    unsafe(fromUs, toUs, cause, detail) {
      if (toUs <= fromUs) return;
      const gap = log.gapOpened(stream, fromUs, cause, detail);
      if (open && fromUs < open.fromUs && open.fromUs <= toUs) {
        // Without length it leaves no row; the new one goes on in its place.
        log.gapClosed(open.gap, open.fromUs, open.cause);
        open = { gap, fromUs, cause };
      } else log.gapClosed(gap, toUs, cause);
    },
    found(atUs) {
      if (!open) return;
      // The clock may have gone back in between; a hole never has a negative length.
      const toUs = Math.max(atUs, open.fromUs);
      log.gapClosed(open.gap, toUs, open.cause);
      count += 1;
      totalUs += toUs - open.fromUs;
      open = undefined;
    },
    get open() {
      return open;
    },
    get ended() {
      return { count, totalUs };
    },
  };
}
