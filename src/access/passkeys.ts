import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server';
import { GirokError } from '../lib/errors.ts';

/** A passkey as it is kept. `publicKey`: COSE. */
export interface Passkey {
  /** base64url */
  readonly credential: string;
  readonly publicKey: Uint8Array;
  readonly counter: number;
}

/** WebAuthn of one relying party. Challenges are made here; that each is used once is for whoever keeps them. */
export interface Passkeys {
  /** @returns what the browser's `navigator.credentials.create` takes, and the challenge in it */
  register(account: { id: string; login: string; name: string; known: readonly string[] }): Promise<Asked>;
  /** @returns undefined for a response that does not hold */
  registered(challenge: string, response: unknown): Promise<Passkey | undefined>;
  /** @returns what `navigator.credentials.get` takes */
  ask(known: readonly string[]): Promise<Asked>;
  /** @returns the new counter; undefined for a response that does not hold */
  answered(challenge: string, passkey: Passkey, response: unknown): Promise<number | undefined>;
}

export interface Asked {
  readonly challenge: string;
  /** JSON for the browser. */
  readonly options: object;
}

/** A fifth of a second and some megabytes, which only the process that is asked about passkeys has to spend. */
const webauthn = () => import('@simplewebauthn/server');

const LONGEST_RESPONSE = 16 * 1024;

/** @param origin as in the configuration; undefined: every call throws GirokError `passkeys_off` */
export function createPasskeys(origin: string | undefined, site: string): Passkeys {
  const party = () => {
    if (origin === undefined) throw new GirokError('passkeys_off');
    return { origin, id: new URL(origin).hostname };
  };
  return {
    async register({ id, login, name, known }) {
      const rpID = party().id;
      const { generateRegistrationOptions } = await webauthn();
      const options = await generateRegistrationOptions({
        rpName: site,
        rpID,
        userName: login,
        userDisplayName: name,
        userID: new TextEncoder().encode(id),
        attestationType: 'none',
        excludeCredentials: known.map((credential) => ({ id: credential })),
        authenticatorSelection: { residentKey: 'discouraged', userVerification: 'preferred' },
      });
      return { challenge: options.challenge, options };
    },
    async registered(challenge, response) {
      const { origin: expectedOrigin, id } = party();
      if (!(await isOfNobody(response))) return undefined;
      const { verifyRegistrationResponse } = await webauthn();
      try {
        const { verified, registrationInfo } = await verifyRegistrationResponse({
          response: response as unknown as RegistrationResponseJSON,
          expectedChallenge: challenge,
          expectedOrigin,
          expectedRPID: id,
          // The second factor to a password: being there is what it shows.
          requireUserVerification: false,
        });
        if (!verified) return undefined;
        const { credential } = registrationInfo;
        return {
          credential: credential.id,
          publicKey: credential.publicKey,
          counter: credential.counter,
        };
      } catch {
        // The library says "not valid" of what a browser sent by throwing, in many ways.
        return undefined;
      }
    },
    async ask(known) {
      const rpID = party().id;
      const { generateAuthenticationOptions } = await webauthn();
      const options = await generateAuthenticationOptions({
        rpID,
        allowCredentials: known.map((id) => ({ id })),
        userVerification: 'preferred',
      });
      return { challenge: options.challenge, options };
    },
    async answered(challenge, { credential, publicKey, counter }, response) {
      const { origin: expectedOrigin, id } = party();
      if (!isSmall(response)) return undefined;
      const { verifyAuthenticationResponse } = await webauthn();
      try {
        const { verified, authenticationInfo } = await verifyAuthenticationResponse({
          response: response as unknown as AuthenticationResponseJSON,
          expectedChallenge: challenge,
          expectedOrigin,
          expectedRPID: id,
          credential: { id: credential, publicKey: new Uint8Array(publicKey), counter },
          requireUserVerification: false,
        });
        return verified ? authenticationInfo.newCounter : undefined;
      } catch {
        // As above.
        return undefined;
      }
    },
  };
}

const isSmall = (response: unknown): response is object =>
  typeof response === 'object' &&
  response !== null &&
  (JSON.stringify(response)?.length ?? Infinity) <= LONGEST_RESPONSE;

/**
 * Without an attestation, as it was asked for. One that comes all the same has certificates in it that name addresses,
 * and the library would fetch from them: what a browser sends must not make this machine call anybody.
 */
async function isOfNobody(response: unknown): Promise<boolean> {
  if (!isSmall(response)) return false;
  const { response: inner } = response as { response?: { attestationObject?: unknown } };
  if (typeof inner?.attestationObject !== 'string') return false;
  const { decodeAttestationObject, isoBase64URL } = await import('@simplewebauthn/server/helpers');
  try {
    return decodeAttestationObject(isoBase64URL.toBuffer(inner.attestationObject)).get('fmt') === 'none';
  } catch {
    // No CBOR: no attestation that holds.
    return false;
  }
}
