import type { LedgerRows } from '../db/site/ledger-rows.ts';
import { type Clock, MINUTE_US, SECOND_US } from '../lib/clock.ts';
import type { Alarms } from '../stewardship/alarms.ts';
import type { SignedCheckpoint } from './checkpoint.ts';
import type { Checkpoints } from './checkpoints.ts';
import type { VerifierKey } from './note.ts';
import type { Divergence } from './second-place.ts';
import type { WitnessClient } from './witness-client.ts';

export interface AnchoringDeps {
  readonly witness: WitnessClient;
  readonly checkpoints: Checkpoints;
  readonly rows: LedgerRows;
  readonly log: VerifierKey;
  readonly clock: Clock;
  readonly alarms: Alarms;
  /** Told of the witness's own time, POSIX seconds, just after it signed. */
  timed?(atS: number): void;
  /** The witness holds a signature of ours over another history: the one under `seen`. */
  contradicted(divergence: Divergence, seen: SignedCheckpoint): Promise<void>;
  failed(error: unknown): void;
}

/** Brings each checkpoint to a witness: only from then on nobody on this machine can take it back. */
export interface Anchoring {
  /** Called often; does something when it is time. Never throws; one submission at a time. */
  round(): Promise<void>;
}

const AGAIN_US = 20 * SECOND_US;
/** Also when nothing was added: to the witness, silence means that this machine is gone. */
const ALIVE_US = 5 * MINUTE_US;
const SILENT_US = 15 * MINUTE_US;

export function createAnchoring(deps: AnchoringDeps): Anchoring {
  const { witness, checkpoints, rows, log, clock, alarms } = deps;
  let tried = { size: 0, monoUs: -Infinity };
  let signedMonoUs = clock.monoUs();
  let signedSize = 0;
  let isBusy = false;

  const submit = async () => {
    const last = checkpoints.last();
    const nowUs = clock.monoUs();
    const isNew = last && last.size > signedSize;
    if (!last) return;
    // A new checkpoint at once; the same one again after a while.
    const pauseUs = isNew ? AGAIN_US : ALIVE_US;
    if (last.size === tried.size && nowUs - tried.monoUs < pauseUs) return;
    tried = { size: last.size, monoUs: nowUs };
    const outcome = await witness.submit(last, rows, log);
    if (outcome.kind === 'contradicts') return await deps.contradicted(outcome.divergence, outcome.seen);
    if (outcome.kind === 'signed') {
      if (isNew) checkpoints.addSignature(last, witness.key, outcome.line);
      signedSize = last.size;
      signedMonoUs = clock.monoUs();
      deps.timed?.(outcome.atS);
      alarms.clear('witness_silent', '');
    } else if (clock.monoUs() - signedMonoUs > SILENT_US)
      alarms.raise('witness_silent', '', { reason: outcome.reason });
  };

  return {
    async round() {
      if (isBusy) return;
      isBusy = true;
      try {
        await submit();
      } catch (error) {
        deps.failed(error);
      } finally {
        isBusy = false;
      }
    },
  };
}
