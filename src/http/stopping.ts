import type { FastifyInstance } from 'fastify';
import type { Clock } from '../lib/clock.ts';

/** Requests that are being answered have so long to end. */
const LAST_ANSWERS_MS = 5000;

/** Takes no new request, lets those that are under way end, and hangs up on whoever does not. */
export async function stopServing(app: FastifyInstance, clock: Clock): Promise<void> {
  const cancel = clock.after(LAST_ANSWERS_MS, () => app.server.closeAllConnections());
  await app.close();
  cancel();
}
