import { createHash, randomBytes } from 'node:crypto';
import type { Secret } from '../lib/secret.ts';

export interface Login {
  readonly user: string;
  readonly password: Secret;
}

/** What a camera asks for in `WWW-Authenticate`; texts as they stood between the quotes, bytes as Latin-1. */
export type Challenge = BasicChallenge | DigestChallenge;

export interface BasicChallenge {
  readonly scheme: 'basic';
}

export interface DigestChallenge {
  readonly scheme: 'digest';
  readonly realm: string;
  readonly nonce: string;
  readonly opaque: string | undefined;
  readonly hash: 'md5' | 'sha256';
  /** As the camera spelled it; it is only sent back to a camera that sent it. */
  readonly algorithm: string | undefined;
  /** `-sess`: the hash of the login is bound to this nonce (RFC 7616 §3.4.2). */
  readonly perSession: boolean;
  /** `qop=auth` was offered; without it the response has the form of RFC 2069. */
  readonly qop: boolean;
  readonly stale: boolean;
}

/** Proves a login to one camera, request by request. Holds the password; prints nothing. */
export interface Authorizer {
  /** Takes the best of the challenges. @returns false when there is none that we can answer */
  challenged(headers: readonly string[]): boolean;
  /** The value of the Authorization header; undefined before the first challenge. */
  authorization(method: string, uri: string): string | undefined;
  /** The nonce that answers use, and whether the camera called the one before it stale. */
  readonly nonce: string | undefined;
  readonly stale: boolean;
}

/**
 * Basic and Digest with MD5 and SHA-256 (RFC 2617, RFC 7616, and RFC 2069 for cameras that name no `qop`).
 *
 * @param login without one no challenge can be answered
 * @param cnonce a fresh client nonce, for tests that compare with the examples of the RFCs
 */
export function createAuthorizer(
  login: Login | undefined,
  cnonce: () => string = () => randomBytes(16).toString('hex'),
): Authorizer {
  let challenge: Challenge | undefined;
  let count = 0;

  return {
    challenged(headers) {
      const best = login && bestChallenge(headers.flatMap(parseChallenges));
      if (!best) return false;
      if (best.scheme === 'basic' || best.nonce !== nonceOf(challenge)) count = 0;
      challenge = best;
      return true;
    },
    authorization(method, uri) {
      if (!login || !challenge) return undefined;
      if (challenge.scheme === 'basic') return basic(login);
      return digest(challenge, login, { method, uri, count: ++count, cnonce: cnonce() });
    },
    get nonce() {
      return nonceOf(challenge);
    },
    get stale() {
      return challenge?.scheme === 'digest' && challenge.stale;
    },
  };
}

/** SHA-256 before MD5 before the password itself; the camera's own order among equals. */
export function bestChallenge(challenges: readonly Challenge[]): Challenge | undefined {
  const rank = (one: Challenge) => (one.scheme === 'basic' ? 2 : one.hash === 'md5' ? 1 : 0);
  return challenges.reduce<Challenge | undefined>(
    (best, one) => (best && rank(best) <= rank(one) ? best : one),
    undefined,
  );
}

/**
 * The challenges of one `WWW-Authenticate` value, which may hold several, one after the other (RFC 7235 §4.1).
 * What is of another scheme, has an unknown algorithm or lacks its nonce is left out.
 */
export function parseChallenges(value: string): Challenge[] {
  const found: { scheme: string; fields: Map<string, string> }[] = [];
  // Either `name=value` or a word alone, which is a scheme.
  const parts = value.matchAll(/([^\s,="]+)(?:[ \t]*=[ \t]*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]*)))?/g);
  for (const [, word = '', quoted, plain] of parts) {
    const given = quoted ?? plain;
    if (given === undefined) found.push({ scheme: word.toLowerCase(), fields: new Map() });
    else found.at(-1)?.fields.set(word.toLowerCase(), given);
  }
  return found.flatMap(({ scheme, fields }): Challenge[] => {
    if (scheme === 'basic') return [{ scheme }];
    const challenge = scheme === 'digest' ? digestChallenge(fields) : undefined;
    return challenge ? [challenge] : [];
  });
}

function digestChallenge(fields: ReadonlyMap<string, string>): DigestChallenge | undefined {
  const [nonce, realm = '', opaque, algorithm] = ['nonce', 'realm', 'opaque', 'algorithm'].map((name) =>
    fields.get(name),
  );
  // All of these go back into our next request.
  if (!nonce || [nonce, realm, opaque, algorithm].some((text) => hasControl(text ?? ''))) return undefined;
  const known = /^(md5|sha-?256)(-sess)?$/i.exec(algorithm || 'MD5');
  const offers = (fields.get('qop') ?? '').split(/[\s,]+/).filter((offer) => offer !== '');
  const qop = offers.some((offer) => offer.toLowerCase() === 'auth');
  if (!known || (offers.length > 0 && !qop)) return undefined;
  return {
    scheme: 'digest',
    realm,
    nonce,
    opaque,
    hash: known[1]!.toLowerCase() === 'md5' ? 'md5' : 'sha256',
    algorithm,
    perSession: known[2] !== undefined,
    qop,
    stale: fields.get('stale')?.toLowerCase() === 'true',
  };
}

function basic({ user, password }: Login): string {
  return `Basic ${Buffer.from(`${user}:${password.reveal()}`).toString('base64')}`;
}

interface Asked {
  readonly method: string;
  readonly uri: string;
  /** How often the nonce has been used, this time included. */
  readonly count: number;
  readonly cnonce: string;
}

function digest(challenge: DigestChallenge, login: Login, asked: Asked): string | undefined {
  const { realm, nonce, opaque, algorithm, perSession, qop } = challenge;
  if (hasControl(login.user)) return undefined;
  const hash = (...parts: string[]) =>
    createHash(challenge.hash).update(parts.join(':'), 'latin1').digest('hex');
  // Everything else is bytes already; UTF-8 is what RFC 7616 asks for and cameras compare with.
  const user = asBytes(login.user);
  const account = hash(user, realm, asBytes(login.password.reveal()));
  const ha1 = perSession ? hash(account, nonce, asked.cnonce) : account;
  const ha2 = hash(asked.method, asked.uri);
  const nc = asked.count.toString(16).padStart(8, '0');
  const response = qop ? hash(ha1, nonce, nc, asked.cnonce, 'auth', ha2) : hash(ha1, nonce, ha2);
  return [
    `Digest username="${user.replace(/["\\]/g, '\\$&')}"`,
    `realm="${realm}"`,
    `nonce="${nonce}"`,
    `uri="${asked.uri}"`,
    `response="${response}"`,
    ...(algorithm ? [`algorithm=${algorithm}`] : []),
    ...(opaque === undefined ? [] : [`opaque="${opaque}"`]),
    ...(qop ? ['qop=auth', `nc=${nc}`] : []),
    ...(qop || perSession ? [`cnonce="${asked.cnonce}"`] : []),
  ].join(', ');
}

const nonceOf = (challenge: Challenge | undefined) =>
  challenge?.scheme === 'digest' ? challenge.nonce : undefined;

const asBytes = (text: string) => Buffer.from(text).toString('latin1');

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const hasControl = (text: string) => /[\0-\x1f\x7f]/.test(text);
