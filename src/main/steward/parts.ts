import type { Config } from '../../config/config.ts';
import type { StorageFolders } from '../../config/folders.ts';
import type { Database } from '../../db/open.ts';
import type { Keeper } from '../../ledger/keeper.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { LogIdentity } from '../../ledger/log.ts';
import type { Clock } from '../../lib/clock.ts';
import type { createLog } from '../../lib/logger.ts';
import type { SiteTime } from '../../lib/site-time.ts';
import type { Alarms } from '../../stewardship/alarms.ts';

/** What the steward's duties are made of. */
export interface StewardParts {
  readonly config: Config;
  readonly folders: StorageFolders;
  readonly clock: Clock;
  readonly siteTime: SiteTime;
  /** site.db, open for writing. */
  readonly db: Database;
  readonly identity: LogIdentity;
  readonly ledger: Ledger;
  readonly keeper: Keeper;
  readonly alarms: Alarms;
  readonly log: ReturnType<typeof createLog>;
}
