import type { Calendar } from '../shapes.ts';
import type { Lane, Lanes } from './lanes.ts';
import { type View, xOf } from './view.ts';

/** One rectangle of a timeline, in pixels of its lane: `height` 0…1 of it, from below. */
export interface Bar {
  readonly x: number;
  readonly width: number;
  readonly height: number;
  readonly is: 'recorded' | 'moving' | 'gap';
}

const RECORDED = 0.22;
const LEAST_PX = 1;

/** What of one lane is to be drawn. Nothing that is out of sight, and nothing twice at one pixel. */
export function barsOf(lane: Lane, { fromUs, bucketUs }: Lanes, view: View, width: number): Bar[] {
  const bar = (span: View, height: number, is: Bar['is']): Bar | undefined => {
    const x = Math.max(0, xOf(view, width, span.fromUs));
    const end = Math.min(width, xOf(view, width, span.toUs));
    return end <= 0 || x >= width || end <= x
      ? undefined
      : { x, width: Math.max(LEAST_PX, end - x), height, is };
  };
  const bars = [
    ...lane.recorded.map((span) => bar(span, RECORDED, 'recorded')),
    ...lane.gaps.map((span) => bar(span, 1, 'gap')),
  ];
  const { activity } = lane;
  if (activity) {
    const first = Math.max(0, Math.floor((view.fromUs - fromUs) / bucketUs));
    const last = Math.min(activity.length - 1, Math.ceil((view.toUs - fromUs) / bucketUs));
    for (let at = first; at <= last; ) {
      // Buckets of the same height that touch are one bar; those narrower than a pixel give it their highest.
      const x = xOf(view, width, fromUs + at * bucketUs);
      let highest = activity[at] ?? 0;
      let end = at + 1;
      while (
        end <= last &&
        (xOf(view, width, fromUs + end * bucketUs) < x + LEAST_PX || activity[end] === highest)
      ) {
        highest = Math.max(highest, activity[end] ?? 0);
        end++;
      }
      const span = { fromUs: fromUs + at * bucketUs, toUs: fromUs + end * bucketUs };
      if (highest > 0) bars.push(bar(span, RECORDED + (1 - RECORDED) * (highest / 255), 'moving'));
      at = end;
    }
  }
  return bars.filter((one) => one !== undefined);
}

/** The same by days: how much of each is recorded. */
export function dayBarsOf({ days }: Calendar, camera: string, view: View, width: number): Bar[] {
  return days.flatMap((day) => {
    const [fromUs, toUs] = [Date.parse(day.from) * 1000, Date.parse(day.to) * 1000];
    const seconds = day.cameras.find((one) => one.camera === camera)?.recordedSeconds ?? 0;
    const x = xOf(view, width, fromUs);
    const end = xOf(view, width, toUs);
    if (end <= 0 || x >= width || seconds === 0) return [];
    const height = Math.min(1, (seconds * 1e6) / (toUs - fromUs));
    return [{ x: x + 0.5, width: Math.max(LEAST_PX, end - x - 1), height, is: 'recorded' as const }];
  });
}
