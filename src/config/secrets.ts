import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { GirokError, systemCode } from '../lib/errors.ts';
import { Secret } from '../lib/secret.ts';
import type { SecretReference } from './config.ts';
import type { Environment } from './environment.ts';

/** Turns references into secrets, each time anew: a rotated password needs no restart. */
export interface Secrets {
  /** @throws {GirokError} `credential_missing` (absent or empty), `credential_exposed` (others could read the file). */
  resolve(reference: SecretReference): Secret;
}

const SECRET_MAX_BYTES = 4096;
const BY_OTHERS = 0o077;
/** systemd gives the service its right by an access list, whose mask stands where the group's rights would. */
const BEYOND_THE_SERVICE = 0o037;

export function createSecrets(deps: { readonly env: Environment; readonly uid: number }): Secrets {
  return {
    resolve(reference) {
      switch (reference.kind) {
        case 'env':
          return present(deps.env[reference.name], `env:${reference.name}`);
        case 'systemd': {
          const folder = deps.env.CREDENTIALS_DIRECTORY;
          if (!folder) throw new GirokError('credential_missing', { reference: printReference(reference) });
          return readPrivate(
            join(folder, reference.name),
            printReference(reference),
            deps.uid,
            BEYOND_THE_SERVICE,
          );
        }
        case 'file':
          return readPrivate(reference.path, printReference(reference), deps.uid);
      }
    },
  };
}

/** As it is written in cameras.yml. */
const printReference = (reference: SecretReference): string =>
  `${reference.kind}:${reference.kind === 'file' ? reference.path : reference.name}`;

/** Checks the opened file, not its path: between a look and an open it could be swapped. */
function readPrivate(path: string, reference: string, uid: number, forbidden = BY_OTHERS): Secret {
  let handle: number;
  try {
    handle = openSync(path, 'r');
  } catch (error) {
    const reason = systemCode(error) ?? 'unknown';
    throw new GirokError('credential_missing', { reference, reason }, { cause: error });
  }
  try {
    const { mode, uid: owner, size } = fstatSync(handle);
    if ((mode & forbidden) !== 0 || (owner !== uid && owner !== 0))
      throw new GirokError('credential_exposed', { reference, path, mode: (mode & 0o777).toString(8) });
    if (size > SECRET_MAX_BYTES)
      throw new GirokError('credential_missing', { reference, reason: 'too long' });
    return present(readFileSync(handle, 'utf8').replace(/\r?\n$/, ''), reference);
  } finally {
    closeSync(handle);
  }
}

function present(text: string | undefined, reference: string): Secret {
  if (!text) throw new GirokError('credential_missing', { reference });
  return new Secret(text);
}
