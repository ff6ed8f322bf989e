import { isIP } from 'node:net';

/** More would be a scan of somebody's network. */
export const TARGETS_MAX = 1024;

export type Targets =
  | { readonly addresses: readonly string[] }
  | { readonly fault: 'bad_target'; readonly target: string }
  | { readonly fault: 'too_many' };

/** `192.168.10.21`, `192.168.10.0/24` → single IPv4 addresses, without a range's network and broadcast address. */
export function expandTargets(targets: readonly string[]): Targets {
  const addresses = new Set<string>();
  for (const target of targets) {
    const [address = '', bits = '32', ...more] = target.split('/');
    const length = /^\d{1,2}$/.test(bits) ? Number(bits) : -1;
    if (isIP(address) !== 4 || length < 0 || length > 32 || more.length > 0)
      return { fault: 'bad_target', target };
    const size = 2 ** (32 - length);
    if (size > TARGETS_MAX + 2) return { fault: 'too_many' };
    const first = Math.floor(toNumber(address) / size) * size;
    const edge = size > 2 ? 1 : 0;
    for (let at = first + edge; at < first + size - edge; at++) addresses.add(toAddress(at));
    if (addresses.size > TARGETS_MAX) return { fault: 'too_many' };
  }
  return { addresses: [...addresses] };
}

const toNumber = (address: string): number =>
  address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);

const toAddress = (value: number): string =>
  [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join('.');
