import { isIP } from 'node:net';
import { CAMERA_URL_MAX_BYTES } from '../config/camera-url.ts';
import { GirokError } from '../lib/errors.ts';

/** An RTSP address taken apart (RFC 2326 §3.2), without user info. */
export interface RtspUrl {
  readonly secure: boolean;
  /** Name or address; IPv6 without brackets. */
  readonly host: string;
  /** As written; undefined means 554 (322 for rtsps). */
  readonly port: number | undefined;
  /** Path and query exactly as the camera spelled them, beginning with `/`, `?` or empty. */
  readonly rest: string;
}

/**
 * Takes an RTSP URL apart. The rest after the host is kept to the letter: cameras compare it byte by byte.
 *
 * @param userInfo what to do with `user:password@`: refuse it, or take it off (some cameras put their own
 *   password into the address they give).
 * @throws {GirokError} `camera_url_refused`; its facts never hold the URL.
 */
export function parseRtspUrl(text: string, userInfo: 'refuse' | 'strip'): RtspUrl {
  if (Buffer.byteLength(text) > CAMERA_URL_MAX_BYTES) throw refused('longer than 512 bytes');
  if (/[\p{Cc}\p{Z}]/u.test(text) || !text.isWellFormed()) throw refused('white space or control characters');
  const parts = /^(rtsps?):\/\/([^/?#\\]*)((?:[/?#].*)?)$/i.exec(text);
  if (!parts) throw refused('not rtsp:// or rtsps://');
  const [, scheme = '', authority = '', rest = ''] = parts;
  const at = authority.lastIndexOf('@');
  if (at >= 0 && userInfo === 'refuse') throw refused('user or password inside');
  const hostPort = /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::(\d{1,5}))?$/i.exec(authority.slice(at + 1));
  const host = hostPort?.[1]?.replace(/^\[|\]$/g, '') ?? '';
  const port = hostPort?.[2] === undefined ? undefined : Number(hostPort[2]);
  if (host === '' || (hostPort?.[1]?.startsWith('[') && isIP(host) !== 6)) throw refused('no valid host');
  if (port !== undefined && (port < 1 || port > 65535)) throw refused('no valid port');
  return { secure: scheme.toLowerCase() === 'rtsps', host, port, rest };
}

/** The URL with another host, usually the pinned address; never has user info. */
export function printRtspUrl(url: RtspUrl, host: string = url.host): string {
  const shown = isIP(host) === 6 ? `[${host}]` : host;
  return `${url.secure ? 'rtsps' : 'rtsp'}://${shown}${url.port === undefined ? '' : `:${url.port}`}${url.rest}`;
}

const refused = (reason: string) => new GirokError('camera_url_refused', { reason });
