import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('./disk.py', import.meta.url));
const PYTHON = '/usr/bin/python3';

/** An ext4 file system on a disk whose power can be cut. Needs the right to mount, and Debian's python3-fusepy. */
export interface PowerDisk {
  /** Where it is mounted; whoever works there notices nothing of a cut. */
  readonly folder: string;
  /** The same disk, mounted again after its power had failed at this moment. @param seed decides what was lost */
  cut(seed: number): CutDisk;
  remove(): void;
}

export interface CutDisk {
  readonly folder: string;
  remove(): void;
}

/** @returns why there can be none here; on the machine that judges that is a failure */
export async function startPowerDisk(bytes: number): Promise<PowerDisk | { readonly refused: string }> {
  try {
    return await start(bytes);
  } catch (error) {
    if (process.env.CI === 'true') throw error;
    return { refused: String(error) };
  }
}

async function start(bytes: number): Promise<PowerDisk> {
  const base = mkdtempSync(join(tmpdir(), 'girok-power-'));
  const [raw, folder] = [join(base, 'raw'), join(base, 'disk')];
  for (const each of [raw, folder]) mkdirSync(each, { mode: 0o700 });
  const undo: (() => void)[] = [() => rmSync(base, { recursive: true, force: true })];
  const remove = () => {
    for (const task of undo.splice(0).reverse()) task();
  };
  try {
    const fuse = spawn(PYTHON, [PROGRAM, raw, String(bytes)], { stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    fuse.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    undo.push(() => {
      spawnSync('umount', ['-l', raw]);
      fuse.kill('SIGKILL');
    });
    for (let tries = 0; !existsSync(join(raw, 'disk')); tries++) {
      if (fuse.exitCode !== null || tries > 100) throw new Error(`no disk under FUSE: ${said.slice(-500)}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    const device = run('losetup', '--show', '--find', join(raw, 'disk')).trim();
    undo.push(() => void spawnSync('losetup', ['--detach', device]));
    run('mkfs.ext4', '-q', '-F', device);
    run('mount', device, folder);
    undo.push(() => void spawnSync('umount', ['-l', folder]));
    let cuts = 0;
    return {
      folder,
      remove,
      cut(seed) {
        cuts += 1;
        const [image, left] = [join(base, `${cuts}.img`), join(base, `left-${cuts}`)];
        writeFileSync(join(raw, 'cut'), `${seed} ${image}`);
        mkdirSync(left, { mode: 0o700 });
        // Mounting plays the journal back, as the next start of the machine would.
        run('mount', '-o', 'loop', image, left);
        return {
          folder: left,
          remove() {
            run('umount', left);
            rmSync(image);
          },
        };
      },
    };
  } catch (error) {
    remove();
    throw error;
  }
}

function run(command: string, ...args: string[]): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${error?.message ?? stderr}`);
  return stdout;
}
