import { HOUR_US } from '../../lib/clock.ts';
import type { AlarmCode, Alarms } from '../../stewardship/alarms.ts';
import type { ViewState } from './standing.ts';

export const VIEW_ALARMS = [
  'camera_view_changed',
  'camera_covered',
  'camera_view_unchecked',
] as const satisfies readonly AlarmCode[];

/** One look can be spoilt by a bed that is pushed by; two, ten minutes apart, hardly. */
export const LOOKS_TO_ALARM = 2;

/** Each camera is looked at once a day, and after a failure each ten minutes: that is a day's look and half a day of trying. */
const UNCHECKED_US = 36 * HOUR_US;

/** Whether a look that failed again leaves a view unchecked for too long. Pure. */
export const isUnchecked = (lastGoodUs: number, nowUs: number): boolean => nowUs - lastGoodUs >= UNCHECKED_US;

/** What a look says of a view: one of two alarms, or none. Pure. */
export function viewAlarm({
  doubts,
  state,
}: {
  readonly doubts: number;
  readonly state: ViewState;
}): 'camera_view_changed' | 'camera_covered' | undefined {
  if (doubts < LOOKS_TO_ALARM) return undefined;
  return state === 'covered' ? 'camera_covered' : 'camera_view_changed';
}

/** Brings what is told of one camera to what is so. */
export function tellOf(
  alarms: Alarms,
  camera: string,
  standing: (typeof VIEW_ALARMS)[number] | undefined,
): void {
  for (const code of VIEW_ALARMS) if (code !== standing) alarms.clear(code, camera);
  if (standing) alarms.raise(standing, camera);
}
