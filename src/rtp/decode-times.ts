/** Gives every picture its decode time: never later than it is shown, and always later than the one before. */
export interface DecodeTimes {
  /** @param shownAt presentation time of the next picture in the order sent, ticks */
  next(shownAt: number): number;
  /** The camera says from now on that so many pictures may be reordered; undefined: found out from the stream. */
  reorder(pictures: number | undefined): void;
}

/** More than this is learned from no stream: cameras that reorder at all reorder by one or two. */
const MOST_LEARNED = 4;

/**
 * RTP only says when a picture is shown. With `depth` pictures between sending and showing, a picture is decoded
 * at the time at which the picture `depth` places before it, in the order shown, is shown.
 *
 * @param pictureTicks a guess of the time between two pictures, for the first ones
 */
export function createDecodeTimes(pictureTicks: number): DecodeTimes {
  let depth = 0;
  let given = 0;
  let first = 0;
  let lastDecode: number | undefined;
  /** The latest `depth + 1` presentation times, in order. */
  const shown: number[] = [];
  return {
    next(shownAt) {
      if (given === 0) first = shownAt;
      let place = shown.length;
      while (place > 0 && (shown[place - 1] as number) > shownAt) place--;
      shown.splice(place, 0, shownAt);
      // One that is shown before all of them should have been decoded already: more is reordered than was known.
      if (shown.length > depth + 1 && place === 0 && depth < MOST_LEARNED) depth += 1;
      else if (shown.length > depth + 1) shown.shift();
      const steady = given < depth ? first - (depth - given) * pictureTicks : (shown[0] as number);
      given += 1;
      lastDecode = lastDecode === undefined ? steady : Math.max(lastDecode + 1, steady);
      return lastDecode;
    },
    reorder(pictures) {
      depth = Math.max(pictures ?? 0, given > 0 ? depth : 0);
    },
  };
}
