/** This boot of the host and the time since it began, which no setting of the clock moves. */
export interface Boot {
  readonly id: string;
  readonly uptimeUs: number;
}

/** A moment at which something vouched for the wall clock. */
export interface Vouched {
  readonly boot: string;
  readonly uptimeUs: number;
  readonly utcUs: number;
}

export interface ClockEvidence {
  readonly nowUs: number;
  readonly boot: Boot | undefined;
  /** Whether the kernel's clock follows a time server; undefined: nobody says. */
  readonly synchronised: boolean | undefined;
  /** Camera's clock minus ours, ms, of every camera that said. */
  readonly cameraOffsetsMs: readonly number[];
  readonly vouched: Vouched | undefined;
  readonly confirmedByOfficer: boolean;
}

export type ClockVerdict =
  | { readonly trusted: true; readonly by: 'time_server' | 'cameras' | 'steady' | 'officer' }
  | { readonly trusted: false };

const CAMERAS_NEEDED = 3;
/** Erasing goes by days: minutes do not matter, and cameras are seldom exact. */
const CAMERAS_AGREE_MS = 5 * 60_000;
/** What a clock that nobody sets may drift between two runs, and then some. */
const STEADY_US = 60_000_000;

/**
 * Whether this clock may erase. After a boot or a jump one other source has to agree: a time server, the median
 * of three cameras, or an officer; after a jump within a boot that had been vouched for, only an officer. As long
 * as neither has happened since, the last vouching holds.
 */
export function judgeClock(evidence: ClockEvidence): ClockVerdict {
  if (evidence.confirmedByOfficer) return { trusted: true, by: 'officer' };
  // Within a boot the uptime shows a jump that neither a flag from before it nor a camera's last answer can know of.
  if (jumped(evidence)) return { trusted: false };
  if (evidence.synchronised) return { trusted: true, by: 'time_server' };
  const median = medianOf(evidence.cameraOffsetsMs);
  if (evidence.cameraOffsetsMs.length >= CAMERAS_NEEDED && Math.abs(median) <= CAMERAS_AGREE_MS)
    return { trusted: true, by: 'cameras' };
  return isSteady(evidence) ? { trusted: true, by: 'steady' } : { trusted: false };
}

const jumped = (evidence: ClockEvidence) =>
  evidence.boot !== undefined && evidence.vouched?.boot === evidence.boot.id && !isSteady(evidence);

const isSteady = ({ boot, vouched, nowUs }: ClockEvidence): boolean =>
  vouched !== undefined && keptStep(vouched, { boot, utcUs: nowUs });

/** Whether nobody has set the wall clock between two moments of one boot. */
export function keptStep(
  then: Vouched,
  now: { readonly boot: Boot | undefined; readonly utcUs: number },
): boolean {
  if (!now.boot || then.boot !== now.boot.id) return false;
  const movedUs = now.utcUs - then.utcUs - (now.boot.uptimeUs - then.uptimeUs);
  return Math.abs(movedUs) <= STEADY_US;
}

function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [low, high] = [sorted[sorted.length % 2 === 0 ? middle - 1 : middle] ?? 0, sorted[middle] ?? 0];
  return (low + high) / 2;
}
