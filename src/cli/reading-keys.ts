import type { Config } from '../config/config.ts';
import { storageFolders } from '../config/folders.ts';
import { rootKeyFile } from '../config/root-key-file.ts';
import { createSiteTime } from '../lib/site-time.ts';
import { createKeyring, type Keyring } from '../vault/keyring.ts';
import { loadRootKey } from '../vault/root-key.ts';
import type { CommandContext } from './command.ts';

/**
 * The keyring for reading footage, beside a running recorder or without one. Creates nothing.
 *
 * @throws GirokError `root_key_missing`, `root_key_wrong`, `credential_exposed`, `keyring_damaged`, `epoch_lost`
 */
export function openReadingKeys(config: Config, context: CommandContext): Keyring {
  return openKeys(config, context, true);
}

/**
 * The keyring for what makes a key of its own, a hold's. Repairs the second copy like every writer.
 *
 * @throws GirokError as {@link openReadingKeys}
 */
export function openWritingKeys(config: Config, context: CommandContext): Keyring {
  return openKeys(config, context, false);
}

function openKeys(config: Config, { clock, env }: CommandContext, readonly: boolean): Keyring {
  const folders = storageFolders(config);
  const rootKey = loadRootKey(rootKeyFile(config.storage.keys.root, env), { createIfAbsent: false });
  try {
    return createKeyring({
      folder: folders.keys,
      mirrorFolder: folders.keysMirror,
      rootKey,
      clock,
      siteTime: createSiteTime(config.site.timeZone),
      readonly,
    });
  } finally {
    rootKey.fill(0);
  }
}
