import { execFileSync } from 'node:child_process';
import { userInfo } from 'node:os';
import { describe, expect, it } from 'vitest';
import { accountHere } from '../../../src/cli/names-shown.ts';

const MODULE = new URL('../../../src/cli/names-shown.ts', import.meta.url).href;

describe('the account that a command runs under', () => {
  it('is its name', () => {
    expect(accountHere()).toBe(userInfo().username);
  });

  it.runIf(process.getuid?.() === 0)('is its number where the machine knows no name for it', () => {
    const script = `import(${JSON.stringify(MODULE)}).then(({ accountHere }) => process.stdout.write(accountHere()))`;
    const said = execFileSync(process.execPath, ['-e', script], {
      uid: 54_321,
      gid: 54_321,
      encoding: 'utf8',
      env: {},
    });
    expect(said).toBe('uid 54321');
  });
});
