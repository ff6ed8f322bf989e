import { z } from 'zod';
import { ACCESS } from './events/access.ts';
import { BACKUP } from './events/backup.ts';
import { ERASING } from './events/erasing.ts';
import { HOLDS } from './events/holds.ts';
import { ITEMS } from './events/items.ts';
import { ITSELF } from './events/itself.ts';
import { KIOSKS } from './events/kiosks.ts';
import { MANAGEMENT } from './events/management.ts';
import { OVERSIGHT } from './events/oversight.ts';
import { PROCESSES } from './events/processes.ts';
import { RECORDING } from './events/recording.ts';
import { RIGHTS } from './events/rights.ts';
import { VAULT } from './events/vault.ts';
import { VIEWING } from './events/viewing.ts';
import { VIEWS } from './events/views.ts';

/**
 * The closed set of what can stand in the ledger, version 1. Members of a kind are never renamed and never change
 * their meaning: a verifier of ten years from now reads the same words. New kinds and new optional facts may come.
 * No fact names or describes a person; that is what the personal fields of an entry are for.
 */
export const ledgerEvent = z.discriminatedUnion('event', [
  ...ITSELF,
  ...PROCESSES,
  ...BACKUP,
  ...ERASING,
  ...HOLDS,
  ...RECORDING,
  ...VIEWS,
  ...VAULT,
  ...MANAGEMENT,
  ...OVERSIGHT,
  ...ITEMS,
  ...VIEWING,
  ...KIOSKS,
  ...ACCESS,
  ...RIGHTS,
]);

export type LedgerEvent = z.infer<typeof ledgerEvent>;
export type LedgerEventName = LedgerEvent['event'];

/**
 * After these a checkpoint follows at once and not only within the minute: what somebody might want to undo before
 * anybody outside has seen it.
 */
export const URGENT_EVENTS: readonly LedgerEventName[] = [
  'ledger.begun',
  'ledger.corrected',
  'erase.intent',
  'erase.done',
  'erase.incomplete',
  'erase.confirmed',
  'hold.ended',
  'task.done',
  'item.handed_out',
  'item.destroyed',
  'grant.made',
  'grant.revoked',
  'breakglass.opened',
  'right.granted',
  'right.changed',
  'right.revoked',
  'right.suspended',
  'right.restored',
  'account.opened',
  'account.closed',
  'log.exported',
];
