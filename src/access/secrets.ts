import { createCipheriv, createDecipheriv, createHash, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { GirokError } from '../lib/errors.ts';

const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * What of people's secrets only this machine can use: a copy of site.db alone guesses no password and makes no code.
 * Under keys of their own out of the root key, not under the keyring's: they are needed for as long as the account is,
 * and go with its row.
 */
export interface AccessSecrets {
  /** Argon2's secret. */
  readonly pepper: Buffer;
  /** Keyed hash of what is looked up and need not be read: 32 bytes. */
  hash(use: string, text: string): Buffer;
  /** @param place bound into it, so that no row stands in for another */
  seal(plaintext: Buffer, place: string): Buffer;
  /** @returns the caller's to erase. @throws GirokError `root_key_wrong` for what was sealed otherwise */
  open(sealed: Buffer, place: string): Buffer;
  close(): void;
}

/** @param rootKey 32 bytes; not kept */
export function createAccessSecrets(rootKey: Buffer): AccessSecrets {
  const derive = (use: string) =>
    Buffer.from(hkdfSync('sha256', rootKey, Buffer.alloc(0), `girok/access/1/${use}`, KEY_BYTES));
  const [pepper, hashing, sealing] = [derive('passwords'), derive('look-up'), derive('secrets')] as [
    Buffer,
    Buffer,
    Buffer,
  ];
  return {
    pepper,
    hash: (use, text) => createHmac('sha256', hashing).update(`${use}\0${text}`).digest(),
    seal(plaintext, place) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv('aes-256-gcm', sealing, nonce).setAAD(Buffer.from(place));
      return Buffer.concat([nonce, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
    },
    open(sealed, place) {
      const decipher = createDecipheriv('aes-256-gcm', sealing, sealed.subarray(0, NONCE_BYTES), {
        authTagLength: TAG_BYTES,
      });
      decipher.setAAD(Buffer.from(place)).setAuthTag(sealed.subarray(-TAG_BYTES));
      const plaintext = decipher.update(sealed.subarray(NONCE_BYTES, -TAG_BYTES));
      try {
        decipher.final();
        return plaintext;
      } catch (error) {
        plaintext.fill(0);
        throw new GirokError('root_key_wrong', { file: 'site.db' }, { cause: error });
      }
    },
    close() {
      for (const key of [pepper, hashing, sealing]) key.fill(0);
    },
  };
}

const TOKEN_BYTES = 32;

/** 256 random bits for a browser to keep, and what the database keeps of them. */
export function newToken(): { readonly token: string; readonly hash: Buffer } {
  const token = randomBytes(TOKEN_BYTES).toString('base64url');
  return { token, hash: tokenHash(token) };
}

/** SHA-256; of anything that is no token of ours too, which then is nowhere. */
export const tokenHash = (token: string): Buffer => createHash('sha256').update(token).digest();

/** Without 0/O, 1/I/L: to be read from a screen or a paper. */
const READABLE = '23456789ABCDEFGHJKMNPQRSTUVWXYZ';

/** Random groups such as `7K3M-9QXA`, about 4.95 bits a character. */
export function readableCode(groups: number, size: number): string {
  const pick = (): string => {
    for (;;) {
      // Without the bytes that would make some characters likelier than others.
      const byte = randomBytes(1)[0] as number;
      if (byte < 256 - (256 % READABLE.length)) return READABLE[byte % READABLE.length] as string;
    }
  };
  return Array.from({ length: groups }, () => Array.from({ length: size }, pick).join('')).join('-');
}

/** As it was made, however it was typed. */
export const readCode = (typed: string): string => typed.toUpperCase().replace(/[^0-9A-Z]/g, '');
