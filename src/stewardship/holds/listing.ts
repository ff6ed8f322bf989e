import type { HoldCopies } from '../../retention/hold-copies.ts';
import type { Hold, HoldBook } from '../../retention/holds.ts';
import type { MeasuredFolders } from '../../vault/measured-folders.ts';

/** A page of the book, and what there is of it. */
export interface ListedHold {
  readonly hold: Hold;
  /** Copied and read back. */
  readonly files: number;
  /** Of the copies as they lie on the disk. */
  readonly bytes: number;
  readonly missed: readonly { readonly file: string; readonly code: string }[];
}

export interface HoldListingDeps {
  readonly book: Pick<HoldBook, 'list' | 'read'>;
  copiesOf(hold: string): Pick<HoldCopies, 'list'>;
  /** The folders of a hold's locker. */
  lockerOf(hold: string): MeasuredFolders;
}

export interface HoldListing {
  /** All that are not erased, newest first. @throws GirokError `database_damaged`; the system's error */
  list(): Promise<ListedHold[]>;
  /** @returns undefined where there never was one */
  find(id: string): Promise<ListedHold | undefined>;
}

/** What a locker has does not change any more once it is whole: it is measured once. */
export function createHoldListing({ book, copiesOf, lockerOf }: HoldListingDeps): HoldListing {
  const whole = new Map<string, Omit<ListedHold, 'hold'>>();

  const measure = async ({ id, state }: Hold): Promise<Omit<ListedHold, 'hold'>> => {
    if (state === 'erased') return { files: 0, bytes: 0, missed: [] };
    const known = whole.get(id);
    if (known) return known;
    const copies = await copiesOf(id).list();
    const missed = copies.flatMap((each) =>
      'missed' in each ? [{ file: each.file, code: each.missed }] : [],
    );
    const locker = lockerOf(id);
    let bytes = 0;
    for (const day of await locker.cameraDays()) bytes += (await locker.contentsOf(day)).bytes;
    const measured = { files: copies.length - missed.length, bytes, missed };
    if (state === 'held') whole.set(id, measured);
    return measured;
  };

  return {
    async list() {
      const holds = (await book.list()).filter(({ state }) => state !== 'erased');
      const ids = new Set(holds.map(({ id }) => id));
      for (const id of whole.keys()) if (!ids.has(id)) whole.delete(id);
      return Promise.all(holds.reverse().map(async (hold) => ({ hold, ...(await measure(hold)) })));
    },
    async find(id) {
      const hold = await book.read(id);
      return hold && { hold, ...(await measure(hold)) };
    },
  };
}
