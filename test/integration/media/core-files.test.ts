import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const PART = fileURLToPath(new URL('../../../src/lib/core-files.ts', import.meta.url));

describe('a process that holds keys', () => {
  it('leaves no memory when it crashes, nor does what it starts', () => {
    const program = `
      import { execFileSync } from 'node:child_process';
      import { forbidCoreFiles } from '${PART}';
      const fault = forbidCoreFiles();
      const said = execFileSync('/bin/cat', ['/proc/self/coredump_filter', '/proc/self/limits'], { encoding: 'utf8' });
      console.log(JSON.stringify({ fault, said }));`;
    // Begun with the limit that a careless system would give it.
    const told = execFileSync(
      'prlimit',
      ['--core=unlimited', '--', process.execPath, '--input-type=module', '-e', program],
      { encoding: 'utf8' },
    );
    const { fault, said } = JSON.parse(told) as { fault?: string; said: string };
    expect(fault).toBeUndefined();
    expect(said).toMatch(/^0{8}\n/);
    expect(said).toMatch(/Max core file size +0 +0 /);
  });
});
