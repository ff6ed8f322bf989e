/** When a picture is decoded and shown, in ticks of its track's timescale. */
export interface PictureTimes {
  readonly decodeTicks: number;
  readonly durationTicks: number;
  /** Presentation time minus decode time. */
  readonly shownLaterTicks: number;
}

export interface PictureOrder {
  /** By how many pictures all are shown later than they are decoded, so that none is shown before. */
  readonly delay: number;
  /** Of each picture, in the order of decoding: how many are shown before it. */
  readonly ranks: readonly number[];
  /** Presentation times, ticks, in the order shown. */
  readonly shownTicks: readonly number[];
}

/** @param pictures of one group, in the order of decoding */
export function pictureOrder(pictures: readonly PictureTimes[]): PictureOrder {
  const shown = pictures.map(({ decodeTicks, shownLaterTicks }, index) => ({
    index,
    ticks: decodeTicks + shownLaterTicks,
  }));
  shown.sort((a, b) => a.ticks - b.ticks || a.index - b.index);
  const ranks: number[] = new Array(pictures.length);
  let delay = 0;
  for (const [rank, { index }] of shown.entries()) {
    ranks[index] = rank;
    delay = Math.max(delay, index - rank);
  }
  return { delay, ranks, shownTicks: shown.map(({ ticks }) => ticks) };
}
