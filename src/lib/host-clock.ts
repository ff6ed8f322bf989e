import { existsSync } from 'node:fs';

/**
 * Whether this host's clock follows a time server, as systemd-timesyncd says; undefined where nobody says.
 * Recorded with each run, so that nobody has to believe a time that nothing vouched for.
 */
export function hostClockSynchronised(): boolean | undefined {
  if (!existsSync('/run/systemd/timesync')) return undefined;
  return existsSync('/run/systemd/timesync/synchronized');
}
