/** What is compared: so small that a coat or a cable does not count, and hardly anybody could be told by it. */
export const VIEW_WIDTH = 64;
export const VIEW_HEIGHT = 36;

/** Brightness row by row, 0…255: {@link VIEW_WIDTH} × {@link VIEW_HEIGHT}. */
export type GreyPicture = Uint8Array;

/** What a camera shows, against what it showed when its reference was taken. Both 0…1 and further for `left`. */
export interface Agreement {
  /** How much of the reference's structure is where it was. Two rooms have about 0.2 in common. */
  readonly agreement: number;
  /** How much structure there is, compared with the reference's: above 1 there is more than there was. */
  readonly left: number;
}

const BLOCK_WIDTH = 8;
const BLOCK_HEIGHT = 6;
const ACROSS = VIEW_WIDTH / BLOCK_WIDTH;
/** Cameras write name and time along the top and the bottom, whatever they look at: the rows there are left out. */
const ROWS_LEFT_OUT = 1;
const BLOCKS = ACROSS * (VIEW_HEIGHT / BLOCK_HEIGHT - 2 * ROWS_LEFT_OUT);
/** Of squared brightness steps, mean over a block. Below it is noise, and what a coding at few bits makes up. */
const NOISE = 1;
/** The same: half of a block's weight. Above, an edge twice as strong is no more of a reference. */
const PLAIN = 16;

/**
 * Edges and where they run are compared, not brightness: lamps, night and infra-red change how strong an edge is, or
 * which of its sides is the brighter one, and not where it lies. So directions are doubled, which makes both senses of
 * an edge the same, and each block of the picture counts by how they correlate with the reference's: somebody who
 * stands there spoils some blocks alone, and a plain wall says nothing.
 *
 * @throws RangeError for a picture of another size
 */
export function compareViews(reference: GreyPicture, today: GreyPicture): Agreement {
  const [before, now] = [edgesOf(reference), edgesOf(today)];
  let [agreeing, weights, present] = [0, 0, 0];
  for (let block = 0; block < BLOCKS; block++) {
    const strength = product(before, before, block);
    const strengthNow = product(now, now, block);
    const common = Math.max(0, product(before, now, block));
    agreeing += (weightOf(strength) * common) / Math.sqrt((strength + NOISE) * (strengthNow + NOISE));
    weights += weightOf(strength);
    present += weightOf(strengthNow);
  }
  return weights === 0
    ? { agreement: 0, left: 0 }
    : { agreement: agreeing / weights, left: present / weights };
}

/** @returns 0…1: how much of a picture has structure. A dark or covered one has next to none, and is no reference. */
export function structureOf(picture: GreyPicture): number {
  const edges = edgesOf(picture);
  let present = 0;
  for (let block = 0; block < BLOCKS; block++) present += weightOf(product(edges, edges, block));
  return present / BLOCKS;
}

const weightOf = (strength: number) => strength / (strength + PLAIN);

/** Brightness steps by direction doubled: `along` and `across` of each pixel, as strong as the step. */
interface Edges {
  readonly along: Float32Array;
  readonly across: Float32Array;
}

function edgesOf(picture: GreyPicture): Edges {
  if (picture.length !== VIEW_WIDTH * VIEW_HEIGHT) throw new RangeError(`no such picture: ${picture.length}`);
  const along = new Float32Array(picture.length);
  const across = new Float32Array(picture.length);
  for (let y = 1; y < VIEW_HEIGHT - 1; y++)
    for (let x = 1; x < VIEW_WIDTH - 1; x++) {
      const at = y * VIEW_WIDTH + x;
      const right = (picture[at + 1]! - picture[at - 1]!) / 2;
      const down = (picture[at + VIEW_WIDTH]! - picture[at - VIEW_WIDTH]!) / 2;
      const step = Math.hypot(right, down);
      if (step === 0) continue;
      along[at] = (right * right - down * down) / step;
      across[at] = (2 * right * down) / step;
    }
  return { along, across };
}

/** Mean over one block of the product of two fields. */
function product(a: Edges, b: Edges, block: number): number {
  const left = (block % ACROSS) * BLOCK_WIDTH;
  const top = (ROWS_LEFT_OUT + Math.floor(block / ACROSS)) * BLOCK_HEIGHT;
  let sum = 0;
  for (let y = top; y < top + BLOCK_HEIGHT; y++)
    for (let at = y * VIEW_WIDTH + left, end = at + BLOCK_WIDTH; at < end; at++)
      sum += a.along[at]! * b.along[at]! + a.across[at]! * b.across[at]!;
  return sum / (BLOCK_WIDTH * BLOCK_HEIGHT);
}
