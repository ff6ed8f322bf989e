import type { CameraHistory } from '../../../src/contract/cameras.ts';

type Column = readonly (number | null)[];

/** Least, mean and most of what is known; undefined where nothing is. */
export interface Sum {
  readonly least: number;
  readonly mean: number;
  readonly most: number;
}

export function sumOf(least: Column, mean: Column, most: Column): Sum | undefined {
  const known = (column: Column) => column.filter((value) => value !== null);
  const means = known(mean);
  if (means.length === 0) return undefined;
  return {
    least: known(least).reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY),
    mean: means.reduce((a, b) => a + b, 0) / means.length,
    most: known(most).reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY),
  };
}

/** A row of the table that says what a plot shows. */
export interface SummedUp {
  /** UNIX seconds. */
  readonly from: number;
  readonly fps: Sum;
  readonly rate: Sum;
  readonly missing: number;
  readonly damaged: number;
  /** s */
  readonly clock: number | undefined;
}

/** At most `most` rows over from…to, UNIX seconds; times of which nothing is known have none. */
export function summedUp(
  { at, fps, bitsPerSecond, missingPackets, damagedFrames, clockOffsetMs }: CameraHistory['streams'][number],
  { from, to, most }: { readonly from: number; readonly to: number; readonly most: number },
): SummedUp[] {
  const width = (to - from) / most;
  const groups = Map.groupBy(at.keys(), (i) => Math.floor(((at[i] ?? 0) - from) / width));
  return [...groups].flatMap(([group, points]) => {
    const of = (column: Column) => points.map((i) => column[i] ?? null);
    const total = (column: Column) => of(column).reduce((sum: number, value) => sum + (value ?? 0), 0);
    const frames = sumOf(of(fps.least), of(fps.mean), of(fps.most));
    const rate = sumOf(of(bitsPerSecond.least), of(bitsPerSecond.mean), of(bitsPerSecond.most));
    if (!frames || !rate) return [];
    const offsets = of(clockOffsetMs).filter((value) => value !== null);
    const [furthest] = offsets.sort((a, b) => Math.abs(b) - Math.abs(a));
    return [
      {
        from: from + group * width,
        fps: frames,
        rate,
        missing: total(missingPackets),
        damaged: total(damagedFrames),
        clock: furthest === undefined ? undefined : furthest / 1000,
      },
    ];
  });
}
