import { DAY_US, MINUTE_US, SECOND_US } from '../../lib/clock.ts';
import type { BackupKind, Manifest } from './manifest.ts';

/** What there is to lose now. */
export interface BackupNeed {
  readonly nowUs: number;
  readonly keyring: { readonly epoch: number; readonly keys: number } | undefined;
  /** Something is in the ledger that is none of its backups' own entries and not in the newest backup. */
  readonly entered: boolean;
  /** Of site.db: a large one is copied less often, so that its disk has other things to do. */
  readonly siteBytes: number;
}

const OFTEN_US = 15 * MINUTE_US;
const BYTES_PER_S = 256 * 1024;

/**
 * Which backup is due. At once after a rotation, since older keyrings open nothing any more, and whenever there are
 * new keys; of the ledger within 15 min of an entry, longer where copying takes longer (an hour for a GiB); a full
 * one each day. Pure.
 *
 * @param ours backups of this storage folder, oldest first
 */
export function dueBackup(need: BackupNeed, ours: readonly Manifest[]): BackupKind | undefined {
  const newest = ours.at(-1);
  const full = ours.findLast(({ kind }) => kind === 'full');
  if (!newest || !full || hasPassed(full, DAY_US, need)) return 'full';
  if (need.keyring?.epoch !== newest.keyring?.epoch) return 'full';
  if (need.keyring?.keys !== newest.keyring?.keys) return 'quick';
  const periodUs = Math.max(OFTEN_US, (need.siteBytes / BYTES_PER_S) * SECOND_US);
  return need.entered && hasPassed(newest, periodUs, need) ? 'quick' : undefined;
}

/** Also when the clock was set back behind it: how long ago that was nobody knows. */
function hasPassed({ madeAt }: Manifest, periodUs: number, { nowUs }: BackupNeed): boolean {
  const ageUs = nowUs - Date.parse(madeAt) * 1000;
  return ageUs >= periodUs || ageUs < 0;
}
