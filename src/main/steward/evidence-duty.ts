import { type CatalogueReader, createCatalogueReader } from '../../catalogue/reader.ts';
import { createEvidence } from '../../ledger/evidence.ts';
import { HOUR_US } from '../../lib/clock.ts';
import { isGirokError } from '../../lib/errors.ts';
import type { Duty } from '../../stewardship/schedule.ts';
import type { StewardParts } from './parts.ts';

/** Every ten minutes the last hours, now and then two days, for what was found late. */
const EVERY_MS = 10 * 60_000;
const USUALLY_US = 3 * HOUR_US;
const AT_TIMES_US = 48 * HOUR_US;

/** What was recorded, hour by hour; the first time everything that the ledger lacks. */
export function evidenceDuty({ folders, clock, siteTime, ledger, keeper, log }: StewardParts): Duty {
  let reader: CatalogueReader | undefined;
  const open = () => {
    try {
      reader ??= createCatalogueReader(folders.catalogue);
    } catch (error) {
      // Before the recorder has begun one there is nothing to enter.
      if (!isGirokError(error, 'storage_missing') && !isGirokError(error, 'recorder_not_running'))
        throw error;
    }
    return reader;
  };
  let looks = 0;
  return {
    name: 'evidence',
    when: { everyMs: EVERY_MS },
    atStart: true,
    async run(signal) {
      const mayEnter = () => keeper.mayEnter && !signal.aborted;
      if (!mayEnter()) return;
      const evidence = createEvidence({ ledger, catalogue: open, siteTime, clock, mayEnter });
      const backUs = looks % 6 === 5 ? AT_TIMES_US : USUALLY_US;
      const entries = await evidence.enter(looks === 0 ? undefined : clock.utcUs() - backUs);
      // One that was broken off begins where this one began.
      if (reader && mayEnter()) looks += 1;
      if (entries > 0) log.info('evidence.entered', { entries });
    },
  };
}
