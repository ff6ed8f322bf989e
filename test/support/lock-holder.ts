import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('./catalogue/hold-lock.ts', import.meta.url));

/** Another process that holds a database's write lock until it is told to let go. */
export async function holdWriteLock(database: string): Promise<{ release(): Promise<void> }> {
  const holder = spawn(process.execPath, [PROGRAM, database], { stdio: ['pipe', 'pipe', 'inherit'] });
  await Promise.race([
    once(holder.stdout, 'data'),
    once(holder, 'exit').then(([code]) => {
      throw new Error(`the lock could not be had: exit ${code}`);
    }),
  ]);
  return {
    async release() {
      holder.stdin.write('\n');
      await once(holder, 'exit');
    },
  };
}
