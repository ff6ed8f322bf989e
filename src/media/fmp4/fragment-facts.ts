/** One coded frame inside a fragment. */
export interface Sample {
  /** Ticks of the track's timescale. */
  readonly durationTicks: number;
  /** Presentation time minus decode time. */
  readonly shownLaterTicks: number;
  readonly bytes: number;
  readonly keyFrame: boolean;
  /** Where its bytes begin inside the fragment. */
  readonly offset: number;
}

/** What one fragment (`[prft] moof mdat`) says about itself. */
export interface FragmentFacts {
  /** Decode time of the first sample, in ticks of the track's timescale (`tfdt`). */
  readonly mediaStart: number;
  readonly durationTicks: number;
  readonly samples: readonly Sample[];
  /** The first sample is a key frame: a player can begin here. */
  readonly startsWithKeyFrame: boolean;
  /** Wall clock of the first sample, µs UTC, where a `prft` box gives it. */
  readonly wallUs?: number;
}
