import { readFileSync } from 'node:fs';
import { BlockList, isIP } from 'node:net';
import { createSecureContext } from 'node:tls';
import type { HttpConfig } from '../config/config.ts';
import { literalAddress, unmapped } from '../config/networks.ts';
import { GirokError, systemCode } from '../lib/errors.ts';

/** How the server may be reached, decided once when it starts. */
export interface Listening {
  /** Certificate chain and key, PEM; absent: in clear. */
  readonly tls?: { readonly cert: Buffer; readonly key: Buffer };
  /** Browsers see https, from us or from the proxy. */
  readonly secure: boolean;
  /** Addresses whose `X-Forwarded-For` is believed. */
  readonly proxies: readonly string[];
}

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/** @param address IP address or name */
export function isLoopback(address: string): boolean {
  if (address.toLowerCase() === 'localhost') return true;
  const plain = unmapped(literalAddress(address) ?? address);
  const version = isIP(plain);
  return version !== 0 && loopback.check(plain, version === 4 ? 'ipv4' : 'ipv6');
}

/**
 * TLS, or this machine alone, or behind a proxy that is named.
 *
 * @throws GirokError `http_in_clear` for anything else; `tls_unreadable` for a certificate or key that cannot be used
 */
export function listeningOf({ host, tls, behindProxy }: HttpConfig): Listening {
  if (!tls && !behindProxy && !isLoopback(host)) throw new GirokError('http_in_clear', { host });
  return {
    ...(tls && { tls: readCertificate(tls) }),
    secure: tls !== undefined || behindProxy !== undefined,
    proxies: (behindProxy ?? []).map(unmapped),
  };
}

/** Whether this connection may be answered at all: one in clear comes from this machine or from a proxy that is named. */
export const mayCome = ({ tls, proxies }: Listening, peer: string): boolean =>
  tls !== undefined || isLoopback(peer) || proxies.includes(unmapped(peer));

function readCertificate(files: { cert: string; key: string }): { cert: Buffer; key: Buffer } {
  const [cert, key] = [read(files.cert), read(files.key)];
  try {
    createSecureContext({ cert, key });
  } catch (error) {
    // The system's own words may show a piece of the key.
    throw new GirokError('tls_unreadable', { path: files.cert, reason: systemCode(error) });
  }
  return { cert, key };
}

function read(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new GirokError('tls_unreadable', { path, system: systemCode(error) }, { cause: error });
  }
}
