import { z } from 'zod';

/** What facts are made of. All bounded: an entry is read again in ten years, by whatever has as little memory as we. */
export const camera = z.string().regex(/^[a-z0-9][a-z0-9-]{0,31}$/);
export const stream = z.enum(['main', 'sub']);
/** At least one: an entry that concerns no camera says nothing. */
export const cameras = z.array(camera).min(1).max(256);
/** The id of an account, never a name. */
export const account = z.string().regex(/^[a-z0-9._-]{1,64}$/);
export const word = z.string().min(1).max(64);
export const line = z.string().max(300);
export const count = z.int().nonnegative();
export const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
export const names = z.array(z.string().max(64)).max(512);
export const instant = z.iso.datetime();
export const day = z.iso.date();

export const kind = <Name extends string, Facts extends z.ZodRawShape>(event: Name, facts: Facts) =>
  z.strictObject({ event: z.literal(event), facts: z.strictObject(facts) });

/** For kinds whose facts may come to say more: who, and in which words, is for their personal fields. */
export const namesNobody = (facts: object): boolean =>
  ['by', 'reason', 'confirmedBy'].every((name) => !(name in facts));
