import type { Timeline } from '../shapes.ts';

/** How much of what is asked for is recorded, by camera; 0…1. */
export function coverageOf({ from, to, lanes }: Timeline): Map<string, number> {
  const length = Date.parse(to) - Date.parse(from);
  return new Map(
    lanes.map(({ camera, recorded }) => [
      camera,
      length <= 0
        ? 0
        : recorded.reduce((sum, span) => sum + Date.parse(span.to) - Date.parse(span.from), 0) / length,
    ]),
  );
}
