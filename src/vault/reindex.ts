import { isGirokError } from '../lib/errors.ts';
import { parseFile } from './identity.ts';
import { type SalvageDeps, type SalvagedSegment, salvage } from './salvage.ts';
import { cameraDaysOf, type RegisteredFile, type SegmentRegister } from './segment-tree.ts';

/**
 * What the catalogue has to take in. `segment`: a file that it does not know or knows as open, fully read.
 * `unreadable`: a file that cannot be opened; it stays where it is. `absent`: an open row whose file never came.
 */
export type Reindexed =
  | {
      readonly kind: 'segment';
      readonly id: string;
      readonly wasOpen: boolean;
      readonly segment: SalvagedSegment;
    }
  | {
      readonly kind: 'unreadable';
      readonly id: string;
      readonly file: string;
      readonly wasOpen: boolean;
      readonly error: Error;
    }
  | { readonly kind: 'absent'; readonly id: string; readonly file: string };

export interface ReindexOptions extends Omit<SalvageDeps, 'onFragment'> {
  readonly register: SegmentRegister;
  /** Called with each fragment of the segment that comes next, for the index of its pictures. */
  readonly onFragment?: (file: string, fragment: Buffer, offset: number) => void;
  readonly signal?: AbortSignal;
}

/**
 * Brings a catalogue that is behind, older or empty up to what the files say, one camera-day at a time. It runs
 * before recording starts, deletes nothing and changes no file, so that it may be broken off and run again.
 */
export async function* reindex(options: ReindexOptions): AsyncGenerator<Reindexed> {
  const { store, register, signal, onFragment } = options;
  const { days } = await cameraDaysOf(store);
  const onDisk = new Set(days.map(({ camera, day }) => `${camera}/${day}`));
  for (const { camera, day } of register.cameraDays()) {
    if (onDisk.has(`${camera}/${day}`)) continue;
    yield* openRows(register.filesOf(camera, day)).map(absent);
  }
  for (const { camera, day } of days) {
    const rows = register.filesOf(camera, day);
    const known = new Map(rows.map((row) => [row.file, row]));
    const present = ((await store.list(`${camera}/${day}`)) ?? []).map((name) => `${camera}/${day}/${name}`);
    for (const file of present.sort()) {
      signal?.throwIfAborted();
      const id = parseFile(file)?.segment;
      const row = known.get(file);
      if (id === undefined || (row && row.state !== 'open')) continue;
      const wasOpen = row !== undefined;
      try {
        const each = onFragment && { onFragment: (data: Buffer, at: number) => onFragment(file, data, at) };
        yield {
          kind: 'segment',
          id,
          wasOpen,
          segment: await salvage({ ...options, ...each } as SalvageDeps, file),
        };
      } catch (error) {
        if (!isOfTheFile(error)) throw error;
        yield { kind: 'unreadable', id, file, wasOpen, error };
      }
    }
    const there = new Set(present);
    yield* openRows(rows)
      .filter((row) => !there.has(row.file))
      .map(absent);
  }
}

const openRows = (rows: readonly RegisteredFile[]) => rows.filter((row) => row.state === 'open');

const absent = ({ id, file }: RegisteredFile): Reindexed => ({ kind: 'absent', id, file });

/** One bad file must not hide the others; a keyring that is gone concerns them all. */
const isOfTheFile = (error: unknown): error is Error =>
  isGirokError(error, 'segment_damaged') ||
  isGirokError(error, 'segment_unreadable') ||
  isGirokError(error, 'key_missing');
