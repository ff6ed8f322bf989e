import type { RecordClass } from '../contract/record-classes.ts';
import type { LedgerEventName } from './events.ts';

type FamilyOf<Name> = Name extends `${infer Family}.${string}` ? Family : never;
type Family = FamilyOf<LedgerEventName>;

/** How long the personal fields of an entry are kept goes by the family of its event; the others have none. */
const CLASSES: Partial<Readonly<Record<Family, RecordClass>>> = {
  management: 'management',
  viewing: 'viewing',
  grant: 'viewing',
  breakglass: 'viewing',
  access: 'access',
  log: 'access',
  right: 'rights',
  account: 'rights',
  hold: 'holds',
  task: 'oversight',
  item: 'oversight',
  erase: 'erasing',
  alarm: 'operation',
  ledger: 'operation',
  backup: 'operation',
};

/** @returns undefined for an event that has no personal fields */
export const recordClassOf = (event: LedgerEventName): RecordClass | undefined =>
  CLASSES[event.slice(0, event.indexOf('.')) as Family];
