import type { ViewDesk } from '../../../src/cameras/view/desk.ts';

/** Views of which nothing is known. */
export const notedViews: ViewDesk = {
  begin: () => undefined,
  round: async () => undefined,
  look: async () => undefined,
  accept: () => undefined,
  standing: () => undefined,
  scores: () => [],
  isWatched: () => true,
  stop: async () => undefined,
};
