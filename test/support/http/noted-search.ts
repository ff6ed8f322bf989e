import type { CameraSearchDeps } from '../../../src/http/resources/camera-search.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import { AN_ID } from './noted-people.ts';

/** A search that finds nothing, at once. */
export const notedSearch: CameraSearchDeps = {
  clock: systemClock,
  current: () => undefined,
  cancel: () => undefined,
  discover: () => AN_ID,
  look: () => AN_ID,
  entryOf: () => ({ entry: '', faults: [] }),
};
