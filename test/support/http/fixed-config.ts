import type { Config } from '../../../src/config/config.ts';
import type { RunningConfig } from '../../../src/main/web/running-config.ts';
import { viewingRules } from '../../../src/viewing/rules.ts';

/** A configuration that nobody edits. */
export const fixedConfig = (config: Config): RunningConfig => ({
  current: config,
  rules: viewingRules(config),
  onDisk: () => ({ state: 'same' }),
  stop: () => undefined,
});
