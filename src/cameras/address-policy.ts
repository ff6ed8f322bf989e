import { literalAddress, type Networks, unmapped } from '../config/networks.ts';
import { GirokError, systemCode } from '../lib/errors.ts';

export interface AddressPolicy {
  /**
   * The one address to connect to for `host`. Whoever connects must use this address and not the name, or a
   * name server could answer differently the second time (DNS rebinding).
   *
   * @throws {GirokError} `camera_outside_networks` if any address of the host lies outside;
   *   `camera_unreachable` if the name does not resolve.
   */
  pin(host: string): Promise<string>;
}

export interface AddressPolicyDeps {
  readonly networks: Networks;
  /** All addresses of a name. Rejects with a system error when there are none. */
  readonly lookup: (host: string) => Promise<readonly string[]>;
}

export function createAddressPolicy({ networks, lookup }: AddressPolicyDeps): AddressPolicy {
  return {
    async pin(host) {
      const literal = literalAddress(host);
      const addresses = literal === undefined ? await ask(host) : [literal];
      for (const address of addresses) {
        if (!networks.contains(address)) throw new GirokError('camera_outside_networks', { host, address });
      }
      return addresses[0] as string;
    },
  };

  async function ask(host: string): Promise<readonly string[]> {
    const addresses = await lookup(host).catch((error: unknown) => {
      const reason = systemCode(error) ?? 'unknown';
      throw new GirokError('camera_unreachable', { host, reason }, { cause: error });
    });
    if (addresses.length === 0) throw new GirokError('camera_unreachable', { host, reason: 'ENOTFOUND' });
    return addresses.map(unmapped);
  }
}
