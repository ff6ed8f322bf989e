import { z } from 'zod';
import { ITEM_KINDS } from '../../contract/items.ts';
import { count, day, kind, word } from './shapes.ts';

/** 파쇄, 소각, 초기화 */
export const DESTRUCTION_METHODS = ['shred', 'burn', 'wipe'] as const;

const item = z.string().regex(/^\d{4}-\d{4,6}$/);

/** Printouts, discs and sticks that were handed out. */
export const ITEMS = [
  /** Personal fields: what, to, by. */
  kind('item.handed_out', {
    item,
    kind: z.enum(ITEM_KINDS),
    /** The hold that its footage came from. */
    hold: word.optional(),
    /** Back or destroyed by the end of that day. */
    due: day.optional(),
  }),
  /** Personal fields: by, note. */
  kind('item.returned', { item, on: day }),
  /** Personal fields: by, witness, note. `row`: the entry in the management ledger. */
  kind('item.destroyed', { item, method: z.enum(DESTRUCTION_METHODS), on: day, row: count }),
] as const;
