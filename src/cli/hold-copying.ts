import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { createCatalogueReader } from '../catalogue/reader.ts';
import type { Config } from '../config/config.ts';
import { type StorageFolders, storageFolders } from '../config/folders.ts';
import { GirokError } from '../lib/errors.ts';
import type { CameraId } from '../lib/ids.ts';
import type { LocalDay } from '../lib/site-time.ts';
import { parseFragment } from '../media/fmp4/parse-fragment.ts';
import { type Accounts, createSpooledAccounts } from '../retention/accounts.ts';
import { createHoldBook, type Hold, type HoldBook } from '../retention/holds.ts';
import type { Keyring } from '../vault/keyring.ts';
import { createLocker } from '../vault/locker.ts';
import { lockerKeyName } from '../vault/locker-key.ts';
import { createFolderStore } from '../vault/segment-store.ts';
import type { CommandContext } from './command.ts';

/** Files of the range that are still being written are looked at again after so long. */
const AGAIN_MS = 2000;
const MOST_SEGMENTS = 100_000;

export const holdBookOf = (folders: StorageFolders): HoldBook =>
  createHoldBook(join(folders.retention, 'holds'));

export const holdAccountsOf = (folders: StorageFolders, { clock }: CommandContext): Accounts =>
  createSpooledAccounts({
    spool: folders.holdSpool,
    writer: 'hold',
    certificates: join(folders.retention, 'certificates'),
    clock,
  });

/** The locker's key; the caller erases it. @throws GirokError `key_missing` when it is to be opened and is gone */
export function lockerKeyOf(keyring: Keyring, hold: string, make: boolean): Buffer {
  const { camera, day, hour } = lockerKeyName(hold);
  const open = make ? keyring.sealingKey : keyring.hourKey;
  return open(camera as CameraId, day as LocalDay, hour);
}

export interface Copied {
  readonly hold: Hold;
  /** What could not be copied, because it is damaged or has just been erased. */
  readonly missed: readonly { readonly file: string; readonly code: string }[];
}

/**
 * Copies what a hold covers, segment by segment, and notes each in the book. Broken off, it goes on where it was.
 *
 * @throws the signal's reason; GirokError of the keyring and the catalogue; the system's error of a full disk
 */
export async function copyHeld(
  config: Config,
  context: CommandContext,
  keyring: Keyring,
  begun: Hold,
): Promise<Copied> {
  const folders = storageFolders(config);
  const book = holdBookOf(folders);
  const said = context.words.retention.hold;
  const reader = createCatalogueReader(folders.catalogue);
  const key = lockerKeyOf(keyring, begun.id, true);
  const vault = { store: createFolderStore(folders.vault), keys: keyring, factsOf: parseFragment };
  await mkdir(folders.evidence, { recursive: true, mode: 0o700 });
  const locker = createLocker(join(folders.evidence, begun.id), key, vault);
  const missed = new Map<string, string>();
  let hold = begun;
  try {
    for (;;) {
      const { complete, isOpen } = await segmentsOf(reader, hold);
      const known = new Set(hold.files.map(({ file }) => file));
      for (const [done, file] of complete.entries()) {
        context.signal.throwIfAborted();
        if (known.has(file) || missed.has(file)) continue;
        try {
          const leaf = await locker.copy(file);
          hold = { ...hold, files: [...hold.files, { file, leaf: { ...leaf } }] };
          await book.write(hold);
        } catch (error) {
          if (!(error instanceof GirokError)) throw error;
          missed.set(file, error.code);
        }
        context.progress(said.copying({ done: done + 1, of: complete.length }));
      }
      if (!isOpen) break;
      context.progress(said.waiting);
      await pause(AGAIN_MS, undefined, { signal: context.signal });
    }
    hold = { ...hold, state: 'held' };
    await holdAccountsOf(folders, context).enter({
      event: 'hold.copied',
      facts: { hold: hold.id, files: hold.files.length, missed: missed.size },
    });
    await book.write(hold);
    return { hold, missed: [...missed].map(([file, code]) => ({ file, code })) };
  } finally {
    key.fill(0);
    await reader.close();
  }
}

/** Both streams of each camera; a segment that reaches into the range is copied whole. */
async function segmentsOf(reader: ReturnType<typeof createCatalogueReader>, hold: Hold) {
  const complete: string[] = [];
  let isOpen = false;
  for (const camera of hold.cameras) {
    for (const stream of ['main', 'sub'] as const) {
      const range = { fromUs: hold.fromUs, toUs: hold.toUs, limit: MOST_SEGMENTS };
      for (const { file, state } of await reader.segmentsIn({ camera: camera as CameraId, stream }, range)) {
        if (state === 'open') isOpen = true;
        else complete.push(file);
      }
    }
  }
  return { complete, isOpen };
}
