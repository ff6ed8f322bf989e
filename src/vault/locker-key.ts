import { createCipheriv, createDecipheriv } from 'node:crypto';
import type { CameraId } from '../lib/ids.ts';
import type { LocalDay } from '../lib/site-time.ts';
import { expand } from './expand.ts';
import type { Keyring } from './keyring.ts';
import { KEY_BYTES, NONCE_BYTES, TAG_BYTES } from './layout.ts';
import { takeNonce } from './nonces.ts';
import type { HourKeyName } from './wrapping.ts';

/**
 * A hold's copies lie in a locker of their own, under a key of their own. It stands in the keyring beside the hour
 * keys, under a name that no camera can have, so that it is mirrored, wrapped anew and erased by the same steps.
 */
const PREFIX = 'evidence/';
const LOCKER_DAY = 'locker';

export const lockerKeyName = (hold: string): HourKeyName => ({
  camera: `${PREFIX}${hold}`,
  day: LOCKER_DAY,
  hour: 0,
});

/** @returns whose locker the key opens; undefined for the key of an hour */
export const lockerOf = ({ camera, day }: HourKeyName): string | undefined =>
  day === LOCKER_DAY && camera.startsWith(PREFIX) ? camera.slice(PREFIX.length) : undefined;

/** Here and nowhere else: a key that was erased is never made again. @returns the caller's to erase */
export function makeLockerKey(keyring: Pick<Keyring, 'sealingKey'>, hold: string): Buffer {
  const { camera, day, hour } = lockerKeyName(hold);
  return keyring.sealingKey(camera as CameraId, day as LocalDay, hour);
}

/** @returns the locker's key, which the caller erases. @throws GirokError `key_missing`: it is never made again */
export function lockerKey(keyring: Pick<Keyring, 'hourKey'>, hold: string): Buffer {
  const { camera, day, hour } = lockerKeyName(hold);
  return keyring.hourKey(camera as CameraId, day as LocalDay, hour);
}

const NOTE_INFO = Buffer.from('girok/locker-note/1', 'ascii');

/** A text that dies with the locker: who asked for it, and why. @param key the locker's; the caller erases it */
export function sealNote(key: Buffer, hold: string, text: string): string {
  const noteKey = expand(key, NOTE_INFO, KEY_BYTES);
  const nonce = takeNonce();
  const cipher = createCipheriv('aes-256-gcm', noteKey, nonce).setAAD(Buffer.from(hold));
  const sealed = Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  noteKey.fill(0);
  return sealed.toString('base64');
}

/** @returns undefined when it does not authenticate */
export function openNote(key: Buffer, hold: string, note: string): string | undefined {
  const sealed = Buffer.from(note, 'base64');
  if (sealed.length < NONCE_BYTES + TAG_BYTES) return undefined;
  const noteKey = expand(key, NOTE_INFO, KEY_BYTES);
  try {
    const nonce = sealed.subarray(0, NONCE_BYTES);
    const decipher = createDecipheriv('aes-256-gcm', noteKey, nonce, { authTagLength: TAG_BYTES });
    decipher.setAAD(Buffer.from(hold)).setAuthTag(sealed.subarray(-TAG_BYTES));
    const text = decipher.update(sealed.subarray(NONCE_BYTES, -TAG_BYTES));
    decipher.final();
    return text.toString('utf8');
  } catch {
    // Only a wrong tag fails here: the answer, not an accident.
    return undefined;
  } finally {
    noteKey.fill(0);
  }
}
