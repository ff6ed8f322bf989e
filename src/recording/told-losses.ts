import type { CatalogueReader } from '../catalogue/reader.ts';
import { type Clock, MINUTE_US } from '../lib/clock.ts';
import type { LocalDay, SiteTime } from '../lib/site-time.ts';
import type { Spool } from '../stewardship/spool.ts';
import type { LastKnown } from './last-known.ts';

export interface LossTelling {
  readonly reader: Pick<CatalogueReader, 'lossSums'>;
  readonly siteTime: SiteTime;
  readonly clock: Clock;
  readonly known: LastKnown;
  readonly spool: Pick<Spool, 'append'>;
}

/** What still stands in the catalogue's queue at midnight belongs to the day that has ended. */
const SETTLED_US = 5 * MINUTE_US;
/** After a long absence: what is older has been erased, or will be soon. */
const MOST_DAYS = 31;
/** Of one entry; there are more only where cameras were taken out and others came on one day. */
const MOST_STREAMS = 512;

/**
 * Tells the losses of each day that is over, one entry a day however many there were. To be called every hour; days
 * that nobody told are told later. A crash just after telling tells a day again.
 */
export async function tellLosses({ reader, siteTime, clock, known, spool }: LossTelling): Promise<void> {
  const last = siteTime.addDays(siteTime.dayOf(clock.utcUs() - SETTLED_US), -1);
  const through = known.lossesThrough();
  // The first recorder of a site has nothing to make up for.
  if (through === undefined) return known.note({ lossesThrough: last });
  const earliest = siteTime.addDays(last, 1 - MOST_DAYS);
  let day: LocalDay = siteTime.addDays(through, 1);
  if (day < earliest) day = earliest;
  for (; day <= last; day = siteTime.addDays(day, 1)) {
    const sums = await reader.lossSums(siteTime.startOf(day), siteTime.startOf(siteTime.addDays(day, 1)));
    const streams = sums.map(({ ref, ...sum }) => ({ ...ref, ...sum }));
    for (let n = 0; n < streams.length; n += MOST_STREAMS)
      spool.append({
        event: 'recording.losses',
        facts: { day, streams: streams.slice(n, n + MOST_STREAMS) },
      });
    known.note({ lossesThrough: day });
  }
}
