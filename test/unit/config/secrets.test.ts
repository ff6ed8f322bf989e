import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSecrets } from '../../../src/config/secrets.ts';
import { ensureSimulatedSitePassword } from '../../../src/config/simulated-site.ts';
import { parse, SOUND } from './sample.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'girok-secrets-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const uid = process.getuid?.() ?? 0;
const secrets = (env: Record<string, string> = {}) => createSecrets({ env, uid });
const file = (mode: number, text = 'pass word\n') => {
  const path = join(folder, 'password');
  writeFileSync(path, text);
  chmodSync(path, mode);
  return { kind: 'file' as const, path };
};

describe('a secret', () => {
  it('comes out of a private file without the line end, and cannot be printed', () => {
    const secret = secrets().resolve(file(0o600));
    expect(secret.reveal()).toBe('pass word');
    expect(`${secret} ${JSON.stringify({ secret })} ${inspect(secret)}`).not.toContain('pass word');
  });

  it.each([0o640, 0o604, 0o620, 0o601])('is refused from a file of mode %o', (mode) => {
    expect(() => secrets().resolve(file(mode))).toThrow(
      expect.objectContaining({ code: 'credential_exposed' }),
    );
  });

  it('is refused from a file of another owner', () => {
    const path = file(0o600);
    chmodSync(path.path, 0o600);
    const somebodyElse = createSecrets({ env: {}, uid: statSync(path.path).uid + 1 });
    // Root's files are trusted by everybody: systemd hands credentials out that way.
    const act = () => somebodyElse.resolve(path);
    if (uid === 0) expect(act().reveal()).toBe('pass word');
    else expect(act).toThrow(expect.objectContaining({ code: 'credential_exposed' }));
  });

  it('comes out of the environment and out of a systemd credential', () => {
    file(0o400);
    const found = secrets({ NAME: 'from env', CREDENTIALS_DIRECTORY: folder });
    expect(found.resolve({ kind: 'env', name: 'NAME' }).reveal()).toBe('from env');
    expect(found.resolve({ kind: 'systemd', name: 'password' }).reveal()).toBe('pass word');
  });

  it('comes out of a credential whose access list shows as a right of the group, and out of no other such file', () => {
    const own = file(0o440);
    const found = secrets({ CREDENTIALS_DIRECTORY: folder });
    expect(found.resolve({ kind: 'systemd', name: 'password' }).reveal()).toBe('pass word');
    expect(() => found.resolve(own)).toThrow(expect.objectContaining({ code: 'credential_exposed' }));
    for (const mode of [0o444, 0o460, 0o450]) {
      file(mode);
      expect(() => found.resolve({ kind: 'systemd', name: 'password' })).toThrow(
        expect.objectContaining({ code: 'credential_exposed' }),
      );
    }
  });

  it.each([
    { kind: 'env', name: 'ABSENT' },
    { kind: 'file', path: '/nowhere/password' },
    { kind: 'systemd', name: 'password' },
  ] as const)('is missing where $kind does not have it, and the reference is named', (reference) => {
    expect(() => secrets().resolve(reference)).toThrow(
      expect.objectContaining({
        code: 'credential_missing',
        facts: expect.objectContaining({ reference: expect.stringContaining(`${reference.kind}:`) }),
      }),
    );
  });

  it('is missing when the file is empty', () => {
    expect(() => secrets().resolve(file(0o600, '\n'))).toThrow(
      expect.objectContaining({ code: 'credential_missing' }),
    );
  });
});

describe("the simulated cameras' password", () => {
  const config = () =>
    parse(`${SOUND}simulatedSite: { enabled: true, password: 'file:${join(folder, 'deep', 'password')}' }\n`);

  it('is laid down once, private, and readable as any other', async () => {
    const { simulatedSite } = config();
    await ensureSimulatedSitePassword(config());
    await ensureSimulatedSitePassword(config());
    expect(secrets().resolve(simulatedSite.password).reveal()).toBe('girok-demo');
  });

  it('is left alone when somebody chose another', async () => {
    await ensureSimulatedSitePassword(config());
    writeFileSync(join(folder, 'deep', 'password'), 'chosen');
    await ensureSimulatedSitePassword(config());
    expect(secrets().resolve(config().simulatedSite.password).reveal()).toBe('chosen');
  });
});
