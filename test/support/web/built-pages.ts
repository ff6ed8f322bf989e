import { spawnSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** Whoever runs one test of the pages sees the pages as they stand in the sources. `npm test` has built them already. */
export default function buildPages(): void {
  const built = newest(['dist/web']);
  if (built > newest(['web', 'src/i18n', 'src/contract'])) return;
  const vite = join(ROOT, 'node_modules', 'vite', 'bin', 'vite.js');
  const { status, stderr, stdout } = spawnSync(
    process.execPath,
    [vite, 'build', '--config', 'web/vite.config.ts', '--logLevel', 'warn'],
    { cwd: ROOT, encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(`the pages could not be built:\n${stdout}${stderr}`);
}

/** ms; 0 of folders that are not there. */
function newest(folders: readonly string[]): number {
  const times = folders.flatMap((folder) => {
    try {
      return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map(
        (name) => statSync(join(ROOT, folder, name)).mtimeMs,
      );
    } catch {
      // Not built yet.
      return [];
    }
  });
  return Math.max(0, ...times);
}
