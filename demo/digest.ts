import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

export type LoginScheme = 'digest' | 'digest-sha256' | 'basic' | 'none';

/** Checks logins of RTSP and HTTP requests (RFC 2617, RFC 7616). */
export interface Login {
  /** Values of the WWW-Authenticate headers. */
  challenges(): string[];
  /** Whether `authorization` proves the password for this method; without a scheme everything passes. */
  accepts(method: string, authorization: string | undefined): boolean;
}

/**
 * A camera that offers everything, the worst first: Basic, Digest with MD5, Digest with SHA-256. A login by Basic
 * fails: who sends the password in the clear although Digest is offered is not served.
 */
export function createChoiceLogin(user: string, password: string): Login {
  const digests = (['digest', 'digest-sha256'] as const).map((scheme) => createLogin(scheme, user, password));
  return {
    challenges: () => [`Basic realm="${REALM}"`, ...digests.flatMap((login) => login.challenges())],
    accepts: (method, authorization) => digests.some((login) => login.accepts(method, authorization)),
  };
}

const REALM = 'Girok camera';

export function createLogin(scheme: LoginScheme, user: string, password: string): Login {
  const key = randomBytes(32);
  const algorithm = scheme === 'digest-sha256' ? 'sha256' : 'md5';
  const hash = (text: string) => createHash(algorithm).update(text).digest('hex');
  // A nonce proves its own origin, so that none needs to be remembered.
  const sign = (salt: string) => createHmac('sha256', key).update(salt).digest('hex').slice(0, 32);
  const ha1 = hash(`${user}:${REALM}:${password}`);

  return {
    challenges() {
      if (scheme === 'none') return [];
      if (scheme === 'basic') return [`Basic realm="${REALM}"`];
      const salt = randomBytes(8).toString('hex');
      const name = scheme === 'digest-sha256' ? ', algorithm=SHA-256, qop="auth"' : '';
      return [`Digest realm="${REALM}", nonce="${salt}${sign(salt)}"${name}`];
    },
    accepts(method, authorization) {
      if (scheme === 'none') return true;
      if (!authorization) return false;
      if (scheme === 'basic') {
        const expected = Buffer.from(`${user}:${password}`).toString('base64');
        return /^basic /i.test(authorization) && same(authorization.slice(6).trim(), expected);
      }
      if (!/^digest /i.test(authorization)) return false;
      const field = digestFields(authorization);
      const nonce = field.nonce ?? '';
      if (!same(nonce.slice(16), sign(nonce.slice(0, 16)))) return false;
      if (field.username !== user || field.realm !== REALM) return false;
      const ha2 = hash(`${method}:${field.uri ?? ''}`);
      const middle = field.qop ? `${field.nc ?? ''}:${field.cnonce ?? ''}:${field.qop}:` : '';
      return same(field.response ?? '', hash(`${ha1}:${nonce}:${middle}${ha2}`));
    },
  };
}

function digestFields(header: string): Record<string, string> {
  const fields: Record<string, string> = {};
  for (const [, name, quoted, plain] of header.slice(7).matchAll(/(\w+)\s*=\s*(?:"([^"]*)"|([^\s,]+))/g)) {
    fields[name!.toLowerCase()] = quoted ?? plain ?? '';
  }
  return fields;
}

function same(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
