import { isGirokError } from '../../lib/errors.ts';
import type { CameraId } from '../../lib/ids.ts';
import type { LocalDay } from '../../lib/site-time.ts';
import { dueRecords, recordYearsOf } from '../../retention/records.ts';
import type { Duty } from '../../stewardship/schedule.ts';
import type { Keyring } from '../../vault/keyring.ts';
import { parsePersonalKey, personalKeyName, personalKeyText } from '../../vault/personal-keys.ts';
import type { StewardParts } from './parts.ts';

const EVERY_MS = 60 * 60_000;
/** In one transaction: it holds the write lock for some milliseconds only. */
const AT_ONCE = 500;

/**
 * Sealed texts whose key has been erased are of no use to anybody: their rows go. Only of months that are over, so
 * that a keyring which has lost a key by mischance costs no row.
 *
 * @param keyring undefined before there is one
 */
export function textsDuty(
  { config, clock, siteTime, ledger, keeper, log }: StewardParts,
  keyring: () => Keyring | undefined,
): Duty {
  const years = recordYearsOf(config.records);
  return {
    name: 'texts',
    when: { everyMs: EVERY_MS },
    atStart: true,
    async run(signal) {
      const names = ledger.rows.personalKeys().flatMap((text) => {
        const key = parsePersonalKey(text);
        return key ? [personalKeyName(key)] : [];
      });
      const due = dueRecords({ nowUs: clock.utcUs(), siteTime, years, names });
      // Opened only when there is something to look up: it is a file that others work with.
      const keys = due.length > 0 ? keyring() : undefined;
      if (!keys) return;
      for (const key of due) {
        if (stands(keys, key)) continue;
        let rows = 0;
        for (let gone = AT_ONCE; gone === AT_ONCE; rows += gone) {
          if (signal.aborted || !keeper.mayEnter) return;
          gone = ledger.write(() => ledger.rows.removePersonal(personalKeyText(key), AT_ONCE));
          // Others want to write too.
          await new Promise((resolve) => setImmediate(resolve));
        }
        log.info('texts.removed', { class: key.class, month: key.month, rows });
      }
    },
  };
}

function stands(keyring: Keyring, key: Parameters<typeof personalKeyName>[0]): boolean {
  const { camera, day, hour } = personalKeyName(key);
  try {
    keyring.hourKey(camera as CameraId, day as LocalDay, hour).fill(0);
    return true;
  } catch (error) {
    if (isGirokError(error, 'key_missing')) return false;
    throw error;
  }
}
