import type { FragmentFacts } from '../media/fmp4/fragment-facts.ts';
import type { ActivityMeter } from './activity.ts';
import type { Gop } from './gop-codec.ts';

/** Where a fragment lies in the segment's plaintext, and when it was. */
export interface PlacedFragment {
  readonly facts: FragmentFacts;
  readonly offset: number;
  readonly bytes: number;
  /** Wall clock of its first frame, µs UTC. */
  readonly startUs: number;
}

/** Gathers a segment's fragments into GOPs, each from a fragment that begins with a key frame to the next. */
export interface GopBuilder {
  add(fragment: PlacedFragment): void;
  /** The GOPs so far, the unfinished one included. */
  gops(): readonly Gop[];
}

/**
 * @param timescale ticks per second of media time
 * @param meter the stream's own
 */
export function createGopBuilder(timescale: number, meter: ActivityMeter): GopBuilder {
  const done: Gop[] = [];
  let current: PlacedFragment[] = [];

  function close() {
    const first = current[0];
    const last = current.at(-1);
    if (!first || !last) return;
    const durationTicks = current.reduce((sum, { facts }) => sum + facts.durationTicks, 0);
    const samples = current.flatMap(({ facts }) => facts.samples);
    done.push({
      startUs: first.startUs,
      mediaStart: first.facts.mediaStart,
      durationTicks,
      offset: first.offset,
      bytes: last.offset + last.bytes - first.offset,
      frames: samples.length,
      activity: meter.measure(samples, (durationTicks / timescale) * 1_000_000),
    });
    current = [];
  }

  return {
    add(fragment) {
      if (fragment.facts.startsWithKeyFrame) close();
      current.push(fragment);
    },
    gops() {
      close();
      return done;
    },
  };
}
