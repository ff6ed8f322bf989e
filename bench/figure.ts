/** One measured figure against its reference from the same run; one line of `bench --json`. */
export interface Figure {
  readonly figure: string;
  readonly value: number;
  readonly unit: string;
  /** What it was measured against, in the same unit; absent where a limit alone counts. */
  readonly reference?: number;
  /** `value / reference`. */
  readonly ratio?: number;
  /** In words, e.g. `<= 1 ms`. */
  readonly target: string;
  readonly holds: boolean;
}

/** A figure that has a limit of its own, and needs no reference. */
export const below = (figure: string, value: number, unit: string, limit: number): Figure => ({
  figure,
  value: Math.round(value * 1000) / 1000,
  unit,
  target: `<= ${limit} ${unit}`,
  holds: value <= limit,
});
