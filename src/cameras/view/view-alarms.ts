import type { AlarmCode, Alarms } from '../../stewardship/alarms.ts';
import type { ViewState } from './standing.ts';

export const VIEW_ALARMS = ['camera_view_changed', 'camera_covered'] as const satisfies readonly AlarmCode[];

/** One look can be spoilt by a bed that is pushed by; two, ten minutes apart, hardly. */
export const LOOKS_TO_ALARM = 2;

/** What has to be told of a view: one of the two alarms, or none. Pure. */
export function viewAlarm({
  doubts,
  state,
}: {
  readonly doubts: number;
  readonly state: ViewState;
}): (typeof VIEW_ALARMS)[number] | undefined {
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
