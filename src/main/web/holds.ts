import { join } from 'node:path';
import { storageFolders } from '../../config/folders.ts';
import { createViewingRows } from '../../db/site/viewing-rows.ts';
import type { HoldDeps } from '../../http/resources/holds.ts';
import type { NewEntry } from '../../ledger/entry.ts';
import type { Clock } from '../../lib/clock.ts';
import { GirokError } from '../../lib/errors.ts';
import { createHoldCopies } from '../../retention/hold-copies.ts';
import { createHoldActs } from '../../stewardship/holds/acts.ts';
import { createHoldListing } from '../../stewardship/holds/listing.ts';
import { readNote } from '../../stewardship/holds/note.ts';
import { holdBookOf, holdsFolder } from '../../stewardship/holds/places.ts';
import { createMeasuredFolders } from '../../vault/measured-folders.ts';
import { grantOf } from '../../viewing/rules.ts';
import { assertSeenIn } from '../../viewing/seen.ts';
import type { RunningConfig } from './running-config.ts';
import type { SiteAccess } from './site.ts';

/** The book of holds as the web process has it: it keeps the book and makes keys; copying is the steward's. */
export function createWebHolds(
  running: Pick<RunningConfig, 'current'>,
  clock: Clock,
  site: SiteAccess,
): HoldDeps {
  const folders = storageFolders(running.current);
  const book = holdBookOf(folders);
  const listing = createHoldListing({
    book,
    copiesOf: (hold) => createHoldCopies(holdsFolder(folders), hold),
    lockerOf: (hold) => createMeasuredFolders(join(folders.evidence, hold)),
  });
  return {
    list: listing.list,
    find: listing.find,
    notesOf(holds, { account, name }) {
      const keyring = site.keyring();
      const notes = new Map(holds.map((hold) => [hold.id, readNote(keyring, hold)]));
      const rows = [...notes.values()].filter(({ length }) => length > 0).length;
      // Who saw the names is in the ledger before anybody does.
      if (rows > 0)
        site.open().ledger.write((tx) =>
          tx.append(
            {
              event: 'log.exported',
              facts: { view: 'holds', formats: ['screen'], rows },
              actor: `person:${account}`,
            },
            { personal: { by: name } },
          ),
        );
      return notes;
    },
    acts: ({ account }) =>
      createHoldActs({
        book,
        accounts: {
          async enter({ event, facts, personal }) {
            // Which facts go with which event, the ledger looks at itself when it takes the entry.
            const entry = { event, facts, actor: `person:${account}` } as NewEntry;
            site.open().ledger.write((tx) => tx.append(entry, personal ? { personal: { ...personal } } : {}));
          },
        },
        keyring: site.keyring(),
        clock,
      }),
    seenIn(account, id, { cameras, ...range }) {
      const rows = createViewingRows(site.open().db);
      const viewing = rows.viewing(id);
      const grant = viewing && rows.grant(viewing.grantId);
      // Somebody else's is as unknown as one that never was.
      if (!viewing || !grant || viewing.account !== account) throw new GirokError('viewing_unknown');
      const nowUs = clock.utcUs();
      for (const camera of cameras) assertSeenIn(viewing, grantOf(grant), { camera, ...range }, nowUs);
      return { viewing: id, purpose: grant.purpose };
    },
    zoneOf: (camera) => running.current.cameras.find(({ id }) => id === camera)?.zone.class,
    clock,
  };
}
