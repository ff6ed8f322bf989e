import { readFileSync, realpathSync } from 'node:fs';
import { dirname } from 'node:path';
import { systemCode } from '../lib/errors.ts';

/** On what an epoch secret lies, and whether overwriting it there leaves no older copy. */
export interface Medium {
  readonly fileSystem: string | undefined;
  readonly overwriting: 'in_place' | 'uncertain';
}

/** File systems that write over a block where it lies (measured; see docs/design/retention.md). */
const IN_PLACE = new Set(['ext4', 'ext3', 'ext2', 'xfs']);

/**
 * Honest rather than hopeful: an SSD, a copying or unknown file system, and a journal that holds data count as
 * uncertain, because an old secret may survive in a block that nobody can address.
 */
export function mediumOf(file: string): Medium {
  const mount = mountOf(file);
  if (!mount) return { fileSystem: undefined, overwriting: 'uncertain' };
  const isInPlace =
    IN_PLACE.has(mount.type) && !mount.options.includes('data=journal') && rotates(mount.device) === true;
  return { fileSystem: mount.type, overwriting: isInPlace ? 'in_place' : 'uncertain' };
}

/** The mount with the longest path above the file (proc_pid_mountinfo(5)). */
function mountOf(file: string): { device: string; type: string; options: string[] } | undefined {
  const folder = tryRead(() => realpathSync(dirname(file)));
  const table = tryRead(() => readFileSync('/proc/self/mountinfo', 'utf8'));
  if (folder === undefined || table === undefined) return undefined;
  const mounts = table
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [before = '', after = ''] = line.split(' - ');
      const [, , device = '', , point = ''] = before.split(' ');
      const [type = '', , options = ''] = after.split(' ');
      return { device, point: point.replaceAll('\\040', ' '), type, options: options.split(',') };
    })
    .filter(({ point }) => point === '/' || folder === point || folder.startsWith(`${point}/`));
  // Of two mounts at one point the later one is seen.
  return mounts.reduce<(typeof mounts)[number] | undefined>(
    (best, each) => (!best || each.point.length >= best.point.length ? each : best),
    undefined,
  );
}

/** Whether the disk under a device (`8:1`) spins; undefined where nobody says. */
function rotates(device: string): boolean | undefined {
  const of = (path: string) => tryRead(() => readFileSync(`/sys/dev/block/${device}${path}`, 'utf8').trim());
  // A partition has no queue of its own; its disk is one folder up.
  const said = of('/queue/rotational') ?? of('/../queue/rotational');
  return said === undefined ? undefined : said === '1';
}

function tryRead<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    // Not there, or not ours to read: then nobody says.
    if (systemCode(error) === undefined) throw error;
    return undefined;
  }
}
