import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import { systemClock } from '../../../src/lib/clock.ts';
import type { CameraId } from '../../../src/lib/ids.ts';
import { createSiteTime, type LocalDay } from '../../../src/lib/site-time.ts';
import { createKeyring, type KeyringDeps } from '../../../src/vault/keyring.ts';

const made: string[] = [];

/** A folder of its own for one test, removed after it. */
export function storageFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'girok-vault-'));
  made.push(folder);
  return folder;
}

afterEach(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
});

export const siteTime = createSiteTime('Asia/Seoul');
export const lobby = 'lobby' as CameraId;
export const day = '2026-11-22' as LocalDay;
export const rootKey = Buffer.alloc(32, 7);

export const keyringIn = (storage: string, more: Partial<KeyringDeps> = {}) =>
  createKeyring({
    folder: join(storage, 'keys'),
    mirrorFolder: join(storage, 'mirror'),
    rootKey,
    clock: systemClock,
    siteTime,
    ...more,
  });
