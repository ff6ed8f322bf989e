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
