import type { ViewingRow } from '../db/site/viewing-rows.ts';
import { GirokError } from '../lib/errors.ts';
import type { Grant } from './rules.ts';

/**
 * Whether that can have been seen in this viewing: one of its cameras, in the time that it showed. Pure.
 *
 * @param nowUs µs UTC; of live pictures what has been seen ends there
 * @throws GirokError `viewing_refused` {why: `not_approved`}
 */
export function assertSeenIn(
  { kind, openedUs, closedUs }: Pick<ViewingRow, 'kind' | 'openedUs' | 'closedUs'>,
  { cameras, fromUs, toUs }: Pick<Grant, 'cameras' | 'fromUs' | 'toUs'>,
  seen: { readonly camera: string; readonly fromUs: number; readonly toUs: number },
  nowUs: number,
): void {
  const [firstUs, lastUs] =
    kind === 'recorded' ? [fromUs ?? Infinity, toUs ?? -Infinity] : [openedUs, closedUs ?? nowUs];
  if (!cameras.includes(seen.camera) || seen.fromUs < firstUs || seen.toUs > lastUs)
    throw new GirokError('viewing_refused', { why: 'not_approved' });
}
