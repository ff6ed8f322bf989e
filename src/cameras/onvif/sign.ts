import { createHash, randomBytes } from 'node:crypto';
import type { Cam } from 'onvif';
import type { Clock } from '../../lib/clock.ts';
import type { OnvifRequest } from './messages.ts';

/** The two of the package's inner methods that are replaced, as far as they matter here. */
interface Signing {
  username?: string;
  _passwordDigest(): { passdigest: string; nonce: string; timestamp: string };
  _envelopeHeader(openHeader?: boolean): string;
  timeShift?: number;
}

/**
 * Makes the package's WS-Security UsernameToken sound (OASIS WSS Username Token Profile 1.0 §3.1): a random
 * nonce instead of `Math.random`, the password in UTF-8 instead of ASCII, a user name with `&` or `<` escaped.
 */
export function signWith(cam: Cam, request: OnvifRequest, clock: Clock): void {
  const signing = cam as unknown as Signing;
  signing._passwordDigest = () => {
    // The package measures the device's clock against this process's uptime.
    const shiftMs = signing.timeShift ?? clock.utcUs() / 1000 - process.uptime() * 1000;
    const timestamp = new Date(process.uptime() * 1000 + shiftMs).toISOString();
    const nonce = randomBytes(16);
    const passdigest = createHash('sha1')
      .update(nonce)
      .update(timestamp)
      .update(request.password ?? '', 'utf8')
      .digest('base64');
    return { passdigest, nonce: nonce.toString('base64'), timestamp };
  };
  const header = signing._envelopeHeader.bind(cam);
  signing._envelopeHeader = (openHeader) => {
    const plain = signing.username;
    if (plain === undefined) return header(openHeader);
    signing.username = plain.replace(/[<>&]/g, (letter) => `&#${letter.charCodeAt(0)};`);
    try {
      return header(openHeader);
    } finally {
      signing.username = plain;
    }
  };
}
