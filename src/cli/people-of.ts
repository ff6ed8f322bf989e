import { createPeople, type People } from '../access/people.ts';
import type { Config } from '../config/config.ts';
import { rootKeyFile } from '../config/root-key-file.ts';
import { loadRootKey } from '../vault/root-key.ts';
import type { CommandContext } from './command.ts';
import { openWritingLedger } from './writing-ledger.ts';

/** What a command does with people, on the machine itself. @throws GirokError as {@link openWritingLedger} */
export async function withPeople<T>(
  context: CommandContext,
  work: (people: People) => Promise<T>,
  config: Config = context.config(),
): Promise<T> {
  const { db, ledger, close } = await openWritingLedger(config, context);
  try {
    const file = rootKeyFile(config.storage.keys.root, context.env);
    const rootKey = loadRootKey(file, { createIfAbsent: false });
    const people = createPeople({ db, ledger, clock: context.clock, config, rootKey });
    rootKey.fill(0);
    try {
      return await work(people);
    } finally {
      people.close();
    }
  } finally {
    close();
  }
}
