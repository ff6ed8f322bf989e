import { userInfo } from 'node:os';
import type { Config } from '../config/config.ts';
import { storageFolders } from '../config/folders.ts';
import type { LedgerEvent } from '../ledger/events.ts';
import { GirokError, isGirokError, systemCode } from '../lib/errors.ts';
import { holdAccountsOf } from '../stewardship/holds/places.ts';
import type { CommandContext, CommandOption } from './command.ts';
import { openWritingLedger } from './writing-ledger.ts';

/** In the lists that show names. */
export const SEALED: CommandOption = {
  type: 'boolean',
  help: {
    ko: '이름과 사유를 열지 않음 (열면 장부에 남음; 최상위 키가 필요함)',
    en: 'leave names and reasons sealed (opening them is entered, and needs the root key)',
  },
};

export type NamesShown = Extract<LedgerEvent, { event: 'log.exported' }>['facts'];

/** What the ledger is told of a list that somebody sees with its names. @param rows how many lines */
export const namesShown = ({ json }: CommandContext, view: NamesShown['view'], rows: number): NamesShown => ({
  view,
  formats: [json ? 'json' : 'screen'],
  rows,
});

/**
 * Who saw the names is in the ledger before anybody does.
 *
 * @throws GirokError `file_unwritable`, and as {@link openWritingLedger}; then nobody may see them
 */
export async function enterNamesShown(
  config: Config,
  context: CommandContext,
  facts: NamesShown,
): Promise<void> {
  const { ledger, close } = await openWritingLedger(config, context);
  try {
    ledger.write((tx) =>
      tx.append({ event: 'log.exported', facts, actor: 'process:cli' }, { personal: { by: accountHere() } }),
    );
  } catch (error) {
    // A full disk, or a database that somebody else keeps busy: the names wait, the list need not.
    const system = systemCode(error);
    if (isGirokError(error) || system === undefined) throw error;
    throw new GirokError('file_unwritable', { path: storageFolders(config).site, system }, { cause: error });
  } finally {
    close();
  }
}

/** The same of holds, which are accounted for through the spool: their book is there also before a ledger is. */
export const enterHoldersShown = (config: Config, context: CommandContext, rows: number): Promise<void> =>
  holdAccountsOf(storageFolders(config), context.clock).enter({
    event: 'log.exported',
    facts: namesShown(context, 'holds', rows),
    personal: { by: accountHere() },
  });

/** The account of this machine that a command runs under. */
export function accountHere(): string {
  try {
    return userInfo().username;
  } catch {
    // A number without a line in the machine's list of users, as in a container.
    return `uid ${process.getuid?.() ?? '?'}`;
  }
}
