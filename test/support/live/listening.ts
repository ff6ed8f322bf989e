import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** The addresses on which a process listens, as the kernel tells: `127.0.0.1:8400`, `[…]:8400` for IPv6. */
export function listeningOf(pid: number): string[] {
  const inodes = new Set(
    readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
      try {
        return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1] ?? [];
      } catch {
        // Closed between the two looks.
        return [];
      }
    }),
  );
  return ['tcp', 'tcp6', 'udp', 'udp6'].flatMap((table) =>
    readFileSync(`/proc/${pid}/net/${table}`, 'utf8')
      .split('\n')
      .slice(1)
      .map((line) => line.trim().split(/\s+/))
      .filter((fields) => (table.startsWith('udp') || fields[3] === '0A') && inodes.has(fields[9] ?? ''))
      .map(([, local = '']) => {
        const [address = '', port = ''] = local.split(':');
        const host = table.endsWith('6')
          ? `[${address}]`
          : [...Buffer.from(address, 'hex')].reverse().join('.');
        return `${host}:${Number.parseInt(port, 16)}`;
      }),
  );
}

/** What every user of the machine may read of a process, and what its own user may. */
export const spokenOf = (pid: number): string =>
  `${readFileSync(`/proc/${pid}/cmdline`, 'latin1')}\n${readFileSync(`/proc/${pid}/environ`, 'latin1')}`;
