import { z } from 'zod';
import { GirokError, isGirokError } from '../../lib/errors.ts';
import type { Hold } from '../../retention/holds.ts';
import type { Keyring } from '../../vault/keyring.ts';
import { lockerKey, openNote, sealNote } from '../../vault/locker-key.ts';

const noteShape = z.array(
  z.strictObject({
    at: z.string(),
    did: z.enum(['made', 'taken_over', 'renewed', 'reviewed', 'ended']),
    by: z.string(),
    reason: z.string(),
  }),
);

/** Who did what to a hold, and why, oldest first. It lies under the locker's key and goes with it. */
export type HoldNote = z.infer<typeof noteShape>;

/** @param key the locker's, which stays the caller's to erase */
export const writeNote = (key: Buffer, hold: string, note: HoldNote): string =>
  sealNote(key, hold, JSON.stringify(note));

/** @returns nothing once the key is gone. @throws GirokError of the keyring, `database_damaged` */
export function readNote(keyring: Pick<Keyring, 'hourKey'>, { id, note }: Hold): HoldNote {
  if (note === '') return [];
  let key: Buffer | undefined;
  try {
    key = lockerKey(keyring, id);
    const text = openNote(key, id, note);
    if (text === undefined) throw new GirokError('database_damaged', { hold: id });
    return noteShape.parse(JSON.parse(text));
  } catch (error) {
    if (isGirokError(error, 'key_missing')) return [];
    throw error;
  } finally {
    key?.fill(0);
  }
}
