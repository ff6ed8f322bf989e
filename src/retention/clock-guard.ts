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
  /** The witness's own time under its last signature, and this machine's uptime then. */
  readonly witness: Vouched | undefined;
  readonly confirmedByOfficer: boolean;
}

export type ClockVerdict =
  | { readonly trusted: true; readonly by: 'time_server' | 'cameras' | 'witness' | 'steady' | 'officer' }
  | { readonly trusted: false };

const CAMERAS_NEEDED = 3;
/** Erasing goes by days: minutes do not matter, and cameras are seldom exact. */
const CAMERAS_AGREE_MS = 5 * 60_000;
/** A witness is another machine with a clock of its own; what the uptime has added since is exact enough for so long. */
const WITNESS_AGREES_US = 5 * 60_000_000;
const WITNESS_GOOD_US = 86_400_000_000;
/** What a clock that nobody sets may drift between two runs, and then some. */
const STEADY_US = 60_000_000;

/**
 * Whether this clock may erase. After a boot or a jump one other source has to agree: a time server, the median
 * of three cameras, the witness, or an officer; after a jump within a boot that had been vouched for, only the
 * witness, whose time goes on by the uptime, or an officer. As long as neither has happened since, the last vouching
 * holds.
 */
export function judgeClock(evidence: ClockEvidence): ClockVerdict {
  if (evidence.confirmedByOfficer) return { trusted: true, by: 'officer' };
  if (witnessAgrees(evidence)) return { trusted: true, by: 'witness' };
  // Within a boot the uptime shows a jump that neither a flag from before it nor a camera's last answer can know of.
  if (jumped(evidence)) return { trusted: false };
  if (evidence.synchronised) return { trusted: true, by: 'time_server' };
  const median = medianOf(evidence.cameraOffsetsMs);
  if (evidence.cameraOffsetsMs.length >= CAMERAS_NEEDED && Math.abs(median) <= CAMERAS_AGREE_MS)
    return { trusted: true, by: 'cameras' };
  return isSteady(evidence) ? { trusted: true, by: 'steady' } : { trusted: false };
}

/** Its time and the uptime since tell what time it is, whatever anybody has set this machine's clock to. */
function witnessAgrees({ boot, witness, nowUs }: ClockEvidence): boolean {
  if (!boot || witness?.boot !== boot.id) return false;
  const sinceUs = boot.uptimeUs - witness.uptimeUs;
  if (sinceUs < 0 || sinceUs > WITNESS_GOOD_US) return false;
  return Math.abs(nowUs - (witness.utcUs + sinceUs)) <= WITNESS_AGREES_US;
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
