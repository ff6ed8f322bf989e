import { z } from 'zod';
import {
  destroyedInput,
  handedOutInput,
  handedOutSchema,
  type ItemView,
  itemSchema,
  oneItem,
  returnedInput,
} from '../../contract/items.ts';
import type { ItemRow } from '../../db/site/item-rows.ts';
import type { Clock } from '../../lib/clock.ts';
import { GirokError } from '../../lib/errors.ts';
import { type LocalDay, parseLocalDay, type SiteTime } from '../../lib/site-time.ts';
import { type HandedOut, type ItemOutcome, overdueItems } from '../../oversight/handed-out.ts';
import { type ItemTexts, itemState } from '../../oversight/item-texts.ts';
import type { Session } from '../ports.ts';
import { type Route, route } from '../route.ts';

export interface ItemDeps {
  items(): readonly ItemRow[];
  /** What they are and to whom they went; that it was shown is on disk. @throws of ledger and keyring */
  textsOf(items: readonly ItemRow[], by: Pick<Session, 'account' | 'name'>): ReadonlyMap<string, ItemTexts>;
  handedOut(by: Pick<Session, 'account'>): HandedOut;
  isHold(id: string): Promise<boolean>;
  readonly clock: Clock;
  readonly siteTime: SiteTime;
}

const done = z.strictObject({ entry: z.int(), row: z.int().optional() });
const ends = { action: 'confirm_erasure' } as const;

/** Printouts, discs and sticks that left the house, until they are destroyed. */
export function itemRoutes({ items, textsOf, handedOut, isHold, clock, siteTime }: ItemDeps): Route[] {
  const today = () => siteTime.dayOf(clock.utcUs());
  const dayOf = (on: string | undefined): LocalDay => {
    if (on === undefined) return today();
    const day = parseLocalDay(on);
    if (day > today()) throw new GirokError('item_refused', { why: 'ahead' });
    return day;
  };
  return [
    route({
      method: 'GET',
      path: '/api/items',
      access: { action: 'read_logs' },
      summary: 'All that was handed out, with what and to whom. That it was shown is entered.',
      answer: z.strictObject({ items: z.array(itemSchema) }),
      handle({ session }) {
        const all = items();
        const late = new Set(overdueItems(all, today()).map(({ number }) => number));
        const texts = textsOf(all, session);
        return { items: all.map((row) => itemView(row, texts.get(row.number), late.has(row.number))) };
      },
    }),
    route({
      method: 'POST',
      path: '/api/items',
      access: ends,
      summary: 'Gives the next number to something that leaves the house today, and enters it.',
      body: handedOutInput,
      answer: handedOutSchema,
      async handle({ body: { due, hold, ...handing }, session }) {
        if (due !== undefined && parseLocalDay(due) < today())
          throw new GirokError('item_refused', { why: 'due_past' });
        if (hold !== undefined && !(await isHold(hold)))
          throw new GirokError('item_refused', { why: 'hold_unknown' });
        const { item, seq } = handedOut(session).add({
          ...handing,
          hold,
          by: session.name,
          due: due === undefined ? undefined : parseLocalDay(due),
        });
        return { item, entry: seq };
      },
    }),
    route({
      method: 'POST',
      path: '/api/items/:item/returned',
      access: ends,
      summary: 'It is in the house again; it stays open until it is destroyed.',
      params: oneItem,
      body: returnedInput,
      answer: done,
      handle: ({ params: { item }, body: { on, note }, session }) =>
        entered(handedOut(session).returned(item, { on: dayOf(on), by: session.name, note })),
    }),
    route({
      method: 'POST',
      path: '/api/items/:item/destroyed',
      access: ends,
      summary: 'It was destroyed; fills its line in the management ledger.',
      params: oneItem,
      body: destroyedInput,
      answer: done,
      handle: ({ params: { item }, body: { method, on, witness, note }, session }) =>
        entered(
          handedOut(session).destroyed(item, method, { on: dayOf(on), by: session.name, witness, note }),
        ),
    }),
  ];
}

function entered(outcome: ItemOutcome): z.input<typeof done> {
  if (outcome.state === 'refused') throw new GirokError('item_refused', { why: outcome.why });
  const { seq, row } = outcome;
  return { entry: seq, ...(row !== undefined && { row }) };
}

function itemView(row: ItemRow, texts: ItemTexts | undefined, overdue: boolean): ItemView {
  return {
    item: row.number,
    kind: row.kind,
    state: itemState(row),
    handedOut: row.handedDay,
    ...(row.dueDay !== null && { due: row.dueDay }),
    ...(row.returnedDay !== null && { returned: row.returnedDay }),
    ...(row.destroyedDay !== null && { destroyed: row.destroyedDay }),
    ...(row.method !== null && { method: row.method }),
    ...(row.hold !== null && { hold: row.hold }),
    what: texts?.what ?? null,
    to: texts?.to ?? null,
    by: texts?.by ?? null,
    entry: row.seq,
    overdue,
  };
}
