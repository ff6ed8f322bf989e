import { systemClock } from '../lib/clock.ts';
import { createLog, factsOf } from '../lib/logger.ts';
import { relayOrderSchema } from '../live/relay-messages.ts';
import { startRelayServer } from '../live/relay-server.ts';

/**
 * Hands live pictures from one stream's publisher to its readers, both of which are the web process, its parent.
 * Runs without our environment, may write no file and start no process, and keeps nothing.
 */
const log = createLog('relay');
process.on('uncaughtException', (error) => {
  log.error('relay.died', factsOf(error));
  process.exit(70);
});
process.once('disconnect', () => process.exit(0));
process.once('SIGTERM', () => process.exit(0));
process.once('message', (message) => {
  const { secret } = relayOrderSchema.parse(message);
  void startRelayServer({ secret, clock: systemClock, refused: () => log.warn('relay.refused') }).then(
    (port) => process.send?.({ port }),
  );
});
