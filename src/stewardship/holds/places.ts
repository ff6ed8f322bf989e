import { join } from 'node:path';
import type { StorageFolders } from '../../config/folders.ts';
import type { Clock } from '../../lib/clock.ts';
import { type Accounts, createSpooledAccounts } from '../../retention/accounts.ts';
import { createHoldBook, type HoldBook } from '../../retention/holds.ts';

/** Where the book of holds lies, and how it tells the ledger; for whoever keeps it and copies nothing. */
export const holdsFolder = (folders: StorageFolders): string => join(folders.retention, 'holds');

export const holdBookOf = (folders: StorageFolders): HoldBook => createHoldBook(holdsFolder(folders));

export const holdAccountsOf = (folders: StorageFolders, clock: Clock): Accounts =>
  createSpooledAccounts({
    spool: folders.holdSpool,
    writer: 'hold',
    certificates: join(folders.retention, 'certificates'),
    clock,
  });
