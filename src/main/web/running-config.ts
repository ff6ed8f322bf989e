import type { Config } from '../../config/config.ts';
import { inForceAfter } from '../../config/diff.ts';
import { type FileOnDisk, lookOnDisk } from '../../config/on-disk.ts';
import { watchConfig } from '../../config/watch.ts';
import type { Clock } from '../../lib/clock.ts';
import { factsOf, type Log } from '../../lib/logger.ts';
import type { ViewingRules } from '../../viewing/rules.ts';
import { viewingRules } from '../../viewing/rules.ts';

/** cameras.yml as the web process goes by it: an edit of a camera or a purpose is in force within a second. */
export interface RunningConfig {
  readonly current: Config;
  readonly rules: ViewingRules;
  onDisk(): FileOnDisk;
  stop(): void;
}

export interface RunningConfigDeps {
  readonly started: Config;
  /** Reads and checks the file anew. @throws GirokError `config_faulty`, `config_unreadable` */
  load(): Config;
  readonly clock: Clock;
  readonly log: Log;
}

export function createRunningConfig({ started, load, clock, log }: RunningConfigDeps): RunningConfig {
  let current = started;
  let rules = viewingRules(started);
  const stop = watchConfig({
    current: started,
    load,
    clock,
    onChange(edited, diff) {
      current = inForceAfter(started, edited);
      rules = viewingRules(current);
      log.info('config.changed', { ...diff });
    },
    // The recorder has an alarm for it; here what was in force stays.
    onFault: (error) => log.warn('config.rejected', factsOf(error)),
  });
  return {
    get current() {
      return current;
    },
    rules: {
      get purposes() {
        return rules.purposes;
      },
      camera: (id) => rules.camera(id),
    },
    onDisk: () => lookOnDisk(current, load),
    stop,
  };
}
