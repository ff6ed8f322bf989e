import { existsSync, readFileSync } from 'node:fs';

/**
 * Whether this host's clock follows a time server, as systemd-timesyncd says; undefined where nobody says.
 * Recorded with each run, so that nobody has to believe a time that nothing vouched for.
 */
export function hostClockSynchronised(): boolean | undefined {
  if (!existsSync('/run/systemd/timesync')) return undefined;
  return existsSync('/run/systemd/timesync/synchronized');
}

/** This boot of the host and how long it has lasted, sleep included; undefined where nobody says. */
export function hostBoot(): { id: string; uptimeUs: number } | undefined {
  const [id, uptime] = ['/proc/sys/kernel/random/boot_id', '/proc/uptime'];
  if (!existsSync(id) || !existsSync(uptime)) return undefined;
  const seconds = Number(readFileSync(uptime, 'utf8').split(' ')[0]);
  return { id: readFileSync(id, 'utf8').trim(), uptimeUs: Math.round(seconds * 1_000_000) };
}
