import type { Certificate } from '../contract/purge-outcome.ts';
import type { HourKeyRow } from '../db/keyring/tables.ts';
import { isGirokError, systemCode } from '../lib/errors.ts';
import type { MeasuredFolders } from '../vault/measured-folders.ts';
import { copiesIn, tryKeys } from '../vault/try-keys.ts';
import type { HourKeyName } from '../vault/wrapping.ts';

/** Somebody with everything that exists here, the root key included, tries to bring back what was erased. */
export interface RestoreAttempt {
  /** Chosen at random out of all that was erased. */
  readonly cameraDays: readonly { readonly camera: string; readonly day: string; readonly hours: number }[];
  /** Keyrings that were searched for copies of their keys, backups included. */
  readonly keyrings: number;
  /** Copies that were found, wrapped. */
  readonly copies: number;
  /** Epochs whose secrets exist; each copy was tried with all of them. */
  readonly epochs: readonly number[];
  /** Copies that opened, and files of those days that are still there: anything but 0 means not erased. */
  readonly opened: number;
  readonly files: number;
  /** A key that lives was tried in the same way: it has to open, or the attempt proves nothing. */
  readonly control: 'opened' | 'failed' | 'no_keys';
  /** Keyrings that could not be searched. */
  readonly unreadable: readonly string[];
}

export interface RestoreDeps {
  /** Every keyring that exists: the two of the storage, then the backups'. */
  readonly keyrings: readonly string[];
  /** The files of the epoch secret's places. */
  readonly slots: readonly string[];
  /** Stays the caller's to erase. */
  readonly rootKey: Buffer;
  readonly folders: Pick<MeasuredFolders, 'contentsOf'>;
  /** A whole number from 0 up to but without the given one. */
  random(below: number): number;
}

const MOST_DAYS = 20;

/** @throws the system's error of a vault that cannot be listed */
export async function attemptRestore(
  deps: RestoreDeps,
  certificates: readonly Certificate[],
): Promise<RestoreAttempt> {
  const chosen = choose(erasedDays(certificates), MOST_DAYS, deps.random);
  const names: HourKeyName[] = chosen.flatMap(({ camera, day, hours }) =>
    hours.map((hour) => ({ camera, day, hour })),
  );
  const copies: HourKeyRow[] = [];
  const living: HourKeyRow[] = [];
  const unreadable: string[] = [];
  for (const [place, path] of deps.keyrings.entries()) {
    try {
      const found = copiesIn(path, names, deps.random);
      copies.push(...found.copies);
      // Only the present keyring's keys have to open: those of a backup are of its time.
      if (place === 0 && found.other) living.push(found.other);
    } catch (error) {
      if (!isGirokError(error) && systemCode(error) === undefined) throw error;
      unreadable.push(path);
    }
  }
  const tried = tryKeys(copies, deps.slots, deps.rootKey);
  let files = 0;
  for (const each of chosen) files += (await deps.folders.contentsOf(each)).files;
  return {
    cameraDays: chosen.map(({ camera, day, hours }) => ({ camera, day, hours: hours.length })),
    keyrings: deps.keyrings.length,
    copies: tried.copies,
    epochs: tried.epochs,
    opened: tried.opened.length,
    files,
    control: controlOf(living, deps),
    unreadable,
  };
}

function controlOf(living: readonly HourKeyRow[], { slots, rootKey }: RestoreDeps) {
  if (living.length === 0) return 'no_keys';
  return tryKeys(living, slots, rootKey).opened.length > 0 ? 'opened' : 'failed';
}

type ErasedDay = Certificate['days'][number];

/** Days whose files had to stay for a hold are looked at when they have gone. */
function erasedDays(certificates: readonly Certificate[]): ErasedDay[] {
  const days = new Map<string, ErasedDay>();
  for (const { days: erased } of certificates)
    for (const each of erased) if (each.removesFiles) days.set(`${each.camera}/${each.day}`, each);
  return [...days.values()];
}

function choose<T>(all: readonly T[], most: number, random: (below: number) => number): T[] {
  const left = [...all];
  const chosen: T[] = [];
  while (chosen.length < most && left.length > 0) chosen.push(...left.splice(random(left.length), 1));
  return chosen;
}
