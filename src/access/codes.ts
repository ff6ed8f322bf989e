import { randomBytes } from 'node:crypto';
import { Secret, TOTP } from 'otpauth';

/** RFC 6238 as every app knows it: SHA-1, six digits, 30 s. */
const PERIOD_S = 30;
const SECRET_BYTES = 20;

export const newTotpSecret = (): Buffer => randomBytes(SECRET_BYTES);

const totpOf = (secret: Buffer) =>
  new TOTP({ secret: new Secret({ buffer: new Uint8Array(secret).buffer }), period: PERIOD_S });

/** What a person puts into their app: the address behind the QR code, and the secret to be typed. */
export function totpAddress(secret: Buffer, { site, login }: { site: string; login: string }) {
  const totp = totpOf(secret);
  totp.issuer = site;
  totp.label = login;
  return { uri: totp.toString(), secret: totp.secret.base32 };
}

/**
 * The time step that a code is of, one step early or late allowed; undefined for a wrong one. Whoever takes it has to
 * see that it is later than the last one that was used.
 */
export function totpStep(secret: Buffer, code: string, nowUs: number): number | undefined {
  if (!/^[0-9]{6}$/.test(code)) return undefined;
  const timestamp = Math.floor(nowUs / 1000);
  const delta = totpOf(secret).validate({ token: code, timestamp, window: 1 });
  return delta === null ? undefined : TOTP.counter({ period: PERIOD_S, timestamp }) + delta;
}
