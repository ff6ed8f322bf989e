import type { EndedGap } from '../catalogue/changes.ts';
import { isoFromUs } from '../lib/clock.ts';
import type { SpooledEvent } from '../stewardship/spool.ts';
import type { LastKnown } from './last-known.ts';
import type { RecoveryResult } from './recovery.ts';

/** How the recorder before this one ended, as far as what it left tells. */
export function endBefore(
  before: LastKnown['before'],
  boot: string | undefined,
): 'stop' | 'crash' | 'host_restart' | undefined {
  if (!before) return undefined;
  if (before.runningIn === undefined) return 'stop';
  return boot === undefined || before.runningIn === boot ? 'crash' : 'host_restart';
}

export const gapEntry = ({ ref, fromUs, toUs, cause }: EndedGap, foundLater: boolean): SpooledEvent => ({
  event: 'recording.gap',
  facts: {
    ...ref,
    cause,
    from: isoFromUs(fromUs),
    to: isoFromUs(toUs),
    lastedMs: Math.round((toUs - fromUs) / 1000),
    ...(foundLater ? { foundLater: true } : {}),
  },
});

export const salvageEntry = ({ files, restored, chunks, unreadable }: RecoveryResult): SpooledEvent => ({
  event: 'footage.salvaged',
  facts: { files, restored, chunks, unreadable: unreadable.length },
});
