import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createNetworks, isCidr, literalAddress, unmapped } from '../../../src/config/networks.ts';

describe('allowed networks', () => {
  it('contain their own addresses in IPv4, IPv6 and mapped form', () => {
    const networks = createNetworks(['192.168.10.0/24', 'fd00::/8', '10.0.0.7']);
    expect(
      ['192.168.10.1', '::ffff:192.168.10.255', 'fd12::1', '10.0.0.7'].map((address) =>
        networks.contains(address),
      ),
    ).toEqual([true, true, true, true]);
    expect(
      ['192.168.11.1', '::ffff:192.168.11.1', 'fe80::1', '10.0.0.8', 'localhost', ''].map((address) =>
        networks.contains(address),
      ),
    ).toEqual([false, false, false, false, false, false]);
  });

  it('agree with arithmetic for every IPv4 address and prefix', () => {
    const address = fc.nat(0xffffffff);
    const text = (value: number) => [24, 16, 8, 0].map((shift) => (value >>> shift) & 255).join('.');
    fc.assert(
      fc.property(address, address, fc.integer({ min: 0, max: 32 }), (network, other, bits) => {
        const size = 2 ** (32 - bits);
        const inside = Math.floor(network / size) === Math.floor(other / size);
        return createNetworks([`${text(network)}/${bits}`]).contains(text(other)) === inside;
      }),
    );
  });

  it.each(['10.0.0.0/8', '::/0', '1.2.3.4', 'fd00::1/128'])('accept %s', (cidr) => {
    expect(isCidr(cidr)).toBe(true);
  });

  it.each([
    '10.0.0.0/33',
    '10.0.0/8',
    '::/129',
    'a/8',
    '10.0.0.0/',
    '10.0.0.0/8/8',
    '10.0.0.0/-1',
    'fe80::1%eth0/64',
    ' 10.0.0.0/8',
  ])('refuse %s', (cidr) => {
    expect(isCidr(cidr)).toBe(false);
  });
});

describe('the address a host stands for', () => {
  it.each([
    '127.0.0.1',
    '2130706433',
    '0x7f000001',
    '0177.0.0.1',
    '127.1',
    '[::ffff:127.0.0.1]',
    '::ffff:7f00:1',
    '127.0.0.1.',
  ])('is 127.0.0.1 for %s', (host) => {
    expect(literalAddress(host)).toBe('127.0.0.1');
  });

  it('is nothing for a name', () => {
    expect(literalAddress('camera.local')).toBeUndefined();
  });

  it('keeps one spelling of an IPv6 address', () => {
    expect(unmapped('FD00:0:0::1')).toBe('fd00::1');
  });
});
