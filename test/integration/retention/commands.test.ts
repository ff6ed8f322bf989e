import { execFile, execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/lib/clock.ts';
import { type CameraId, newId, type SegmentId } from '../../../src/lib/ids.ts';
import { createSiteTime } from '../../../src/lib/site-time.ts';
import { createKeyEraser } from '../../../src/vault/erase-keys.ts';
import { fileOf } from '../../../src/vault/identity.ts';
import { createKeyring } from '../../../src/vault/keyring.ts';
import { loadRootKey } from '../../../src/vault/root-key.ts';
import { openVolume } from '../../../src/vault/volume.ts';
import { createRecorderHome, type RecorderHome } from '../../support/recorder-home.ts';
import { mountSmallDisk } from '../../support/small-disk.ts';

const PROGRAM = fileURLToPath(new URL('../../../src/main/girok.ts', import.meta.url));
const camera = 'cam01' as CameraId;
const homes: RecorderHome[] = [];
afterEach(() => {
  for (const home of homes.splice(0)) home.remove();
});

/** A site with one day that is due and one that is young, of one camera; `diskOf` is mounted before it is filled. */
async function begin(diskOf?: 'storage' | 'mirror') {
  const home = createRecorderHome({ cameras: [{ id: camera, source: "onvif: 'http://127.0.0.1:1'" }] });
  homes.push(home);
  const [storage, mirror] = [home.storage, join(home.folder, 'mirror')];
  const disk = diskOf && mountSmallDisk(join(home.folder, diskOf), 16 * 1024 * 1024);
  if (disk && 'unmount' in disk) home.onRemove(disk.unmount);
  const volume = await openVolume({ storage, initialise: true, site: 'test', clock: systemClock });
  volume.release();
  const rootKey = loadRootKey(join(home.folder, 'secrets', 'root.key'), { createIfAbsent: true });
  const siteTime = createSiteTime(home.timeZone);
  const folders = { folder: join(storage, 'keys'), mirrorFolder: mirror, rootKey, clock: systemClock };
  const keyring = createKeyring({ ...folders, siteTime, initialise: true });
  const today = siteTime.dayOf(systemClock.utcUs());
  const [due, young] = [siteTime.addDays(today, -31), siteTime.addDays(today, -2)];
  keyring.ensureKeys([camera], [due, young]);
  keyring.close();
  const files = [due, young].map((day) => {
    const segment = newId<SegmentId>(systemClock.utcUs());
    const file = join(storage, 'vault', fileOf({ camera, stream: 'main', day, segment }, '120000'));
    mkdirSync(join(file, '..'), { recursive: true });
    writeFileSync(file, 'sealed');
    return file;
  });
  const girok = (language: 'ko' | 'en', ...args: string[]) => {
    const all = [PROGRAM, ...args, '--config', home.config, '--storage', storage, '--lang', language];
    return new Promise<{ code: number; said: string }>((resolve) => {
      execFile(process.execPath, all, (error, stdout, stderr) =>
        resolve({ code: error ? Number(error.code) : 0, said: `${stdout}${stderr}`.trim() }),
      );
    });
  };
  const who = ['--by', '홍길동', '--reason', '시험'];
  const purge = (language: 'ko' | 'en', ...confirm: string[]) =>
    girok(language, 'purge', ...['clock', ...confirm].flatMap((what) => ['--confirm', what]), ...who);
  /** How many hours of the young day open; none of the due day may once it is erased. */
  const survivors = () => {
    const reader = createKeyring({ ...folders, siteTime, readonly: true });
    let open = 0;
    for (let hour = 0; hour < 24; hour++) {
      reader.hourKey(camera, young, hour).fill(0);
      open += 1;
    }
    reader.close();
    return open;
  };
  return {
    storage,
    mirror,
    folders,
    files: { due: files[0] ?? '', young: files[1] ?? '' },
    slots: [join(storage, 'keys/epoch.slots'), join(mirror, 'epoch.slots')] as const,
    disk,
    due,
    purge,
    survivors,
  };
}

/** Where nothing may be mounted. */
const NOT_ALLOWED = /permission|not permitted|superuser/i;
const isRemoved = (file: string) => !existsSync(file);

describe('girok purge', () => {
  it('takes the other place for a slot that is damaged, and says so when both are', async () => {
    const { slots, purge, survivors, files } = await begin();
    const good = readFileSync(slots[0]);
    for (const path of slots) writeFileSync(path, Buffer.alloc(good.length, 7));
    const lost = await purge('ko');
    expect(lost).toMatchObject({ code: 4, said: expect.stringContaining('에폭 비밀의 모든 사본이 손상') });
    expect(isRemoved(files.due)).toBe(false);
    writeFileSync(slots[0], good);
    expect(await purge('en')).toMatchObject({ code: 0, said: expect.stringContaining('beyond recovery') });
    expect(survivors()).toBe(24);
    expect(isRemoved(files.due) && !isRemoved(files.young)).toBe(true);
    expect(readFileSync(slots[0])).toEqual(readFileSync(slots[1]));
  });

  it('finishes a rotation that was broken off half-way', async () => {
    const { folders, purge, survivors, files, due } = await begin();
    const eraser = createKeyEraser({
      ...folders,
      onStep(step) {
        if (step === 'overwrite_old_secret') throw new Error('broken off');
      },
    });
    expect(() => eraser.erase(({ day }) => day === due)).toThrow('broken off');
    eraser.close();
    expect(await purge('en')).toMatchObject({ code: 0, said: expect.stringContaining('of a past epoch') });
    expect(survivors()).toBe(24);
    expect(isRemoved(files.due)).toBe(true);
  });

  it('names a file that cannot be removed, whose footage is gone all the same', async () => {
    const { purge, survivors, files } = await begin();
    rmSync(files.due);
    mkdirSync(join(files.due, 'in the way'), { recursive: true });
    const ko = await purge('ko');
    expect(ko).toMatchObject({
      code: 1,
      said: expect.stringMatching(/\.seg: 지우지 못했습니다 \(E[A-Z]+\)/),
    });
    rmSync(files.due, { recursive: true });
    expect(await purge('en')).toMatchObject({ code: 0, said: expect.stringContaining('are complete') });
    expect(survivors()).toBe(24);
  });

  it('leaves everything as it is on a read-only disk', async () => {
    const { disk, storage, purge, survivors, files } = await begin('storage');
    if (disk && 'refused' in disk) return expect(disk.refused).toMatch(NOT_ALLOWED);
    execFileSync('mount', ['-o', 'remount,ro', storage]);
    expect(await purge('ko')).toMatchObject({ code: 4, said: expect.stringContaining('쓸 수 없습니다') });
    expect(survivors()).toBe(24);
    expect(isRemoved(files.due)).toBe(false);
    execFileSync('mount', ['-o', 'remount,rw', storage]);
    expect(await purge('en')).toMatchObject({ code: 0 });
    expect(isRemoved(files.due)).toBe(true);
  });

  it('is not complete while the second place is read-only or away, and says which and what to do', async () => {
    const { disk, mirror, slots, purge, survivors, files } = await begin('mirror');
    if (!disk || 'refused' in disk) return expect(disk?.refused).toMatch(NOT_ALLOWED);
    execFileSync('mount', ['-o', 'remount,ro', mirror]);
    const ko = await purge('ko');
    expect(ko).toMatchObject({
      code: 1,
      said: expect.stringMatching(/옛 비밀을 덮어쓰지 못했습니다 \(EROFS\)/),
    });
    expect(ko.said).toContain(slots[1]);
    expect(isRemoved(files.due)).toBe(true);
    disk.unmount();
    const away = await purge('en');
    expect(away).toMatchObject({
      code: 1,
      said: expect.stringContaining('the second place of the keys is away'),
    });
    expect(away.said).toContain('--confirm place');
    expect(readdirSync(mirror)).toEqual([]);
    const lost = await purge('en', 'place');
    expect(lost).toMatchObject({ code: 0, said: expect.stringContaining('lost for good; another is made') });
    expect(readdirSync(mirror).sort()).toEqual(
      expect.arrayContaining(['epoch.slots', 'keyring.db', 'place.json']),
    );
    expect(survivors()).toBe(24);
  });

  it('refuses a keyring out of an old backup and a journal that cannot be read, each with its remedy', async () => {
    const { storage, mirror, slots, purge, files } = await begin();
    const names = [join(storage, 'keys/keyring.db'), join(mirror, 'keyring.db'), ...slots];
    const old = names.map((name) => readFileSync(name));
    expect(await purge('en')).toMatchObject({ code: 0 });
    const journal = join(storage, 'retention/purge.json');
    renameSync(journal, `${journal}.good`);
    writeFileSync(journal, '{');
    expect(await purge('en')).toMatchObject({
      code: 4,
      said: expect.stringContaining('move that file aside'),
    });
    rmSync(journal);
    expect(await purge('en')).toMatchObject({ code: 0 });
    for (const [i, name] of names.entries()) {
      for (const ending of ['-wal', '-shm']) rmSync(name + ending, { force: true });
      writeFileSync(name, old[i] ?? '');
    }
    expect(await purge('ko')).toMatchObject({
      code: 4,
      said: expect.stringContaining('마지막 파기보다 오래된'),
    });
    expect(isRemoved(files.young)).toBe(false);
  });
});
