import { z } from 'zod';
import { ID_PATTERN } from '../lib/id-pattern.ts';

/** What every input is made of: bounded, canonical, and never two spellings of one thing. */

/** Letters and digits alone, so that nothing in an address is a path. */
export const idText = z.string().regex(ID_PATTERN);

/** Id of a camera, as cameras.yml has it. */
export const cameraText = z.string().regex(/^[a-z0-9][a-z0-9-]{0,31}$/);

/** A whole number as it stands in an address: ASCII digits, no sign, no leading zero. */
export const digits = (least: number, most: number) =>
  z
    .string()
    .regex(/^(0|[1-9][0-9]{0,14})$/)
    .transform(Number)
    .refine((value) => value >= least && value <= most);

/** Words of a person: printable, trimmed, not empty. `most`: characters. */
export const wordsOfPerson = (least: number, most: number) =>
  z
    .string()
    .max(most)
    .refine(
      (text) =>
        text.trim() === text &&
        text.length >= least &&
        !/\p{Cc}|\p{Zl}|\p{Zp}/u.test(text) &&
        text.isWellFormed(),
    );
