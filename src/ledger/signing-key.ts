import {
  createCipheriv,
  createDecipheriv,
  createPrivateKey,
  createPublicKey,
  hkdfSync,
  type KeyObject,
  randomBytes,
} from 'node:crypto';
import { GirokError } from '../lib/errors.ts';

const SEED_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const INFO = 'girok/ledger-key/1';
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');

export interface SigningKey {
  readonly privateKey: KeyObject;
  /** 32 bytes. */
  readonly publicKey: Buffer;
}

/**
 * A new Ed25519 key, its seed sealed under the root key and bound to the log's site.
 *
 * @param rootKey 32 bytes; not kept
 * @returns `sealed`: nonce, sealed seed, tag
 */
export function createSigningKey(rootKey: Buffer, site: string): SigningKey & { sealed: Buffer } {
  const seed = randomBytes(SEED_BYTES);
  const wrapping = wrappingKey(rootKey);
  try {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', wrapping, nonce).setAAD(Buffer.from(site));
    const sealed = Buffer.concat([nonce, cipher.update(seed), cipher.final(), cipher.getAuthTag()]);
    return { ...keyOfSeed(seed), sealed };
  } finally {
    seed.fill(0);
    wrapping.fill(0);
  }
}

/** @throws GirokError `root_key_wrong` when it was sealed under another root key */
export function openSigningKey(sealed: Buffer, rootKey: Buffer, site: string): SigningKey {
  const wrapping = wrappingKey(rootKey);
  const decipher = createDecipheriv('aes-256-gcm', wrapping, sealed.subarray(0, NONCE_BYTES), {
    authTagLength: TAG_BYTES,
  });
  wrapping.fill(0);
  decipher.setAAD(Buffer.from(site)).setAuthTag(sealed.subarray(-TAG_BYTES));
  const seed = decipher.update(sealed.subarray(NONCE_BYTES, -TAG_BYTES));
  try {
    decipher.final();
    return keyOfSeed(seed);
  } catch (error) {
    throw new GirokError('root_key_wrong', { file: 'site.db' }, { cause: error });
  } finally {
    seed.fill(0);
  }
}

/** @param seed 32 bytes (RFC 8032) */
export function keyOfSeed(seed: Buffer): SigningKey {
  const der = Buffer.concat([PKCS8, seed]);
  const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  der.fill(0);
  const publicKey = createPublicKey(privateKey).export({ format: 'der', type: 'spki' }).subarray(-32);
  return { privateKey, publicKey };
}

const wrappingKey = (rootKey: Buffer): Buffer =>
  Buffer.from(hkdfSync('sha256', rootKey, Buffer.alloc(0), INFO, SEED_BYTES));
