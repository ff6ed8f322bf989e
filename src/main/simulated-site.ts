import { parseArgs } from 'node:util';
import { DEFAULT_CACHE, startSimulatedSite } from '../../demo/site.ts';
import { EXIT_OF_ERROR } from '../cli/exit-code.ts';
import type { Config } from '../config/config.ts';
import { environment } from '../config/environment.ts';
import { loadConfig } from '../config/load.ts';
import { createSecrets } from '../config/secrets.ts';
import { ensureSimulatedSitePassword } from '../config/simulated-site.ts';
import { chooseLanguage } from '../i18n/language.ts';
import { sentence } from '../i18n/sentences.ts';
import { GirokError, systemCode } from '../lib/errors.ts';
import { createLog, factsOf } from '../lib/logger.ts';

/** The simulated cameras of cameras.yml as a process of their own, like cameras: they know nothing of the recorder. */

const { values: args } = parseArgs({
  options: { config: { type: 'string', default: 'cameras.yml' }, storage: { type: 'string' } },
});
process.umask(0o077);
const log = createLog('simulated-site');
const ending = new AbortController();
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => ending.abort(signal));
process.once('disconnect', () => ending.abort('disconnect'));
process.on('uncaughtException', (error) => {
  log.error('simulated-site.died', factsOf(error));
  process.exit(70);
});

try {
  await serve(loadConfig(args.config, { storageFolder: args.storage }));
} catch (error) {
  // Being stopped while drawing is no fault; what is finished stays in the cache.
  if (ending.signal.aborted) process.exit(0);
  if (!(error instanceof GirokError)) throw error;
  log.error('simulated-site.refused', factsOf(error));
  const language = chooseLanguage({ asked: undefined, env: environment, site: undefined });
  process.stderr.write(`${sentence(error, language)}\n`);
  process.exit(EXIT_OF_ERROR[error.code]);
}

async function serve(config: Config): Promise<void> {
  await ensureSimulatedSitePassword(config);
  const { cameras: count, user, password } = config.simulatedSite;
  const secrets = createSecrets({ env: environment, uid: process.getuid?.() ?? 0 });
  const drawn = new Map<number, number>();
  let told = -1;
  const site = await startSimulatedSite({
    profile: 'full',
    count,
    cache: DEFAULT_CACHE,
    user,
    password: secrets.resolve(password).reveal(),
    ...addressesOf(config),
    signal: ending.signal,
    onProgress({ camera, of, percent }) {
      drawn.set(camera, percent);
      const sum = [...drawn.values()].reduce((total, each) => total + each, 0);
      // The last hundredth is the night and the long loop, which have no count of their own.
      const overall = Math.floor(((sum / of) * 99) / 100);
      if (overall > told) process.send?.({ kind: 'progress', percent: overall });
      told = Math.max(told, overall);
    },
  }).catch((error: unknown) => {
    if (systemCode(error) !== 'EADDRINUSE') throw error;
    const { address = '', port = '' } = error as { address?: string; port?: number };
    throw new GirokError(
      'port_in_use',
      { address: `${address}:${port}`, setting: 'cameras.yml' },
      { cause: error },
    );
  });
  log.info('simulated-site.started', { cameras: site.cameras.length });
  process.send?.({ kind: 'ready' });
  await new Promise<void>((resolve) => {
    if (ending.signal.aborted) resolve();
    else ending.signal.addEventListener('abort', () => resolve(), { once: true });
  });
  await site.stop();
  log.info('simulated-site.stopped', { signal: String(ending.signal.reason) });
  process.exit(0);
}

/** The first ONVIF camera on loopback says where the simulated ones begin; 127.0.0.101:8080 unless one does. */
function addressesOf(config: Config): { baseAddress?: string; onvifPort?: number } {
  for (const { source } of config.cameras) {
    if (source.kind !== 'onvif') continue;
    const { hostname, port } = new URL(source.deviceUrl);
    if (hostname.startsWith('127.')) return { baseAddress: hostname, onvifPort: Number(port || 80) };
  }
  return {};
}
