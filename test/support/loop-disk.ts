import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** An ext4 file system in a file: its raw bytes can be looked through. Needs the right to mount. */
export interface LoopDisk {
  readonly folder: string;
  /** The whole device, with every block that nobody uses any more. Call {@link sync} first. */
  readonly image: string;
  /** Everything that the kernel holds back for it goes there. */
  sync(): void;
  remove(): void;
}

/** @returns why there can be none here; on the machine that judges that is a failure */
export function mountLoopDisk(bytes: number): LoopDisk | { readonly refused: string } {
  const base = mkdtempSync(join(tmpdir(), 'girok-disk-'));
  const [image, folder] = [join(base, 'disk.img'), join(base, 'disk')];
  mkdirSync(folder, { mode: 0o700 });
  writeFileSync(image, '');
  truncateSync(image, bytes);
  try {
    run('mkfs.ext4', '-q', '-F', image);
    run('mount', '-o', 'loop', image, folder);
  } catch (error) {
    rmSync(base, { recursive: true, force: true });
    if (process.env.CI === 'true') throw error;
    return { refused: String(error) };
  }
  return {
    folder,
    image,
    sync: () => run('sync', '-f', folder),
    remove() {
      spawnSync('umount', ['-l', folder]);
      rmSync(base, { recursive: true, force: true });
    },
  };
}

function run(command: string, ...args: string[]): void {
  const { status, stderr, error } = spawnSync(command, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${error?.message ?? stderr}`);
}
