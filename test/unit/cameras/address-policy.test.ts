import { describe, expect, it } from 'vitest';
import { createAddressPolicy } from '../../../src/cameras/address-policy.ts';
import { createNetworks } from '../../../src/config/networks.ts';

const names: Record<string, string[]> = {
  'camera.local': ['10.0.0.5'],
  'mapped.local': ['::ffff:10.0.0.6'],
  'both.local': ['10.0.0.7', '192.0.2.1'],
  'empty.local': [],
};
const policy = createAddressPolicy({
  networks: createNetworks(['10.0.0.0/24', 'fd00::/8']),
  lookup: async (host) => {
    const found = names[host];
    if (!found) throw Object.assign(new Error('unknown'), { code: 'ENOTFOUND' });
    return found;
  },
});

describe('pinning an address', () => {
  it.each([
    ['10.0.0.5', '10.0.0.5'],
    ['167772165', '10.0.0.5'],
    ['[fd00::5]', 'fd00::5'],
    ['camera.local', '10.0.0.5'],
    ['mapped.local', '10.0.0.6'],
  ])('of %s gives %s', async (host, address) => {
    expect(await policy.pin(host)).toBe(address);
  });

  it.each([
    '192.0.2.1',
    '127.0.0.1',
    '0x7f.1',
    '169.254.169.254',
    '[::1]',
    '[::ffff:192.0.2.1]',
    '[fe80::1]',
  ])('refuses %s', async (host) => {
    await expect(policy.pin(host)).rejects.toMatchObject({ code: 'camera_outside_networks' });
  });

  it('refuses a name of which one address lies outside', async () => {
    await expect(policy.pin('both.local')).rejects.toMatchObject({
      code: 'camera_outside_networks',
      facts: { host: 'both.local', address: '192.0.2.1' },
    });
  });

  it.each(['nowhere.local', 'empty.local'])('calls %s unreachable', async (host) => {
    await expect(policy.pin(host)).rejects.toMatchObject({
      code: 'camera_unreachable',
      facts: { reason: 'ENOTFOUND' },
    });
  });
});
