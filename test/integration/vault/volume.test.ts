import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/lib/clock.ts';
import { openVolume } from '../../../src/vault/volume.ts';
import { storageFolder } from './storage-folder.ts';

const open = (storage: string, initialise = false, site = 'clinic') =>
  openVolume({ storage, initialise, site, clock: systemClock });
const isRoot = process.getuid?.() === 0;

describe('the storage volume', () => {
  it('is marked once and recognised afterwards', async () => {
    const storage = join(storageFolder(), 'storage');
    await expect(open(storage)).rejects.toMatchObject({ code: 'storage_missing' });
    const first = await open(storage, true);
    expect(first).toMatchObject({ isNew: true, marker: { site: 'clinic', format: 1 } });
    first.release();
    const again = await open(storage, true);
    expect(again).toMatchObject({ isNew: false, marker: first.marker });
    again.release();
  });

  it('is refused when it is unmarked, empty like a mount point or full of something else', async () => {
    const storage = storageFolder();
    await expect(open(storage)).rejects.toMatchObject({ code: 'storage_unmarked' });
    writeFileSync(join(storage, 'holiday.jpg'), '');
    await expect(open(storage, true)).rejects.toMatchObject({ code: 'storage_unmarked' });
    await expect(open(join(storage, 'holiday.jpg'))).rejects.toMatchObject({ code: 'storage_missing' });
  });

  it('takes a freshly formatted disk for empty', async () => {
    const storage = storageFolder();
    mkdirSync(join(storage, 'lost+found'));
    (await open(storage, true)).release();
  });

  it('is refused for another site, another format or a marker that is none', async () => {
    const storage = storageFolder();
    const { marker, release } = await open(storage, true);
    release();
    await expect(open(storage, false, 'bakery')).rejects.toMatchObject({ code: 'storage_foreign' });
    for (const text of ['', '{}', JSON.stringify({ ...marker, format: 2 })]) {
      writeFileSync(join(storage, 'volume.json'), text);
      await expect(open(storage)).rejects.toMatchObject({ code: 'storage_foreign' });
    }
  });

  it('has one recorder, until that one ends, however it ends', async () => {
    const storage = storageFolder();
    (await open(storage, true)).release();
    const program = new URL('./hold-volume.ts', import.meta.url).pathname;
    const child = spawn(process.execPath, [program, storage], { stdio: ['ignore', 'pipe', 'inherit'] });
    await new Promise((resolve) => child.stdout.once('data', resolve));
    await expect(open(storage)).rejects.toMatchObject({ code: 'storage_in_use' });
    const ended = new Promise((resolve) => child.once('close', resolve));
    child.kill('SIGKILL');
    await ended;
    (await open(storage)).release();
  });

  it.runIf(isRoot)('is refused when it can only be read', async () => {
    const storage = storageFolder();
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'girok-test', storage]);
    try {
      (await open(storage, true)).release();
      execFileSync('mount', ['-o', 'remount,ro', storage]);
      await expect(open(storage)).rejects.toMatchObject({ code: 'storage_readonly' });
    } finally {
      execFileSync('umount', ['--lazy', storage]);
    }
    expect(() => readFileSync(join(storage, 'volume.json'))).toThrow();
  });
});
