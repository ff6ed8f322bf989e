import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Language } from '../i18n/language.ts';
import { GirokError, systemCode } from '../lib/errors.ts';
import type { Config, NotifyConfig } from './config.ts';
import { CONFIG_MAX_BYTES, parseConfig, parseNotify } from './parse.ts';
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

/**
 * Reads and checks a file of its own with what the section `notify` has.
 *
 * @throws {GirokError} `config_unreadable`; {ConfigFaulty} with every fault at once.
 */
export function loadNotify(path: string, language: Language): NotifyConfig {
  const file = resolve(path);
  return parseNotify(readText(file), file, language);
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
