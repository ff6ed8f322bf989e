import { BlockList, isIP } from 'node:net';

/** The address ranges that cameras may live in. */
export interface Networks {
  /** `address` is an IPv4 or IPv6 literal; an IPv4 address mapped into IPv6 counts as the IPv4 address. */
  contains(address: string): boolean;
}

/** @param cidrs checked before with {@link isCidr}. */
export function createNetworks(cidrs: readonly string[]): Networks {
  const list = new BlockList();
  for (const cidr of cidrs) {
    const { address, bits, family } = splitCidr(cidr);
    list.addSubnet(address, bits, family);
  }
  return {
    contains(address) {
      const plain = unmapped(address);
      const version = isIP(plain);
      return version !== 0 && list.check(plain, version === 4 ? 'ipv4' : 'ipv6');
    },
  };
}

/** `10.0.0.0/8`, `fd00::/8`; a bare address is a range of one. Zone ids and leading zeros are refused. */
export function isCidr(text: string): boolean {
  const { address, bits, family } = splitCidr(text);
  if (!/^[0-9a-fA-F.:]+(\/\d{1,3})?$/.test(text) || isIP(address) === 0) return false;
  return Number.isInteger(bits) && bits >= 0 && bits <= (family === 'ipv4' ? 32 : 128);
}

/**
 * The address a host stands for without asking DNS, in its canonical spelling; undefined for a name. Decimal,
 * hexadecimal, octal and shortened IPv4 spellings (`2130706433`, `0x7f.1`) are read as the system's resolver
 * would read them, so that no spelling slips past a range check.
 *
 * @param host without port; IPv6 with or without brackets.
 */
export function literalAddress(host: string): string | undefined {
  const bare = host.startsWith('[') && host.endsWith(']') ? host.slice(1, -1) : host;
  if (isIP(bare) === 6) return unmapped(URL.parse(`http://[${bare}]/`)?.hostname.slice(1, -1) ?? bare);
  // Only the URL standard's special schemes get their IPv4 spellings normalised, hence the borrowed `http:`.
  const read = URL.parse(`http://${bare}/`)?.hostname;
  return read !== undefined && isIP(read) === 4 ? read : undefined;
}

/** `::ffff:127.0.0.1` and `::ffff:7f00:1` → `127.0.0.1`. */
export function unmapped(address: string): string {
  if (isIP(address) !== 6) return address;
  const canonical = URL.parse(`http://[${address}]/`)?.hostname.slice(1, -1) ?? address;
  const mapped = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(canonical);
  if (!mapped) return canonical;
  const high = Number.parseInt(mapped[1] ?? '', 16);
  const low = Number.parseInt(mapped[2] ?? '', 16);
  return [high >> 8, high & 255, low >> 8, low & 255].join('.');
}

function splitCidr(text: string): { address: string; bits: number; family: 'ipv4' | 'ipv6' } {
  const slash = text.indexOf('/');
  const address = slash < 0 ? text : text.slice(0, slash);
  const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
  const bits = slash < 0 ? (family === 'ipv4' ? 32 : 128) : Number(text.slice(slash + 1));
  return { address, bits, family };
}
