import { isIPv6 } from 'node:net';
import { parseArgs } from 'node:util';
import { EXIT_OF_ERROR } from '../cli/exit-code.ts';
import { environment } from '../config/environment.ts';
import { loadConfig } from '../config/load.ts';
import { listeningOf } from '../http/listening.ts';
import { stopServing } from '../http/stopping.ts';
import { chooseLanguage } from '../i18n/language.ts';
import { sentence } from '../i18n/sentences.ts';
import { systemClock } from '../lib/clock.ts';
import { forbidCoreFiles } from '../lib/core-files.ts';
import { GirokError, systemCode } from '../lib/errors.ts';
import { createLog, factsOf } from '../lib/logger.ts';
import { createRunningConfig } from './web/running-config.ts';
import { createSiteAccess } from './web/site.ts';
import { createWebApp } from './web/web-app.ts';

/** The web process: the API. It holds nothing that recording needs; it may end at any moment. */

const { values: args } = parseArgs({
  options: {
    config: { type: 'string', default: 'cameras.yml' },
    storage: { type: 'string' },
    port: { type: 'string' },
  },
});
process.umask(0o077);
const log = createLog('web');
const clock = systemClock;
const coreFiles = forbidCoreFiles();
if (coreFiles !== undefined) log.warn('core_files.possible', { reason: coreFiles });
process.on('uncaughtException', (error) => {
  log.error('web.died', factsOf(error));
  process.exit(70);
});

try {
  await serve();
} catch (error) {
  if (!(error instanceof GirokError)) throw error;
  log.error('web.refused', factsOf(error));
  const language = chooseLanguage({ asked: undefined, env: environment, site: undefined });
  process.stderr.write(`${sentence(error, language)}\n`);
  process.exit(EXIT_OF_ERROR[error.code]);
}

async function serve(): Promise<void> {
  const load = () =>
    loadConfig(args.config, {
      storageFolder: args.storage,
      port: args.port === undefined ? undefined : Number(args.port),
    });
  const config = load();
  const { host, port } = config.http;
  const listening = listeningOf(config.http);
  const running = createRunningConfig({ started: config, load, clock, log });
  const site = await createSiteAccess(running, clock, log);
  const app = await createWebApp({ running, clock, listening, site, log });
  try {
    await app.listen({ host, port });
  } catch (error) {
    const code = systemCode(error);
    if (code !== 'EADDRINUSE' && code !== 'EADDRNOTAVAIL' && code !== 'EACCES') throw error;
    const address = `${isIPv6(host) ? `[${host}]` : host}:${port}`;
    throw new GirokError(
      'port_in_use',
      { address, setting: '--port, http.port', system: code },
      { cause: error },
    );
  }
  const bound = app.server.address();
  const address = `${listening.tls ? 'https' : 'http'}://${isIPv6(host) ? `[${host}]` : host}:${typeof bound === 'object' ? (bound?.port ?? port) : port}`;
  log.info('web.started', { address });
  process.send?.({ kind: 'ready', address });

  const cancels = [
    clock.every(1000, site.dropRetired),
    clock.every(60_000, () => void site.lookAtViews()),
    clock.every(60_000, () => {
      try {
        site.sweep();
      } catch (error) {
        log.error('web.sweep_failed', factsOf(error));
      }
    }),
  ];
  let stopping = false;
  const stop = async (signal: string) => {
    if (stopping) return;
    stopping = true;
    for (const cancel of cancels) cancel();
    await stopServing(app, clock);
    running.stop();
    await site.close();
    log.info('web.stopped', { signal });
    process.exit(0);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void stop(signal));
  process.once('disconnect', () => void stop('disconnect'));
}
