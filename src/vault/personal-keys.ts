import { createCipheriv, createDecipheriv } from 'node:crypto';
import type { RecordClass } from '../contract/record-classes.ts';
import { isGirokError } from '../lib/errors.ts';
import type { CameraId } from '../lib/ids.ts';
import type { LocalDay, SiteTime } from '../lib/site-time.ts';
import { expand } from './expand.ts';
import type { Keyring } from './keyring.ts';
import { KEY_BYTES, NONCE_BYTES, TAG_BYTES } from './layout.ts';
import { lockerOf } from './locker-key.ts';
import { takeNonce } from './nonces.ts';
import type { HourKeyName } from './wrapping.ts';

/**
 * The personal texts of a class of records and a local month are sealed under one key. It stands in the keyring beside
 * the hour keys, under a name that no camera can have, so that it is mirrored, wrapped anew and erased by the same
 * steps.
 */
export interface PersonalKey {
  /** A {@link RecordClass}; another text where a newer program has made it. */
  readonly class: string;
  /** `YYYY-MM` in the site's time, of when the entries were committed. */
  readonly month: string;
}

const PREFIX = 'records/';
const MONTH = /^\d{4}-\d\d$/;

export const personalKeyName = (key: PersonalKey): HourKeyName => ({
  camera: PREFIX + key.class,
  day: key.month,
  hour: 0,
});

/** @returns undefined for the key of an hour or a locker */
export const personalKeyOf = ({ camera, day }: HourKeyName): PersonalKey | undefined =>
  camera.startsWith(PREFIX) && MONTH.test(day)
    ? { class: camera.slice(PREFIX.length), month: day }
    : undefined;

/** Of all that stands in a keyring, the keys of rolling footage. */
export const isHourKey = (name: HourKeyName): boolean =>
  lockerOf(name) === undefined && personalKeyOf(name) === undefined;

/** As it stands beside a sealed text. */
export const personalKeyText = (key: PersonalKey): string => `${PREFIX}${key.class}/${key.month}`;

/** @returns undefined for what is no such key */
export function parsePersonalKey(text: string): PersonalKey | undefined {
  const [, name = '', month = ''] = /^records\/([a-z]{1,32})\/(\d{4}-\d\d)$/.exec(text) ?? [];
  return name === '' ? undefined : { class: name, month };
}

/** Where a sealed text belongs; bound into it, so that a row cannot stand in for another. */
interface Place {
  /** Number of the entry. */
  readonly seq: number;
  readonly field: string;
}

interface Committed {
  readonly class: RecordClass;
  /** µs UTC. */
  readonly committedUs: number;
}

const keyOfEntry = (committed: Committed, siteTime: SiteTime): PersonalKey => ({
  class: committed.class,
  month: siteTime.dayOf(committed.committedUs).slice(0, 7),
});

const INFO = Buffer.from('girok/personal/1', 'ascii');

/**
 * Seals personal texts, under keys that it makes as they are needed.
 *
 * @throws on `seal`: GirokError of the keyring; SQLite's errors
 */
export function createPersonalSealing(keyring: Pick<Keyring, 'sealingKey'>, siteTime: SiteTime) {
  return {
    /** @returns the name of the key, and nonce · sealed text · tag */
    seal(plaintext: Buffer, place: Place & Committed): { key: string; sealed: Buffer } {
      const key = keyOfEntry(place, siteTime);
      const { camera, day, hour } = personalKeyName(key);
      const monthKey = keyring.sealingKey(camera as CameraId, day as LocalDay, hour);
      const textKey = expand(monthKey, INFO, KEY_BYTES);
      monthKey.fill(0);
      const nonce = takeNonce();
      const cipher = createCipheriv('aes-256-gcm', textKey, nonce).setAAD(
        boundTo(personalKeyText(key), place),
      );
      const sealed = Buffer.concat([nonce, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
      textKey.fill(0);
      return { key: personalKeyText(key), sealed };
    },
  };
}

/**
 * Opens them again. Keeps the keys that it has met until it is closed.
 *
 * @throws on each call: GirokError `epoch_lost`, `keyring_damaged`; SQLite's errors
 */
export function createPersonalOpening(keyring: Pick<Keyring, 'hourKey'>, siteTime: SiteTime) {
  const known = new Map<string, Buffer | undefined>();
  /** Undefined where it is gone. */
  const keyOf = (key: PersonalKey): Buffer | undefined => {
    const text = personalKeyText(key);
    if (known.has(text)) return known.get(text);
    const { camera, day, hour } = personalKeyName(key);
    let textKey: Buffer | undefined;
    try {
      const monthKey = keyring.hourKey(camera as CameraId, day as LocalDay, hour);
      textKey = expand(monthKey, INFO, KEY_BYTES);
      monthKey.fill(0);
    } catch (error) {
      if (!isGirokError(error, 'key_missing')) throw error;
    }
    known.set(text, textKey);
    return textKey;
  };
  return {
    /** @returns the text, the caller's to erase; why there is none */
    open({ key, sealed, ...place }: Place & { readonly key: string; readonly sealed: Buffer }) {
      const name = parsePersonalKey(key);
      if (!name || sealed.length < NONCE_BYTES + TAG_BYTES) return 'damaged';
      const textKey = keyOf(name);
      if (!textKey) return 'erased';
      const nonce = sealed.subarray(0, NONCE_BYTES);
      const decipher = createDecipheriv('aes-256-gcm', textKey, nonce, { authTagLength: TAG_BYTES });
      decipher.setAAD(boundTo(key, place)).setAuthTag(sealed.subarray(-TAG_BYTES));
      const plaintext = decipher.update(sealed.subarray(NONCE_BYTES, -TAG_BYTES));
      try {
        decipher.final();
        return plaintext;
      } catch {
        // Only a wrong tag fails here: the answer, not an accident.
        plaintext.fill(0);
        return 'damaged';
      }
    },
    /** Whether what such an entry sealed could still be opened: a text that is gone before its key was taken away. */
    hasKeyOf: (committed: Committed): boolean => keyOf(keyOfEntry(committed, siteTime)) !== undefined,
    close() {
      for (const key of known.values()) key?.fill(0);
      known.clear();
    },
  };
}

const boundTo = (key: string, { seq, field }: Place): Buffer =>
  Buffer.from(`girok/personal/1|${key}|${seq}|${field}`, 'ascii');
