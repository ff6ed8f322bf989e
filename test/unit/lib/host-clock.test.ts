import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { kernelClockSynchronised } from '../../../src/lib/host-clock.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'girok-clock-'));
  vi.stubEnv('PATH', `${folder}${delimiter}${process.env.PATH}`);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

const timedatectl = (script: string) => {
  const path = join(folder, 'timedatectl');
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
};

describe('the kernel’s clock', () => {
  it.each([
    ['yes', true],
    ['no', false],
    ['something else', undefined],
    ['', undefined],
  ])('said to follow a time server: “%s”', (answer, expected) => {
    timedatectl(`[ "$*" = "show --property=NTPSynchronized --value" ] && echo "${answer}"`);
    expect(kernelClockSynchronised(join(folder, 'timesync'))).toBe(expected);
  });

  it('is what systemd-timesyncd says where that runs, and nobody else is asked', () => {
    timedatectl('echo yes');
    mkdirSync(join(folder, 'timesync'));
    expect(kernelClockSynchronised(join(folder, 'timesync'))).toBe(false);
    writeFileSync(join(folder, 'timesync', 'synchronized'), '');
    expect(kernelClockSynchronised(join(folder, 'timesync'))).toBe(true);
  });

  it('is not believed of a program that fails, even where it says yes', () => {
    timedatectl('echo yes; exit 1');
    expect(kernelClockSynchronised(join(folder, 'timesync'))).toBeUndefined();
  });

  it('is left unsaid when nobody answers within two seconds', () => {
    timedatectl('exec sleep 30');
    const beganMs = performance.now();
    expect(kernelClockSynchronised(join(folder, 'timesync'))).toBeUndefined();
    expect(performance.now() - beganMs).toBeLessThan(10_000);
  });
});
