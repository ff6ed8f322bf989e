import type { ItemRow } from '../db/site/item-rows.ts';
import type { LedgerRows } from '../db/site/ledger-rows.ts';
import { readBody } from '../ledger/entry.ts';
import { openPersonal, type PersonalOpening, type PersonalText } from '../ledger/personal.ts';

/** Null for what was erased in its time, or is not what was entered. */
export interface ItemTexts {
  readonly what: string | null;
  readonly to: string | null;
  readonly by: string | null;
}

/** What items are and to whom they went, by their numbers. @throws as the opening */
export function itemTexts(
  items: readonly ItemRow[],
  rows: Pick<LedgerRows, 'entry' | 'personal'>,
  opening: PersonalOpening,
): Map<string, ItemTexts> {
  const plain = (text: PersonalText | undefined) => (typeof text === 'object' ? text.text : null);
  const found = new Map<string, ItemTexts>();
  for (const { number, seq } of items) {
    const body = rows.entry(seq)?.body;
    if (!body) continue;
    const { what, to, by } = openPersonal(readBody(body), rows, opening);
    found.set(number, { what: plain(what), to: plain(to), by: plain(by) });
  }
  return found;
}

export const itemState = ({ returnedDay, destroyedDay }: ItemRow): 'out' | 'returned' | 'destroyed' => {
  if (destroyedDay !== null) return 'destroyed';
  return returnedDay === null ? 'out' : 'returned';
};
