import { createHash, timingSafeEqual } from 'node:crypto';
import { SECOND_US } from '../lib/clock.ts';

/**
 * The addresses of node-media-server: `/live/NAME.flv?sign=EXPIRY-MD5`, MD5 over `/live/NAME-EXPIRY-SECRET`, expiry
 * in seconds. Both ends of it are ours, and the secret lives as long as the process, so that MD5 is no weakness.
 */
export const LONGEST_VALID_MS = 55_000;

const PATTERN = /^\/live\/([0-9a-z]{16})\.flv\?sign=(\d{10})-([0-9a-f]{32})$/;

/** @param name of the stream: 16 characters of base 32, new for each feed; no camera is named in the relay */
export function signedPath(name: string, secret: string, nowUs: number, validMs: number): string {
  if (validMs > LONGEST_VALID_MS) throw new RangeError(`${validMs} ms`);
  const expiry = Math.floor((nowUs + validMs * 1000) / SECOND_US);
  return `/live/${name}.flv?sign=${expiry}-${digest(name, expiry, secret)}`;
}

/** Whether we signed this path for this moment; nothing else, however alike, is let through. */
export function isSigned(path: string, secret: string, nowUs: number): boolean {
  const match = PATTERN.exec(path);
  if (!match) return false;
  const [, name = '', expiryText = '', given = ''] = match;
  const expiry = Number(expiryText);
  const nowS = Math.floor(nowUs / SECOND_US);
  if (expiry < nowS || expiry > nowS + LONGEST_VALID_MS / 1000) return false;
  return timingSafeEqual(Buffer.from(given), Buffer.from(digest(name, expiry, secret)));
}

const digest = (name: string, expiry: number, secret: string) =>
  createHash('md5').update(`/live/${name}-${expiry}-${secret}`).digest('hex');
