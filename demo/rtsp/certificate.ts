import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { createSecureContext, type SecureContext } from 'node:tls';
import { DAY_US, isoFromUs } from '../../src/lib/clock.ts';

/** A camera's own certificate, signed by itself, and what a server needs to show it. */
export interface SelfSigned {
  /** The certificate as PEM: what a client would pin. */
  readonly certificate: string;
  /** PEM. */
  readonly key: string;
  readonly context: SecureContext;
}

const VALID_DAYS = 3650;

/** A new P-256 key and its X.509 certificate (RFC 5280 4.1, RFC 5758 3.2) for an IPv4 address. */
export function createSelfSigned(address: string, utcUs: number): SelfSigned {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const name = sequence(der(0x31, sequence(COMMON_NAME, der(0x0c, Buffer.from('Girok camera')))));
  const addressName = der(0x87, Buffer.from(address.split('.').map(Number)));
  const subjectAltName = sequence(SUBJECT_ALT_NAME, der(0x04, sequence(addressName)));
  const facts = sequence(
    der(0xa0, integer([2])),
    integer([1, ...randomBytes(8)]),
    sequence(ECDSA_SHA256),
    name,
    sequence(time(utcUs - DAY_US), time(utcUs + VALID_DAYS * DAY_US)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(subjectAltName)),
  );
  const signature = sign('sha256', facts, privateKey);
  const bytes = sequence(facts, sequence(ECDSA_SHA256), der(0x03, Buffer.from([0]), signature));
  const lines = bytes.toString('base64').match(/.{1,64}/g) ?? [];
  const certificate = `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
  return { certificate, key, context: createSecureContext({ cert: certificate, key }) };
}

/** One value in DER (X.690 8.1, 10.1): tag, length, contents. */
function der(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(parts);
  const { length } = body;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), body]);
}

const sequence = (...parts: readonly Uint8Array[]) => der(0x30, ...parts);
const integer = (bytes: readonly number[]) => der(0x02, Buffer.from(bytes));
/** GeneralizedTime would be wrong before 2050, UTCTime after it (RFC 5280 4.1.2.5). */
function time(utcUs: number): Buffer {
  const digits = `${isoFromUs(utcUs).replace(/\D/g, '').slice(0, 14)}Z`;
  return digits < '2050' ? der(0x17, Buffer.from(digits.slice(2))) : der(0x18, Buffer.from(digits));
}

/** Object identifiers: commonName 2.5.4.3, subjectAltName 2.5.29.17, ecdsa-with-SHA256 1.2.840.10045.4.3.2. */
const COMMON_NAME = der(0x06, Buffer.from([0x55, 4, 3]));
const SUBJECT_ALT_NAME = der(0x06, Buffer.from([0x55, 0x1d, 17]));
const ECDSA_SHA256 = der(0x06, Buffer.from([0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2]));
