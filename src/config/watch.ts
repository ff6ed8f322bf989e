import { watch } from 'node:fs';
import { basename, dirname } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { Clock } from '../lib/clock.ts';
import { GirokError } from '../lib/errors.ts';
import type { Config } from './config.ts';
import { type ConfigDiff, diffConfig } from './diff.ts';

export interface WatchConfigDeps {
  /** In force when watching begins. */
  readonly current: Config;
  /** Reads and checks the file anew; throws what {@link loadConfig} throws. */
  readonly load: () => Config;
  readonly clock: Clock;
  /**
   * A sound edit. Its settings in `needsRestart` are the caller's to report. Told with nothing changed when a
   * faulty edit was taken back: what was said of it no longer holds.
   */
  readonly onChange: (config: Config, diff: ConfigDiff) => void;
  /** A faulty edit (`config_faulty`, `config_unreadable`): nothing changed. Each different fault is told once. */
  readonly onFault: (error: GirokError) => void;
  /** Calls back with the name of each entry of `folder` that changed. The default asks the kernel. */
  readonly watchFolder?: (folder: string, onEntry: (name: string | null) => void) => () => void;
}

const SETTLE_MS = 300;
/** Network file systems and exhausted inotify limits report nothing: looking now and then always works. */
const LOOK_ANYWAY_MS = 15_000;

/**
 * Follows edits of cameras.yml. The folder is watched, not the file: editors save by renaming a new file over
 * the old one, after which a watch on the file itself is blind. Returns a function that ends it.
 */
export function watchConfig(deps: WatchConfigDeps): () => void {
  const { clock } = deps;
  let current = deps.current;
  let lastFault = '';
  let cancelLook: (() => void) | undefined;

  const look = () => {
    cancelLook = undefined;
    let next: Config;
    try {
      next = deps.load();
    } catch (error) {
      if (!(error instanceof GirokError)) throw error;
      const told = JSON.stringify([error.code, error.facts, 'faults' in error ? error.faults : []]);
      if (told !== lastFault) deps.onFault(error);
      lastFault = told;
      return;
    }
    const mended = lastFault !== '';
    lastFault = '';
    if (!mended && isDeepStrictEqual(current, next)) return;
    const diff = diffConfig(current, next);
    current = next;
    deps.onChange(next, diff);
  };
  const lookSoon = () => {
    cancelLook?.();
    cancelLook = clock.after(SETTLE_MS, look);
  };

  const name = basename(deps.current.file);
  const unwatch = (deps.watchFolder ?? watchFolder)(dirname(deps.current.file), (entry) => {
    if (entry === null || entry === name) lookSoon();
  });
  const cancelLooking = clock.every(LOOK_ANYWAY_MS, look);
  return () => {
    unwatch();
    cancelLooking();
    cancelLook?.();
  };
}

function watchFolder(folder: string, onEntry: (name: string | null) => void): () => void {
  const watcher = watch(folder, { persistent: false }, (_event, name) => onEntry(name));
  // Without the kernel's word the regular look still finds every edit.
  watcher.on('error', () => watcher.close());
  return () => watcher.close();
}
