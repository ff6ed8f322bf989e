import { BlockList, isIP } from 'node:net';

/** Where a connection goes: what stands between the scheme and the path of an RTSP URL (RFC 2326 §3.2). */
export interface RtspAddress {
  readonly secure: boolean;
  /** An IP address; IPv6 without brackets. */
  readonly host: string;
  readonly port: number;
}

export const MAX_URL_BYTES = 1024;

const PORTS = { rtsp: 554, rtsps: 322 } as const;

/** @returns undefined unless the host is an IP address and nothing else (no user info) stands before the path */
export function addressOf(url: string): RtspAddress | undefined {
  const parts = /^(rtsps?):\/\/(\[[0-9a-f:.]+\]|[0-9.]+)(?::(\d{1,5}))?(?=[/?#]|$)/i.exec(url);
  const scheme = parts?.[1]?.toLowerCase() === 'rtsps' ? 'rtsps' : 'rtsp';
  const host = parts?.[2]?.replace(/^\[|\]$/g, '') ?? '';
  const port = parts?.[3] === undefined ? PORTS[scheme] : Number(parts[3]);
  if (isIP(host) === 0 || port < 1 || port > 65_535) return undefined;
  return { secure: scheme === 'rtsps', host, port };
}

/**
 * Where a redirect leads to, if it leads to the same address: any other would slip past the check that the
 * recorder made before it connected. Never from an encrypted connection to a plain one.
 *
 * @param location as the camera wrote it; without a host it is a path on the same server
 */
export function redirectedUrl(from: string, location: string | undefined): string | undefined {
  if (!location || !isSendable(location)) return undefined;
  const origin = /^rtsps?:\/\/[^/?#]*/i.exec(from)?.[0] ?? '';
  const url = /^\/(?!\/)/.test(location) ? `${origin}${location}` : location;
  const [here, there] = [addressOf(from), addressOf(url)];
  if (!here || !there || (here.secure && !there.secure) || !isSendable(url)) return undefined;
  return isSameAddress(here.host, there.host) ? url : undefined;
}

/**
 * Whether a text of a camera may stand in a request line: no blank, line break or other control character, which
 * would make two requests of one, and at most 1024 bytes.
 */
export const isSendable = (text: string): boolean =>
  text.length <= MAX_URL_BYTES && !/[\0-\x20\x7f]/.test(text);

/** An IPv4 address is the same when it is mapped into IPv6. */
function isSameAddress(a: string, b: string): boolean {
  const family = (address: string) => (isIP(address) === 6 ? 'ipv6' : 'ipv4');
  const list = new BlockList();
  list.addAddress(a, family(a));
  return list.check(b, family(b));
}
