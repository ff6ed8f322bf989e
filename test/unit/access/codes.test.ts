import { describe, expect, it } from 'vitest';
import { newTotpSecret, totpAddress, totpStep } from '../../../src/access/codes.ts';
import {
  createAccessSecrets,
  newToken,
  readableCode,
  readCode,
  tokenHash,
} from '../../../src/access/secrets.ts';

/** RFC 6238 appendix B, SHA-1, the last six of its eight digits. */
const RFC_SECRET = Buffer.from('12345678901234567890', 'ascii');

describe('a time-based code', () => {
  it.each([
    [59, '287082'],
    [1111111109, '081804'],
    [1111111111, '050471'],
    [1234567890, '005924'],
    [2000000000, '279037'],
    [20000000000, '353130'],
  ])('at %i s is that of RFC 6238', (seconds, code) => {
    expect(totpStep(RFC_SECRET, code, seconds * 1e6)).toBe(Math.floor(seconds / 30));
  });

  it('is good one step early and late, and names its own step', () => {
    for (const [seconds, step] of [
      [59, 1],
      [89, 1],
      [30, 1],
      [29, 1],
      [90, undefined],
    ] as const)
      expect(totpStep(RFC_SECRET, '287082', seconds * 1e6)).toBe(step);
  });

  it('is six digits and nothing else', () => {
    for (const code of ['', '28708', '2870822', '２８７０８２', '28 7082', '287082\n', '٢٨٧٠٨٢'])
      expect(totpStep(RFC_SECRET, code, 59e6)).toBeUndefined();
  });

  it('comes of a secret that an app can read', () => {
    const { uri, secret } = totpAddress(RFC_SECRET, { site: '기록 시연 의원', login: 'guard' });
    expect(secret).toBe('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ');
    const url = new URL(uri);
    expect([url.protocol, url.host, url.searchParams.get('secret')]).toEqual(['otpauth:', 'totp', secret]);
    expect(url.searchParams.get('issuer')).toBe('기록 시연 의원');
    expect(newTotpSecret()).toHaveLength(20);
  });
});

describe('secrets at rest', () => {
  const secrets = createAccessSecrets(Buffer.alloc(32, 7));

  it('open where they were sealed, under the same root key and as they were', () => {
    const sealed = secrets.seal(Buffer.from('text'), 'factor/a/totp/1');
    expect(secrets.open(sealed, 'factor/a/totp/1').toString()).toBe('text');
    expect(() => secrets.open(sealed, 'factor/b/totp/1')).toThrow(/root_key_wrong/);
    expect(() => createAccessSecrets(Buffer.alloc(32, 8)).open(sealed, 'factor/a/totp/1')).toThrow(
      /root_key_wrong/,
    );
    for (let at = 0; at < sealed.length; at++) {
      const changed = Buffer.from(sealed);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(() => secrets.open(changed, 'factor/a/totp/1')).toThrow(/root_key_wrong/);
    }
  });

  it('are other ones for every use', () => {
    expect(secrets.hash('a', 'b')).not.toEqual(secrets.hash('ab', ''));
    expect(secrets.hash('recovery', 'x')).toEqual(
      createAccessSecrets(Buffer.alloc(32, 7)).hash('recovery', 'x'),
    );
  });

  it('are forgotten when they are closed', () => {
    const gone = createAccessSecrets(Buffer.alloc(32, 9));
    const pepper = gone.pepper;
    gone.close();
    expect(pepper.every((byte) => byte === 0)).toBe(true);
  });
});

it('a token has 256 bits, and only its hash is kept', () => {
  const made = Array.from({ length: 100 }, newToken);
  expect(new Set(made.map(({ token }) => token)).size).toBe(100);
  for (const { token, hash } of made) {
    expect(Buffer.from(token, 'base64url')).toHaveLength(32);
    expect(hash).toEqual(tokenHash(token));
  }
});

it('a code can be typed in any manner', () => {
  const code = readableCode(4, 4);
  expect(code).toMatch(/^([2-9A-HJKMNP-Z]{4}-){3}[2-9A-HJKMNP-Z]{4}$/);
  expect(readCode(` ${code.toLowerCase().replaceAll('-', ' ')}\n`)).toBe(readCode(code));
});
