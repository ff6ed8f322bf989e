import { timeZone } from '../../../app/site.ts';
import type { Grant } from '../shapes.ts';
import { clockOf, dayOf } from '../zone.ts';
import type { Draft } from './draft.ts';

/** A draft that asks for the same as before. */
export function begunOf({ purpose, cameras, from, to }: Grant): Partial<Draft> {
  const zone = timeZone();
  return {
    purpose,
    cameras,
    ...(from !== undefined &&
      to !== undefined && {
        day: dayOf(zone, Date.parse(from)),
        from: clockOf(zone, Date.parse(from)),
        to: clockOf(zone, Date.parse(to)),
      }),
  };
}
