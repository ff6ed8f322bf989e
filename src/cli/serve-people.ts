import type { Config } from '../config/config.ts';
import { sentence } from '../i18n/sentences.ts';
import { isGirokError } from '../lib/errors.ts';
import type { CommandContext } from './command.ts';
import { withPeople } from './people-of.ts';

/** How the first people of a site come in, told once to whoever started it. */
export interface Beginning {
  /** To be called until it has nothing more to do: before the steward has begun the ledger there are no people. */
  tell(): Promise<void>;
}

/**
 * On a screen: a simulated site that nobody uses yet gets its sample accounts, another one that nobody manages a code
 * for its first administrator. Elsewhere what is printed is kept, so it says only how to get them.
 */
export function createBeginning(config: Config, context: CommandContext): Beginning {
  const said = context.words.people.command;
  let isTold = false;

  const begin = (): Promise<string | undefined> =>
    withPeople(
      context,
      async ({ firstRun, accounts, makeDemoAccounts }) => {
        if (firstRun.hasAdministrator()) return undefined;
        if (!context.live || context.json) return said.noAdministrator;
        if (config.simulatedSite.enabled && accounts.list().length === 0)
          return said.demo(await makeDemoAccounts());
        return said.firstCode({ code: firstRun.makeFirstCode() });
      },
      config,
    );

  return {
    async tell() {
      if (isTold) return;
      try {
        const text = await begin();
        isTold = true;
        if (text === undefined) return;
        // Standard error is the screen; standard output may go into a file.
        if (context.live) context.warn(`${text}\n`);
        else context.print(text);
      } catch (error) {
        // Not begun yet, or not by this program's version: the steward is at it.
        if (isGirokError(error, 'ledger_missing') || isGirokError(error, 'keyring_damaged')) return;
        // Whatever it is, it ends no recording, and the same is said of the command that a person types.
        isTold = true;
        context.warn(isGirokError(error) ? sentence(error, context.language) : String(error));
      }
    },
  };
}
