import { join } from 'node:path';
import { expect, it } from 'vitest';
import { systemClock } from '../../../src/lib/clock.ts';
import type { CameraId } from '../../../src/lib/ids.ts';
import type { LocalDay } from '../../../src/lib/site-time.ts';
import { createKeyEraser } from '../../../src/vault/erase-keys.ts';
import { keyringIn, rootKey, storageFolder } from './storage-folder.ts';

it('erases a day of thirteen cameras within a second', () => {
  const storage = storageFolder();
  const keyring = keyringIn(storage, { initialise: true });
  const cameras = Array.from({ length: 13 }, (_, i) => `cam${i}` as CameraId);
  const days = Array.from({ length: 31 }, (_, i) => `2026-10-${String(i + 1).padStart(2, '0')}` as LocalDay);
  keyring.ensureKeys(cameras, days);
  keyring.close();
  const eraser = createKeyEraser({
    folder: join(storage, 'keys'),
    mirrorFolder: join(storage, 'mirror'),
    rootKey,
    clock: systemClock,
  });
  const beganMs = performance.now();
  const result = eraser.erase((name) => name.day === '2026-10-01');
  expect(performance.now() - beganMs).toBeLessThan(3000);
  expect(result).toMatchObject({ survivors: 9360, proof: { copies: 624, opened: 0 } });
  eraser.close();
  expect(result.erased).toHaveLength(312);
});
