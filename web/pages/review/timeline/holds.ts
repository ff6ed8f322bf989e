import type { HoldView } from '../../../../src/contract/holds.ts';
import { type View, xOf } from './view.ts';

/** Footage of one camera that is kept beyond its day, until when. Why is nobody's here. Instants: µs UTC. */
export interface Held extends View {
  readonly camera: string;
  readonly endUs: number;
}

const STAND: readonly HoldView['state'][] = ['beginning', 'copying', 'held'];

const usOf = (iso: string) => Date.parse(iso) * 1000;

/** What is held now, camera by camera. Pure. */
export const heldOf = (
  holds: readonly Pick<HoldView, 'state' | 'cameras' | 'from' | 'to' | 'end'>[],
): Held[] =>
  holds
    .filter(({ state }) => STAND.includes(state))
    .flatMap(({ cameras, from, to, end }) =>
      cameras.map((camera) => ({ camera, fromUs: usOf(from), toUs: usOf(to), endUs: usOf(end) })),
    );

/** The one that keeps it longest, of those that an instant lies in. */
export const heldAt = (held: readonly Held[], camera: string | undefined, atUs: number): Held | undefined =>
  held
    .filter((one) => one.camera === camera && atUs >= one.fromUs && atUs < one.toUs)
    .sort((a, b) => b.endUs - a.endUs)[0];

/** What of them is in sight, in pixels of its lane; an edge that is out of sight is drawn out of sight. */
export const heldBarsOf = (
  held: readonly Held[],
  camera: string,
  view: View,
  width: number,
): { readonly x: number; readonly width: number }[] =>
  held
    .filter((one) => one.camera === camera && one.toUs > view.fromUs && one.fromUs < view.toUs)
    .map((one) => {
      const x = Math.max(-OUT_OF_SIGHT_PX, xOf(view, width, one.fromUs));
      const end = Math.min(width + OUT_OF_SIGHT_PX, xOf(view, width, one.toUs));
      return { x, width: Math.max(LEAST_PX, end - x) };
    });

const OUT_OF_SIGHT_PX = 4;
const LEAST_PX = 3;
