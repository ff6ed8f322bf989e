import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isSigned, LONGEST_VALID_MS, signedPath } from '../../../src/live/relay-sign.ts';

const SECRET = 'ab'.repeat(32);
const NAME = '0123456789abcdef';
const NOW_US = Date.parse('2026-11-22T03:00:00Z') * 1000;

describe('an address of the relay', () => {
  const path = signedPath(NAME, SECRET, NOW_US, 10_000);

  it('is signed as node-media-server checks it', () => {
    const expiry = NOW_US / 1e6 + 10;
    const md5 = createHash('md5').update(`/live/${NAME}-${expiry}-${SECRET}`).digest('hex');
    expect(path).toBe(`/live/${NAME}.flv?sign=${expiry}-${md5}`);
  });

  it('is good until it expires and not a second longer', () => {
    expect(isSigned(path, SECRET, NOW_US)).toBe(true);
    expect(isSigned(path, SECRET, NOW_US + 10_999_999)).toBe(true);
    expect(isSigned(path, SECRET, NOW_US + 11_000_000)).toBe(false);
  });

  it('is never good for a minute', () => {
    expect(() => signedPath(NAME, SECRET, NOW_US, LONGEST_VALID_MS + 1)).toThrow(RangeError);
    const later = signedPath(NAME, SECRET, NOW_US + 60e6, 10_000);
    expect(isSigned(later, SECRET, NOW_US)).toBe(false);
  });

  it('is good with its own secret alone, and in no other form', () => {
    expect(isSigned(path, 'cd'.repeat(32), NOW_US)).toBe(false);
    for (const other of [
      '',
      '/',
      `/live/${NAME}.flv`,
      `/live/${NAME}.flv?sign=`,
      `${path}&sign=1-2`,
      `${path}#`,
      `/${path}`,
      path.replace('live', 'LIVE'),
      path.replace('/live/', '/live/../live/'),
      path.replace('?', '?sign=1-2&'),
      path.replace('.flv', '.flv/'),
      path.replace(NAME, 'fedcba9876543210'),
    ])
      expect(isSigned(other, SECRET, NOW_US), other).toBe(false);
  });

  it('is spoilt by every change of one character', () => {
    fc.assert(
      fc.property(fc.nat(path.length - 1), fc.integer({ min: 33, max: 126 }), (at, code) => {
        const changed = path.slice(0, at) + String.fromCharCode(code) + path.slice(at + 1);
        fc.pre(changed !== path);
        expect(isSigned(changed, SECRET, NOW_US)).toBe(false);
      }),
      { numRuns: 2000 },
    );
  });
});
