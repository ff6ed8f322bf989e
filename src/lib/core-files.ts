import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { systemCode } from './errors.ts';

const PATIENCE_MS = 2000;

/**
 * From now on this process and all that it starts leave no memory behind when they crash: keys and passwords
 * are in it. Twice, because either alone has a hole: a core file's size is not looked at where crashes are
 * piped to a program (core(5)), and the filter still lets the file of registers be written.
 *
 * @returns what could not be done, for the log; undefined when all is well.
 */
export function forbidCoreFiles(): string | undefined {
  const faults: string[] = [];
  try {
    // No kind of memory is dumped (core(5), "Controlling which mappings are written to the core dump").
    writeFileSync('/proc/self/coredump_filter', '0');
  } catch (error) {
    faults.push(`coredump_filter: ${systemCode(error)}`);
  }
  // Node has no way to set a limit of its own process.
  const { error, status } = spawnSync('prlimit', ['--pid', String(process.pid), '--core=0'], {
    stdio: 'ignore',
    timeout: PATIENCE_MS,
  });
  if (error || status !== 0) faults.push(`prlimit: ${error ? systemCode(error) : status}`);
  return faults.length === 0 ? undefined : faults.join(', ');
}
