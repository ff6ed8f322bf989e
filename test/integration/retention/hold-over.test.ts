import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCatalogueReader } from '../../../src/catalogue/reader.ts';
import { DAY_US, HOUR_US, SECOND_US, systemClock } from '../../../src/lib/clock.ts';
import { type CameraId, newId } from '../../../src/lib/ids.ts';
import type { LocalDay } from '../../../src/lib/site-time.ts';
import { createHoldCopies } from '../../../src/retention/hold-copies.ts';
import { createHoldBook, emptyLocker, type Hold, type HoldBook } from '../../../src/retention/holds.ts';
import { copyHold } from '../../../src/stewardship/holds/copying.ts';
import { createLockerFolders } from '../../../src/vault/erase-locker.ts';
import { lockerKeyName } from '../../../src/vault/locker-key.ts';
import { createHoldHome, type HoldHome } from '../../support/retention/hold-home.ts';

let home: HoldHome;
let fromUs: number;
beforeAll(async () => {
  home = await createHoldHome();
  fromUs = systemClock.utcUs() - 2 * HOUR_US;
  await home.record(fromUs, fromUs + 15 * SECOND_US, 5);
});
afterAll(() => home?.remove());

const holdsIn = () => join(home.storage, 'retention', 'holds');
const evidence = () => join(home.storage, 'evidence');

async function addHold(): Promise<Hold> {
  const madeUs = systemClock.utcUs();
  const page: Hold = {
    v: 1,
    id: newId(madeUs),
    kind: 'desk',
    cameras: ['cam01'],
    fromUs,
    toUs: fromUs + 15 * SECOND_US,
    madeUs,
    reviewUs: madeUs + DAY_US,
    endUs: madeUs + DAY_US,
    state: 'beginning',
    note: '',
  };
  const keyring = home.keyring();
  const { camera, day, hour } = lockerKeyName(page.id);
  const begun = await createHoldBook(holdsIn()).begin(page, async () => {
    keyring.sealingKey(camera as CameraId, day as LocalDay, hour).fill(0);
    return { ...page, state: 'copying' };
  });
  keyring.close();
  return begun;
}

/** @param before is done before each use of the book, of the space and of the ledger's spool */
async function copy(hold: Hold, before: (step: number) => Promise<void>) {
  let steps = 0;
  const stepping =
    <Args extends unknown[], T>(work: (...args: Args) => Promise<T>) =>
    async (...args: Args): Promise<T> => {
      steps += 1;
      await before(steps);
      return work(...args);
    };
  const { change, during, read, ...rest } = createHoldBook(holdsIn());
  const book: HoldBook = {
    ...rest,
    change: stepping(change),
    read: stepping(read),
    during: (id, state, work) => stepping(() => during(id, state, work))(),
  };
  const entered: string[] = [];
  const keyring = home.keyring();
  const catalogue = createCatalogueReader(join(home.storage, 'catalogue.db'));
  try {
    const copied = await copyHold(
      {
        clock: systemClock,
        siteTime: home.siteTime,
        retentionDays: 30,
        book,
        accounts: { enter: async ({ event }) => void entered.push(event) },
        keyring,
        catalogue,
        folders: { vault: join(home.storage, 'vault'), evidence: evidence(), holds: holdsIn() },
        reserveBytes: 0,
        space: stepping(async () => ({ freeBytes: 1e12 })),
        signal: new AbortController().signal,
      },
      hold,
    );
    return { copied, steps, entered };
  } finally {
    keyring.close();
    await catalogue.close();
  }
}

describe('copying, and a purge that comes between any two of its steps', () => {
  it('is whole when none comes', async () => {
    const hold = await addHold();
    const { copied, steps, entered } = await copy(hold, async () => undefined);
    expect(copied).toEqual({ state: 'held', files: 3, missed: 0 });
    expect(entered).toEqual(['hold.copied']);
    expect(steps).toBeGreaterThan(9);
    expect(home.page(hold.id)).toMatchObject({ state: 'held' });
  });

  it('leaves no page, no file and no entry of what is gone, whenever it came', async () => {
    const whole = await copy(await addHold(), async () => undefined);
    for (let at = 1; at <= whole.steps; at++) {
      const hold = await addHold();
      const purge = async () => {
        const book = createHoldBook(holdsIn());
        await book.change(hold.id, ['copying'], (page) => ({ ...page, state: 'ended' }));
        await emptyLocker(hold.id, book, createLockerFolders(evidence()));
      };
      let isPurged = false;
      const { copied, entered } = await copy(hold, async (step) => {
        if (step !== at) return;
        await purge();
        isPurged = true;
      });
      // A slow machine looks once more at times.
      if (!isPurged) continue;
      expect(copied, `step ${at}`).toEqual({ state: 'over' });
      expect(entered).toEqual([]);
      expect(home.page(hold.id)).toMatchObject({ state: 'erased', note: '' });
      expect(home.locker(hold.id), `step ${at}`).toBeUndefined();
      const missed = (await createHoldCopies(holdsIn(), hold.id).list()).filter((each) => 'missed' in each);
      expect(missed).toEqual([]);
    }
  });

  it('forgets the key of a hold that is over, and never makes it anew', async () => {
    const hold = await addHold();
    const keyring = home.keyring();
    await copy(hold, async () => undefined);
    keyring.close();
    // As a purge leaves it, of a page that somebody has put back.
    const strange: Hold = { ...hold, id: newId(systemClock.utcUs()) };
    await createHoldBook(holdsIn()).begin(strange, async () => ({ ...strange, state: 'copying' }));
    await expect(copy(strange, async () => undefined)).rejects.toMatchObject({ code: 'key_missing' });
    expect(home.hasKey(strange.id)).toBe(false);
    expect(home.locker(strange.id)).toBeUndefined();
  });
});

describe('the book', () => {
  it('changes a page one after the other, out of the states that are named', async () => {
    const { id } = await addHold();
    const book = createHoldBook(holdsIn());
    const another = createHoldBook(holdsIn());
    await Promise.all(
      Array.from({ length: 20 }, (_, each) =>
        (each % 2 ? book : another).change(id, ['copying'], async (page) => {
          await new Promise((resolve) => setTimeout(resolve, 1));
          return { ...page, endUs: page.endUs + 1 };
        }),
      ),
    );
    const { madeUs, endUs } = home.page(id) as Hold;
    expect(endUs).toBe(madeUs + DAY_US + 20);
    await book.change(id, ['copying'], (page) => ({ ...page, state: 'ended' }));
    expect(await book.change(id, ['copying'], (page) => ({ ...page, state: 'held' }))).toBeUndefined();
    expect(home.page(id).state).toBe('ended');
    expect(await book.during(id, 'copying', async () => 1)).toBeUndefined();
    expect(await book.change('0'.repeat(16), ['copying'], (page) => page)).toBeUndefined();
  });
});
