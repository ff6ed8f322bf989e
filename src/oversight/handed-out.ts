import type { ITEM_KINDS } from '../contract/items.ts';
import { createItemRows, type ItemRow, type ItemRows } from '../db/site/item-rows.ts';
import { official, officialDay } from '../i18n/official.ts';
import type { Actor } from '../ledger/entry.ts';
import type { DESTRUCTION_METHODS } from '../ledger/events/items.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { type Clock, isoFromUs } from '../lib/clock.ts';
import type { LocalDay, SiteTime } from '../lib/site-time.ts';

export type ItemKind = (typeof ITEM_KINDS)[number];
export type DestructionMethod = (typeof DESTRUCTION_METHODS)[number];

export interface HandedOutDeps {
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly siteTime: SiteTime;
  /** Who does it: `process:cli`, `person:ID`. */
  readonly actor: Actor;
}

/** Persons and free texts go into personal fields alone. */
export interface HandingOut {
  readonly kind: ItemKind;
  readonly what: string;
  readonly to: string;
  readonly by: string;
  readonly hold?: string | undefined;
  /** Back or destroyed by the end of this day. */
  readonly due?: LocalDay | undefined;
}

export interface ItemEnding {
  readonly on: LocalDay;
  readonly by: string;
  readonly witness?: string | undefined;
  readonly note?: string | undefined;
}

/** Why nothing was entered. */
export type ItemRefusal = 'unknown' | 'destroyed_before' | 'returned_before' | 'before_handing_out';

export type ItemOutcome =
  | { readonly state: 'entered'; readonly item: string; readonly seq: number; readonly row?: number }
  | { readonly state: 'refused'; readonly why: ItemRefusal };

export interface HandedOut {
  /** Gives it the next number of the site's year; numbers have no gaps. @throws as {@link Ledger.write} */
  add(handing: HandingOut): { readonly item: string; readonly seq: number };
  /** It is in the house again, and stays open until it is destroyed. */
  returned(item: string, ending: ItemEnding): ItemOutcome;
  /** 파쇄·소각·초기화: with its line in the management ledger. */
  destroyed(item: string, method: DestructionMethod, ending: ItemEnding): ItemOutcome;
}

/** Printouts, discs and sticks: what leaves the house is a numbered item until it is destroyed. */
export function createHandedOut({ ledger, clock, siteTime, actor }: HandedOutDeps): HandedOut {
  /** In one transaction with what `enter` does, where the item is as it has to be. */
  const end = (
    item: string,
    { on }: ItemEnding,
    refusalOf: (row: ItemRow) => ItemRefusal | undefined,
    enter: (
      tx: Parameters<Parameters<Ledger['write']>[0]>[0],
      row: ItemRow,
      rows: ItemRows,
    ) => { seq: number; row?: number },
  ) =>
    ledger.write((tx): ItemOutcome => {
      const rows = createItemRows(tx.db);
      const row = rows.find(item);
      if (!row) return { state: 'refused', why: 'unknown' };
      const why = row.destroyedDay === null ? refusalOf(row) : 'destroyed_before';
      if (why) return { state: 'refused', why };
      if (on < row.handedDay) return { state: 'refused', why: 'before_handing_out' };
      return { state: 'entered', item, ...enter(tx, row, rows) };
    });

  return {
    add: ({ kind, what, to, by, hold, due }) =>
      ledger.write((tx) => {
        const rows = createItemRows(tx.db);
        const handedDay = siteTime.dayOf(clock.utcUs());
        const year = Number(handedDay.slice(0, 4));
        const ordinal = rows.last(year) + 1;
        const item = `${year}-${String(ordinal).padStart(4, '0')}`;
        const seq = tx.append(
          {
            event: 'item.handed_out',
            facts: { item, kind, ...(hold !== undefined && { hold }), ...(due !== undefined && { due }) },
            actor,
          },
          { personal: { what, to, by } },
        );
        const given = {
          number: item,
          year,
          ordinal,
          kind,
          hold: hold ?? null,
          dueDay: due ?? null,
          handedDay,
        };
        rows.add({ ...given, seq, returnedDay: null, destroyedDay: null, method: null, lastSeq: seq });
        return { item, seq };
      }),
    returned: (item, ending) =>
      end(
        item,
        ending,
        (row) => (row.returnedDay === null ? undefined : 'returned_before'),
        (tx, _row, rows) => {
          const { by, note, on } = ending;
          const seq = tx.append(
            { event: 'item.returned', facts: { item, on }, actor },
            { personal: { by, ...(note !== undefined && { note }) } },
          );
          rows.returned(item, on, seq);
          return { seq };
        },
      ),
    destroyed: (item, method, ending) =>
      end(
        item,
        ending,
        (row) => (row.returnedDay !== null && ending.on < row.returnedDay ? 'before_handing_out' : undefined),
        (tx, { kind, handedDay, dueDay }, rows) => {
          const { by, witness, note, on } = ending;
          const words = official.item;
          const row = tx.append(
            {
              event: 'management.entered',
              facts: {
                kind: 'DESTRUCTION',
                appliedAt: isoFromUs(clock.utcUs()),
                fileNameForm: words.fileNameForm({ item, kind: words.kind[kind as ItemKind] }),
                purposeReason: words.purposeReason,
                legalBasis: words.legalBasis,
                form: official.none,
                period: words.period({
                  from: officialDay(handedDay),
                  due: dueDay === null ? undefined : officialDay(dueDay),
                }),
                result: words.result({
                  method: words.method[method],
                  on: officialDay(on),
                  witnessed: witness !== undefined,
                }),
                safety: official.none,
              },
              actor,
            },
            { personal: { officer: by } },
          );
          const seq = tx.append(
            { event: 'item.destroyed', facts: { item, method, on, row }, actor },
            {
              personal: {
                by,
                ...(witness !== undefined && { witness }),
                ...(note !== undefined && { note }),
              },
            },
          );
          rows.destroyed(item, on, method, seq);
          return { seq, row };
        },
      ),
  };
}

/** Out of the house past its day. Pure. */
export const overdueItems = (items: readonly ItemRow[], today: LocalDay): ItemRow[] =>
  items.filter(
    ({ dueDay, returnedDay, destroyedDay }) =>
      dueDay !== null && dueDay < today && returnedDay === null && destroyedDay === null,
  );
