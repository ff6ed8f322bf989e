import { randomFillSync } from 'node:crypto';

/** Crockford base 32: no letter that is read as another one over the telephone. */
const LETTERS = '0123456789abcdefghjkmnpqrstvwxyz';
const LENGTH = 8;

/** A name for one request: short enough to be told by telephone, said on screen, and the same in the log. */
export const newReference = (): string =>
  Array.from(randomFillSync(new Uint8Array(LENGTH)), (byte) => LETTERS[byte & 31]).join('');
