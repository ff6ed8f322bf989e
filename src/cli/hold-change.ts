import { storageFolders } from '../config/folders.ts';
import { isoFromUs } from '../lib/clock.ts';
import { createSiteTime, parseLocalDay } from '../lib/site-time.ts';
import type { AccountEntry } from '../retention/accounts.ts';
import type { Hold, HoldState } from '../retention/holds.ts';
import { holdAccountsOf, holdBookOf } from '../stewardship/holds/copier.ts';
import { lockerKey } from '../stewardship/holds/copying.ts';
import type { CommandContext, CommandOption } from './command.ts';
import { type HoldNote, readNote, writeNote } from './hold-note.ts';
import { openReadingKeys } from './reading-keys.ts';

const LONGEST_BY = 200;
const LONGEST_REASON = 1000;

/** Who, and why: of every act on a hold. */
export const WHO: Readonly<Record<'by' | 'reason', CommandOption>> = {
  by: { type: 'string', value: 'NAME', help: { ko: '하는 사람', en: 'who does it' } },
  reason: { type: 'string', value: 'TEXT', help: { ko: '까닭', en: 'why' } },
};

export const END: CommandOption = {
  type: 'string',
  value: 'DAY',
  help: { ko: '이 날이 시작할 때 파기', en: 'erased when this day begins' },
};

/** What an act makes of a hold, and the facts that the ledger gets beside its id. */
export interface HoldAct {
  readonly event: Extract<AccountEntry['event'], `hold.${string}`>;
  readonly did: HoldNote[number]['did'];
  readonly from: readonly HoldState[];
  /** @throws a usage error where it may not */
  act(hold: Hold, nowUs: number): { hold: Hold; facts?: Readonly<Record<string, string>> };
}

/**
 * One act on the hold that the command names: entered into the ledger's spool, then into its page, under its lock.
 *
 * @throws a usage error for an unknown hold, one that is over, or without who and why
 */
export async function changeHold(context: CommandContext, { event, did, from, act }: HoldAct): Promise<Hold> {
  const config = context.config();
  const folders = storageFolders(config);
  const { hold: said } = context.words.retention;
  const [id = ''] = context.positionals;
  const { by, reason } = whoOf(context);
  const keyring = openReadingKeys(config, context);
  try {
    const changed = await holdBookOf(folders).change(id, from, async (hold) => {
      const nowUs = context.clock.utcUs();
      const { hold: after, facts = {} } = act(hold, nowUs);
      const note = noteAfter(keyring, hold, { at: isoFromUs(nowUs), did, by, reason });
      await holdAccountsOf(folders, context.clock).enter({
        event,
        facts: { hold: id, ...facts },
        personal: { by, reason },
      });
      return { ...after, note };
    });
    if (!changed) throw context.usageError(said.unknown({ hold: id }));
    return changed;
  } finally {
    keyring.close();
  }
}

/** One whose key is gone is over, and nothing about persons is kept of it any more. */
function noteAfter(keyring: ReturnType<typeof openReadingKeys>, hold: Hold, line: HoldNote[number]): string {
  const note = readNote(keyring, hold);
  if (note.length === 0) return '';
  const key = lockerKey(keyring, hold.id);
  try {
    return writeNote(key, hold.id, [...note, line]);
  } finally {
    key.fill(0);
  }
}

/** @throws a usage error: no hold is silent */
export function whoOf({ options, usageError, words }: CommandContext): { by: string; reason: string } {
  const [by, reason] = [options.text('by')?.trim(), options.text('reason')?.trim()];
  if (!by || !reason || by.length > LONGEST_BY || reason.length > LONGEST_REASON)
    throw usageError(words.retention.hold.needsWho);
  return { by, reason };
}

/** @returns when `--end` begins; undefined when it is not given; 0, which is past, for what is no day */
export function endOf({ options }: CommandContext, zone: string): number | undefined {
  const text = options.text('end');
  if (text === undefined) return undefined;
  try {
    return createSiteTime(zone).startOf(parseLocalDay(text));
  } catch (error) {
    if (error instanceof RangeError) return 0;
    throw error;
  }
}
