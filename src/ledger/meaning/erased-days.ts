/** Which camera-days have been erased: day after day, so that a few ranges say all of them. */
export interface ErasedDays {
  add(camera: string, day: string): void;
  has(camera: string, day: string): boolean;
}

const DAY_MS = 86_400_000;
const numberOf = (day: string): number => Date.parse(`${day}T00:00:00Z`) / DAY_MS;

interface Range {
  from: number;
  to: number;
}

export function createErasedDays(): ErasedDays {
  const ranges = new Map<string, Range[]>();
  return {
    add(camera, day) {
      const number = numberOf(day);
      const own = ranges.get(camera) ?? [];
      ranges.set(camera, own);
      const before = own.find(({ to }) => to === number - 1);
      const after = own.find(({ from }) => from === number + 1);
      if (own.some(({ from, to }) => from <= number && number <= to)) return;
      if (before && after) {
        before.to = after.to;
        own.splice(own.indexOf(after), 1);
      } else if (before) before.to = number;
      else if (after) after.from = number;
      else own.push({ from: number, to: number });
    },
    has(camera, day) {
      const number = numberOf(day);
      return ranges.get(camera)?.some(({ from, to }) => from <= number && number <= to) ?? false;
    },
  };
}
