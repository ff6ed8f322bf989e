import type { LedgerEntry } from '../entry.ts';
import { type LedgerEvent, type LedgerEventName, ledgerEvent } from '../events.ts';
import type { Register } from './register.ts';
import { accountOf, labelOf, textsOf, type ViewSource } from './source.ts';

/** Work that people do: what comes from programs alone is not in here, and neither is each piece that was delivered. */
const OF_PEOPLE =
  /^(access|log|viewing|grant|breakglass|right|account|management|hold|task|item|alarm|erase)\./;
const WORK: readonly LedgerEventName[] = ledgerEvent.options
  .map(({ shape }) => shape.event.value)
  .filter((event) => OF_PEOPLE.test(event) && event !== 'viewing.delivered');

/** These concern somebody at the system also where nobody was signed in. */
const AT_THE_SYSTEM = /^(access|log)\./;

/** What somebody asked for and was not given. */
const REFUSED = /\.(refused|denied|locked)$/;

/** Facts that say whose data were handled, or which: in this order. */
const HANDLED = [
  'request',
  'cameras',
  'camera',
  'from',
  'to',
  'view',
  'account',
  'right',
  'item',
  'task',
  'hold',
  'alarm',
  'subject',
] as const;

/**
 * 접속기록 (안전성 확보조치 기준 §8): identifier, time, place of access, what was handled, the work done. Whatever a
 * person did at the system is in here, by the account it was done with; what was done with a command, by the name that
 * was given.
 */
export const accessLog: Register = {
  events: WORK,
  words: ({ access }) => access,
  place(entry, index) {
    const { actor, event, facts } = entry;
    const isPerson = actor.startsWith('person:');
    if (!isPerson && !AT_THE_SYSTEM.test(event) && !isSomebodys(entry)) return;
    const known: Readonly<Record<string, unknown>> = facts;
    const cameras = [known.camera, ...(Array.isArray(known.cameras) ? known.cameras : [])];
    index.add({
      kind: event,
      person: (isPerson ? accountOf(actor) : whose(entry)) || undefined,
      cameras: cameras.filter((camera) => typeof camera === 'string'),
      ...(REFUSED.test(event) && { outcome: 'refused' }),
    });
  },
  cells(source, { number, entry }) {
    const { actor, at, event } = entry;
    const text = textsOf(source, entry);
    return [
      number,
      labelOf(source, at),
      actor.startsWith('person:') ? accountOf(actor) : whose(entry),
      // Of a right, `name` is whose right it is and not who was there.
      (event.startsWith('access.') ? text('name') : text('viewer')) || text('by'),
      text('ip') || text('terminal'),
      handledOf(source, entry),
      source.words.events[event],
      detailOf(entry),
    ];
  },
};

/** Done by somebody at the machine itself, with a command: there is no account, and the name is sealed. */
const isSomebodys = ({ personal }: Pick<LedgerEntry, 'personal'>): boolean => personal?.by !== undefined;

/** Whose account it was about, where nobody was signed in. */
function whose({ facts }: LedgerEvent): string {
  const { account = '' }: { account?: unknown } = facts as object;
  return String(account);
}

function handledOf(source: ViewSource, { facts }: LedgerEvent): string {
  const known: Readonly<Record<string, unknown>> = facts;
  return HANDLED.flatMap((fact) => {
    const value = known[fact];
    if (value === undefined || value === '') return [];
    if (fact === 'from' || fact === 'to') return [labelOf(source, String(value))];
    return [Array.isArray(value) ? value.join(' ') : String(value)];
  }).join(' · ');
}

/** Why and how, in the closed words of the entry. */
const detailOf = ({ facts }: LedgerEvent): string => {
  const known: Readonly<Record<string, unknown>> = facts;
  return ['why', 'outcome', 'factor', 'change', 'for', 'formats', 'rows', 'failures', 'justified']
    .flatMap((fact) => (known[fact] === undefined ? [] : [`${fact}=${String(known[fact])}`]))
    .join(' ');
};
