import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { GirokError, systemCode } from '../lib/errors.ts';
import type { Config } from './config.ts';
import { CONFIG_MAX_BYTES, parseConfig } from './parse.ts';
import type { SettleOptions } from './settle.ts';

export type LoadOptions = Omit<SettleOptions, 'file'>;

/**
 * Reads and checks a cameras.yml. Secrets are only referred to; nothing is contacted.
 *
 * @throws {GirokError} `config_unreadable`; {ConfigFaulty} with every fault at once.
 */
export function loadConfig(path: string, options: LoadOptions = {}): Config {
  const file = resolve(path);
  return parseConfig(readText(file), { ...options, file });
}

function readText(path: string): string {
  try {
    if (statSync(path).size > CONFIG_MAX_BYTES)
      throw new GirokError('config_unreadable', { path, reason: 'larger than 1 MiB' });
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof GirokError) throw error;
    throw new GirokError(
      'config_unreadable',
      { path, reason: systemCode(error) ?? 'unknown' },
      { cause: error },
    );
  }
}
