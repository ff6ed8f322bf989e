import { join } from 'node:path';
import { GirokError } from '../lib/errors.ts';
import type { SecretReference } from './config.ts';
import type { Environment } from './environment.ts';

/**
 * The file that holds the root key: as named, or the credential that systemd laid down for this service.
 *
 * @throws GirokError `root_key_missing` for what no file can be behind
 */
export function rootKeyFile(
  root: SecretReference,
  env: Environment,
): { readonly path: string; readonly laidBySystemd: boolean } {
  switch (root.kind) {
    case 'file':
      return { path: root.path, laidBySystemd: false };
    case 'systemd':
      if (!env.CREDENTIALS_DIRECTORY)
        throw new GirokError('root_key_missing', { reference: `systemd:${root.name}` });
      return { path: join(env.CREDENTIALS_DIRECTORY, root.name), laidBySystemd: true };
    case 'env':
      throw new GirokError('root_key_missing', { reference: `env:${root.name}` });
  }
}
