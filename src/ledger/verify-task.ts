import { type VerifierKey, vkeyOf } from './note.ts';
import { readKeptCheckpoint } from './second-place.ts';
import type { VerifyTask } from './verify-messages.ts';

export interface VerifyTaskParts {
  /** site.db */
  readonly path: string;
  readonly log: VerifierKey;
  readonly witnesses: readonly VerifierKey[];
  /** Files of checkpoints that were kept elsewhere; those that are not there vouch for nothing. */
  readonly kept: readonly string[];
}

/** What a thread has to be given to verify this ledger against whatever has seen it. @throws the system's error */
export async function verifyTask({
  path,
  log,
  witnesses,
  kept,
}: VerifyTaskParts): Promise<Omit<VerifyTask, 'stop'>> {
  const notes = await Promise.all(kept.map(readKeptCheckpoint));
  return {
    path,
    log: vkeyOf(log),
    witnesses: witnesses.map(vkeyOf),
    kept: notes.flatMap((one) => (one ? [one.note] : [])),
  };
}
