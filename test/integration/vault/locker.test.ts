import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { chunkPosition } from '../../../src/vault/layout.ts';
import { createLocker, type LockerDeps } from '../../../src/vault/locker.ts';
import { lockerKeyName, lockerOf, openNote, sealNote } from '../../../src/vault/locker-key.ts';
import { type SalvageDeps, salvage } from '../../../src/vault/salvage.ts';
import { createFolderStore } from '../../../src/vault/segment-store.ts';
import { createSealingRoom } from '../../unit/vault/sealing-room.ts';
import { storageFolder } from './storage-folder.ts';

const key = Buffer.alloc(32, 5);
const lockerIn = (root: string, vault: SalvageDeps, more: Partial<LockerDeps> = {}) =>
  createLocker({ root, key, vault, creating: (create) => create(), ...more });

describe('a locker', () => {
  it.each([
    ['a short segment', [1000]],
    ['many chunks', [400_000, 300_000, 5]],
    ['more than one step of the copying', [900_000, 900_000, 900_000]],
  ])('holds %s under a key of its own, fragment for fragment', async (_what, sizes) => {
    const { record, salvaging } = createSealingRoom();
    const { sealed } = await record(sizes);
    const root = storageFolder();
    const leaf = await lockerIn(root, salvaging).copy(sealed.file);
    const original = await salvage(salvaging, sealed.file);
    expect(leaf).toEqual(original.leaf);
    const own = { ...salvaging, store: createFolderStore(root), keys: { hourKey: () => Buffer.from(key) } };
    const copy = await salvage(own, sealed.file);
    expect(copy).toMatchObject({ state: 'sealed', header: original.header, pieces: original.pieces });
    // The vault's keys do not open it, and neither does another locker's.
    await expect(salvage({ ...own, keys: salvaging.keys }, sealed.file)).rejects.toThrow(/segment_damaged/);
    const other = { ...own, keys: { hourKey: () => Buffer.alloc(32, 6) } };
    await expect(salvage(other, sealed.file)).rejects.toThrow(/segment_damaged/);
  });

  it('keeps of a segment that a crash cut short exactly what was registered', async () => {
    const { record, salvaging, files } = createSealingRoom();
    const { sealed } = await record([50_000, 50_000, 50_000, 50_000]);
    const whole = files.get(sealed.file)!;
    for (const cut of [chunkPosition(6) + 100, chunkPosition(8), whole.length - 1]) {
      files.set(sealed.file, whole.subarray(0, cut));
      const root = storageFolder();
      const leaf = await lockerIn(root, salvaging).copy(sealed.file);
      const own = { ...salvaging, store: createFolderStore(root), keys: { hourKey: () => Buffer.from(key) } };
      const copy = await salvage(own, sealed.file);
      expect(copy.fragmentsRoot.toString('hex')).toBe(leaf.fragmentsRoot);
      expect(copy).toMatchObject({ state: 'recovered', chunks: leaf.chunks });
    }
  });

  it('begins a copy again that was broken off, and refuses an original that is damaged', async () => {
    const { record, salvaging, files } = createSealingRoom();
    const { sealed } = await record([60_000]);
    const root = storageFolder();
    const locker = lockerIn(root, salvaging);
    await locker.copy(sealed.file);
    const path = join(root, sealed.file);
    writeFileSync(path, readFileSync(path).subarray(0, 500));
    await locker.copy(sealed.file);
    expect(readFileSync(path).length).toBe(files.get(sealed.file)!.length);
    const bytes = Buffer.from(files.get(sealed.file)!);
    bytes[30] = (bytes[30] ?? 0) ^ 1;
    files.set(sealed.file, bytes);
    await expect(locker.copy(sealed.file)).rejects.toThrow(/segment_damaged/);
    expect(readdirSync(root)).toHaveLength(1);
  });

  it('makes no file once none may be made any more, and leaves nothing of one that ran out of room', async () => {
    const { record, salvaging } = createSealingRoom();
    const { sealed } = await record([900_000, 900_000, 900_000]);
    const root = storageFolder();
    const over = lockerIn(root, salvaging, { creating: () => Promise.reject(new Error('over')) });
    await expect(over.copy(sealed.file)).rejects.toThrow('over');
    expect(readdirSync(root)).toEqual([]);
    let appends = 0;
    const full = lockerIn(root, salvaging, {
      through: (store) => ({
        ...store,
        async create(file) {
          const out = await store.create(file);
          return {
            ...out,
            async append(pieces) {
              appends += 1;
              if (appends === 3) throw Object.assign(new Error('full'), { code: 'ENOSPC' });
              await out.append(pieces);
            },
          };
        },
      }),
    });
    await expect(full.copy(sealed.file)).rejects.toMatchObject({ code: 'ENOSPC' });
    expect(existsSync(join(root, sealed.file))).toBe(false);
    await lockerIn(root, salvaging).copy(sealed.file);
    expect(existsSync(join(root, sealed.file))).toBe(true);
  });

  it('has a key whose name no camera can have, and a note that only it opens', () => {
    expect(lockerOf(lockerKeyName('06h0a72vta2hwxnh'))).toBe('06h0a72vta2hwxnh');
    expect(lockerOf({ camera: 'cam01', day: '2026-11-22', hour: 0 })).toBeUndefined();
    const note = sealNote(key, 'a', '홍길동');
    expect(openNote(key, 'a', note)).toBe('홍길동');
    expect(openNote(key, 'b', note)).toBeUndefined();
    expect(openNote(Buffer.alloc(32), 'a', note)).toBeUndefined();
    expect(openNote(key, 'a', 'AAAA')).toBeUndefined();
  });
});
