import { GirokError } from '../lib/errors.ts';
import type { Config } from './config.ts';
import { type ConfigDiff, diffConfig } from './diff.ts';
import { ConfigFaulty, type Fault } from './fault.ts';

/** The file as it lies on disk, held against what runs. */
export type FileOnDisk =
  | { readonly state: 'same' }
  /** What it says is not in force, or not yet: an edit is taken over within seconds, some of it after a restart. */
  | { readonly state: 'differs'; readonly differences: ConfigDiff }
  | { readonly state: 'faulty'; readonly faults: readonly Fault[] }
  | { readonly state: 'unreadable' };

/** @param load reads and checks it anew; throws what {@link loadConfig} throws */
export function lookOnDisk(running: Config, load: () => Config): FileOnDisk {
  try {
    const differences = diffConfig(running, load());
    const isSame = Object.values(differences).every((names) => names.length === 0);
    return isSame ? { state: 'same' } : { state: 'differs', differences };
  } catch (error) {
    if (error instanceof ConfigFaulty) return { state: 'faulty', faults: error.faults };
    if (error instanceof GirokError && error.code === 'config_unreadable') return { state: 'unreadable' };
    throw error;
  }
}
