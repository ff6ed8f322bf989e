import type { Asking, Camera } from '../shapes.ts';
import { dayAfter, msOf } from '../zone.ts';

/** What somebody has filled in so far. */
export interface Draft {
  readonly purpose: string | undefined;
  readonly reason: string;
  readonly requester: string;
  readonly cameras: readonly string[];
  /** Of the site: `2026-11-22`, `03:00:00`. An end that is not later is of the next day. */
  readonly day: string;
  readonly from: string;
  readonly to: string;
}

export type DraftField = 'purpose' | 'reason' | 'cameras' | 'range';
/** `future`: it has not been recorded yet. */
export type DraftFault = 'missing' | 'short' | 'future' | 'malformed';

export const LEAST_REASON = 10;
export const LONGEST_REASON = 500;
export const MOST_CAMERAS = 13;

/** Purposes that each of the cameras is installed for, in the site's order. */
export const sharedPurposes = <P extends { readonly id: string }>(
  purposes: readonly P[],
  cameras: readonly Pick<Camera, 'purposes'>[],
): P[] => purposes.filter(({ id }) => cameras.every((camera) => camera.purposes.includes(id)));

/** @returns ms UTC; undefined where day or times are none */
export function rangeOf(
  { day, from, to }: Pick<Draft, 'day' | 'from' | 'to'>,
  zone: string,
): { readonly fromMs: number; readonly toMs: number } | undefined {
  const fromMs = msOf(zone, day, from);
  const sameDay = msOf(zone, day, to);
  if (fromMs === undefined || sameDay === undefined) return undefined;
  const toMs = sameDay > fromMs ? sameDay : msOf(zone, dayAfter(day, 1), to);
  return toMs === undefined ? undefined : { fromMs, toMs };
}

/** What is not there yet or cannot be so, by field. */
export function faultsOf(
  draft: Draft,
  { zone, nowMs }: { readonly zone: string; readonly nowMs: number },
): Partial<Record<DraftField, DraftFault>> {
  const range = rangeOf(draft, zone);
  return {
    ...(draft.purpose === undefined && { purpose: 'missing' as const }),
    ...(draft.reason.trim().length < LEAST_REASON && { reason: 'short' as const }),
    ...(draft.cameras.length === 0 && { cameras: 'missing' as const }),
    ...(range === undefined
      ? { range: 'malformed' as const }
      : range.fromMs >= nowMs && { range: 'future' as const }),
  };
}

/** Of a draft without faults. What has not been recorded yet is left out. */
export function askingOf(
  draft: Draft,
  { zone, nowMs }: { readonly zone: string; readonly nowMs: number },
): Asking | undefined {
  const range = rangeOf(draft, zone);
  if (!range || draft.purpose === undefined) return undefined;
  const requester = draft.requester.trim();
  const isoOf = (ms: number) => new Date(ms).toISOString();
  return {
    kind: 'recorded',
    purpose: draft.purpose,
    reason: draft.reason.trim(),
    ...(requester !== '' && { requester }),
    cameras: draft.cameras,
    range: { from: isoOf(range.fromMs), to: isoOf(Math.min(range.toMs, nowMs)) },
  };
}
