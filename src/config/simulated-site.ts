import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { writeFileDurably } from '../lib/durable.ts';
import { systemCode } from '../lib/errors.ts';
import type { Config } from './config.ts';

/** No secret: it guards drawn pictures on loopback addresses. Also the simulated site's own default. */
const DEMO_PASSWORD = 'girok-demo';

/**
 * Lays down the simulated cameras' password file where it is missing, so that a fresh clone runs and its
 * credentials take the same road as real ones. Does nothing when the simulated site is off.
 */
export async function ensureSimulatedSitePassword(config: Config): Promise<void> {
  const { enabled, password } = config.simulatedSite;
  if (!enabled || password.kind !== 'file') return;
  try {
    await stat(password.path);
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw error;
    await mkdir(dirname(password.path), { recursive: true, mode: 0o700 });
    await writeFileDurably(password.path, `${DEMO_PASSWORD}\n`, 0o600);
  }
}
