import { z } from 'zod';
import { wordsOfPerson } from './inputs.ts';

/** What was handed out, as the API shows it. Days of the site, `YYYY-MM-DD`. */

/** What footage leaves the house on. */
export const ITEM_KINDS = ['print', 'disc', 'usb'] as const;
export const ITEM_STATES = ['out', 'returned', 'destroyed'] as const;

export const itemSchema = z.strictObject({
  /** `2026-0001` */
  item: z.string(),
  kind: z.string(),
  state: z.enum(ITEM_STATES),
  handedOut: z.string(),
  due: z.string().optional(),
  returned: z.string().optional(),
  destroyed: z.string().optional(),
  method: z.string().optional(),
  hold: z.string().optional(),
  /** Of what and for whom: null once erased in their time. */
  what: z.string().nullable(),
  to: z.string().nullable(),
  by: z.string().nullable(),
  entry: z.int(),
  overdue: z.boolean(),
});
export type ItemView = z.infer<typeof itemSchema>;

export const oneItem = z.strictObject({ item: z.string().regex(/^\d{4}-\d{4,6}$/) });

const text = wordsOfPerson(1, 300);
const words = text.optional();
/** Who hands it out is whoever is signed in, today. `due`: back or destroyed by the end of that day; not in the past. */
export const handedOutInput = z.strictObject({
  kind: z.enum(ITEM_KINDS),
  what: text,
  to: text,
  hold: z.string().max(64).optional(),
  due: z.iso.date().optional(),
});
export const handedOutSchema = z.strictObject({ item: z.string(), entry: z.int() });
/** `on`: absent for today; never ahead. */
export const returnedInput = z.strictObject({ on: z.iso.date().optional(), note: words });
export const destroyedInput = z.strictObject({
  method: z.enum(['shred', 'burn', 'wipe']),
  on: z.iso.date().optional(),
  witness: words,
  note: words,
});
