import type { Config } from '../config/config.ts';
import { storageFolders } from '../config/folders.ts';
import { createSiteTime, parseLocalDay } from '../lib/site-time.ts';
import { createHoldActs, type HoldActs, type Holder } from '../stewardship/holds/acts.ts';
import { holdAccountsOf, holdBookOf } from '../stewardship/holds/places.ts';
import type { CommandContext, CommandOption } from './command.ts';
import { openWritingKeys } from './reading-keys.ts';

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

/**
 * What a command does to holds, told to the ledger by way of its spool: the book is there also before a ledger is.
 *
 * @throws as {@link HoldActs} and {@link openWritingKeys}
 */
export async function withHolds<T>(
  config: Config,
  context: CommandContext,
  work: (acts: HoldActs) => Promise<T>,
): Promise<T> {
  const { clock } = context;
  const folders = storageFolders(config);
  const keyring = openWritingKeys(config, context);
  try {
    return await work(
      createHoldActs({ book: holdBookOf(folders), accounts: holdAccountsOf(folders, clock), keyring, clock }),
    );
  } finally {
    keyring.close();
  }
}

/** @throws a usage error: no hold is silent */
export function whoOf({ options, usageError, words }: CommandContext): Holder {
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
