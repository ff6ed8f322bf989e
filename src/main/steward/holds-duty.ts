import { environment } from '../../config/environment.ts';
import { rootKeyFile } from '../../config/root-key-file.ts';
import type { FileLock } from '../../db/lock.ts';
import { GirokError, isGirokError, systemCode } from '../../lib/errors.ts';
import { factsOf } from '../../lib/logger.ts';
import { type Hold, lapsedHolds } from '../../retention/holds.ts';
import { createCopier, takeCopying } from '../../stewardship/holds/copier.ts';
import { HOLD_ALARMS, holdAlarms } from '../../stewardship/holds/hold-alarms.ts';
import { holdBookOf } from '../../stewardship/holds/places.ts';
import type { Duty } from '../../stewardship/schedule.ts';
import { createKeyring } from '../../vault/keyring.ts';
import { loadRootKey } from '../../vault/root-key.ts';
import type { StewardParts } from './parts.ts';

const EVERY_MS = 1000;
/** What failed is tried again after so long, not each second. */
const AGAIN_US = 10_000_000;

/** Copies what holds cover, goes on where a crash broke it off, and says which hold needs somebody. */
export function holdsDuty({ config, folders, clock, siteTime, alarms, log }: StewardParts): Duty {
  const book = holdBookOf(folders);
  const copier = createCopier(config, clock, () => {
    const rootKey = loadRootKey(rootKeyFile(config.storage.keys.root, environment), {
      createIfAbsent: false,
    });
    try {
      const { keys: folder, keysMirror: mirrorFolder } = folders;
      return createKeyring({ folder, mirrorFolder, rootKey, clock, siteTime, readonly: true });
    } finally {
      rootKey.fill(0);
    }
  });
  let right: FileLock | undefined;
  const troubles = new Map<string, { why: string; atUs: number }>();

  const copyOne = async (hold: Hold, signal: AbortSignal) => {
    try {
      const { state } = await copier.copy(hold, signal);
      if (state === 'no_room') troubles.set(hold.id, { why: 'no_room', atUs: clock.monoUs() });
      else troubles.delete(hold.id);
      if (state === 'held') log.info('hold.copied', { hold: hold.id });
    } catch (error) {
      signal.throwIfAborted();
      const why = isGirokError(error) ? error.code : systemCode(error);
      if (why === undefined) throw error;
      if (troubles.get(hold.id)?.why !== why) log.error('hold.failed', { hold: hold.id, ...factsOf(error) });
      troubles.set(hold.id, { why, atUs: clock.monoUs() });
      // What could not be read with these may be readable with fresh ones.
      await copier.close();
    }
  };

  const tell = async () => {
    const whys = new Map([...troubles].map(([hold, { why }]) => [hold, why]));
    const now = holdAlarms(await book.list(), whys, clock.utcUs());
    for (const { code, hold, facts } of now) alarms.raise(code, hold, facts);
    for (const { code, subject } of alarms.standing()) {
      const isOurs = HOLD_ALARMS.some((each) => each === code);
      if (isOurs && !now.some((each) => each.code === code && each.hold === subject))
        alarms.clear(code, subject);
    }
  };

  return {
    name: 'holds',
    when: { everyMs: EVERY_MS },
    atStart: true,
    async run(signal) {
      // A command that copies has it for a while.
      right ??= takeCopying(folders);
      const nowUs = clock.utcUs();
      const holds = await book.list();
      const over = new Set(lapsedHolds(holds, nowUs).map(({ hold }) => hold));
      const copying = holds.filter(({ id, state }) => state === 'copying' && !over.has(id));
      for (const id of troubles.keys()) if (!copying.some((hold) => hold.id === id)) troubles.delete(id);
      await tell();
      try {
        for (const hold of right ? copying : []) {
          const failedUs = troubles.get(hold.id)?.atUs;
          if (failedUs !== undefined && clock.monoUs() - failedUs < AGAIN_US) continue;
          await copyOne(hold, signal);
          await tell();
        }
      } finally {
        // No key is kept while there is nothing to copy: a purge may retire it meanwhile.
        await copier.close();
      }
      const [path] = await book.damaged();
      if (path !== undefined) throw new GirokError('database_damaged', { path });
    },
  };
}
