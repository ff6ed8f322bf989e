import type { Timeline } from '../shapes.ts';
import type { View } from './view.ts';

/** What is known of one camera within some time. */
export interface Lane {
  readonly camera: string;
  readonly recorded: readonly View[];
  readonly gaps: readonly (View & { readonly cause: string })[];
  /** One byte for each bucket from the beginning on; undefined where one may not know who moves when. */
  readonly activity: Uint8Array | undefined;
}

export interface Lanes extends View {
  readonly bucketUs: number;
  readonly lanes: readonly Lane[];
}

export function lanesOf({ from, to, bucketSeconds, lanes }: Timeline): Lanes {
  const view = (span: { readonly from: string; readonly to: string }): View => ({
    fromUs: Date.parse(span.from) * 1000,
    toUs: Date.parse(span.to) * 1000,
  });
  return {
    ...view({ from, to }),
    bucketUs: bucketSeconds * 1e6,
    lanes: lanes.map((lane) => ({
      camera: lane.camera,
      recorded: lane.recorded.map(view),
      gaps: lane.gaps.map((gap) => ({ ...view(gap), cause: gap.cause })),
      activity: lane.activity === undefined ? undefined : bytesOf(lane.activity),
    })),
  };
}

const bytesOf = (base64: string): Uint8Array =>
  Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));

/** The gap that an instant lies in. */
export const gapAt = (lane: Lane | undefined, atUs: number) =>
  lane?.gaps.find(({ fromUs, toUs }) => atUs >= fromUs && atUs < toUs);

/** The first instant from this one on at which any camera has footage. */
export function nextFootage({ lanes }: Lanes, atUs: number): number | undefined {
  const next = lanes
    .flatMap(({ recorded }) => recorded)
    .filter(({ toUs }) => toUs > atUs)
    .map(({ fromUs }) => Math.max(fromUs, atUs));
  return next.length === 0 ? undefined : Math.min(...next);
}

/** Something moves here, and not only a leaf (catalogue/activity: octaves above the quiet picture). */
const MOVING = 32;

/**
 * Where the next movement of any lane begins, or the last one before.
 *
 * @param atUs within that movement it is another one that is looked for
 */
export function movementFrom(
  { fromUs, bucketUs, lanes }: Lanes,
  atUs: number,
  by: 1 | -1,
): number | undefined {
  const length = Math.max(0, ...lanes.map(({ activity }) => activity?.length ?? 0));
  const moves = (at: number) => lanes.some(({ activity }) => (activity?.[at] ?? 0) >= MOVING);
  const here = Math.floor((atUs - fromUs) / bucketUs);
  for (let at = here + by; at >= 0 && at < length; at += by)
    if (moves(at) && !moves(at - 1) && (by === 1 || fromUs + at * bucketUs < atUs))
      return fromUs + at * bucketUs;
  return undefined;
}
