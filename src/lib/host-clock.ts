import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** systemd-timesyncd's own folder. */
const TIMESYNC = '/run/systemd/timesync';

/**
 * Whether this host's clock follows a time server, as systemd-timesyncd says; undefined where nobody says.
 * Recorded with each run, so that nobody has to believe a time that nothing vouched for.
 */
export function hostClockSynchronised(timesync = TIMESYNC): boolean | undefined {
  if (!existsSync(timesync)) return undefined;
  return existsSync(join(timesync, 'synchronized'));
}

const PATIENCE_MS = 2000;

/**
 * As {@link hostClockSynchronised}, and on a host with another client (chrony, ntpd) as the kernel says. Takes up to
 * two seconds, in which the calling thread stands still: nothing for a process that records.
 */
export function kernelClockSynchronised(timesync = TIMESYNC): boolean | undefined {
  const said = hostClockSynchronised(timesync);
  if (said !== undefined) return said;
  const asked = spawnSync('timedatectl', ['show', '--property=NTPSynchronized', '--value'], {
    timeout: PATIENCE_MS,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  // No such program, no systemd, no answer in time: nobody says.
  const answer = asked.status === 0 ? asked.stdout.trim() : '';
  return answer === 'yes' ? true : answer === 'no' ? false : undefined;
}

/** This boot of the host and how long it has lasted, sleep included; undefined where nobody says. */
export function hostBoot(): { id: string; uptimeUs: number } | undefined {
  const [id, uptime] = ['/proc/sys/kernel/random/boot_id', '/proc/uptime'];
  if (!existsSync(id) || !existsSync(uptime)) return undefined;
  const seconds = Number(readFileSync(uptime, 'utf8').split(' ')[0]);
  return { id: readFileSync(id, 'utf8').trim(), uptimeUs: Math.round(seconds * 1_000_000) };
}
