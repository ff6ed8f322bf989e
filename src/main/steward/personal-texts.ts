import { environment } from '../../config/environment.ts';
import { rootKeyFile } from '../../config/root-key-file.ts';
import type { PersonalSealing } from '../../ledger/personal.ts';
import { GirokError } from '../../lib/errors.ts';
import { createKeyring, type Keyring, keyringExists } from '../../vault/keyring.ts';
import { createPersonalSealing } from '../../vault/personal-keys.ts';
import { loadRootKey } from '../../vault/root-key.ts';
import type { StewardParts } from './parts.ts';

export interface PersonalTexts extends PersonalSealing {
  /** Undefined before the recorder has made one. @throws GirokError of the keyring */
  keyring(): Keyring | undefined;
  /** To be called each second: the wrapping key of an epoch that is over is forgotten. */
  dropRetired(): void;
  close(): void;
}

/** Personal texts under keys of the keyring, which is opened once there is something to seal. */
export function createPersonalTexts({
  config,
  folders,
  clock,
  siteTime,
}: Pick<StewardParts, 'config' | 'folders' | 'clock' | 'siteTime'>): PersonalTexts {
  let opened: Keyring | undefined;
  const open = (): Keyring | undefined => {
    // Making one is the recorder's: it knows whether there is footage whose keys are missing.
    if (opened || !keyringExists(folders.keys, folders.keysMirror)) return opened;
    const rootKey = loadRootKey(rootKeyFile(config.storage.keys.root, environment), {
      createIfAbsent: false,
    });
    try {
      opened = createKeyring({
        folder: folders.keys,
        mirrorFolder: folders.keysMirror,
        rootKey,
        clock,
        siteTime,
      });
    } finally {
      rootKey.fill(0);
    }
    return opened;
  };
  const close = () => {
    opened?.close();
    opened = undefined;
  };
  return {
    keyring: open,
    seal(plaintext, place) {
      const keyring = open();
      if (!keyring) throw new GirokError('keyring_damaged', { folder: folders.keys, reason: 'absent' });
      return createPersonalSealing(keyring, siteTime).seal(plaintext, place);
    },
    dropRetired() {
      try {
        opened?.dropRetired();
      } catch {
        // A keyring that cannot be read keeps no key in memory; what is wrong with it is said by whoever needs it next.
        close();
      }
    },
    close,
  };
}
