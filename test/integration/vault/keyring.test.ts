import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openKeyringTables } from '../../../src/db/keyring/tables.ts';
import type { CameraId } from '../../../src/lib/ids.ts';
import { createSiteTime, type LocalDay } from '../../../src/lib/site-time.ts';
import { readSlots, writeSlot } from '../../../src/vault/epoch-slots.ts';
import { keyringExists } from '../../../src/vault/keyring.ts';
import { loadRootKey } from '../../../src/vault/root-key.ts';
import { checkOf, deriveKek, unwrapKey, wrapKey } from '../../../src/vault/wrapping.ts';
import { day, keyringIn, lobby, rootKey, storageFolder } from './storage-folder.ts';

const sha256 = (data: Buffer) => createHash('sha256').update(data).digest();
const newKeyring = (storage: string) => keyringIn(storage, { initialise: true });
const slots = (storage: string) => [join(storage, 'keys/epoch.slots'), join(storage, 'mirror/epoch.slots')];
const contents = (folder: string, name: string) => sha256(readFileSync(join(folder, name))).toString('hex');
const damageFile = (path: string) => {
  for (const ending of ['-wal', '-shm']) rmSync(path + ending, { force: true });
  writeFileSync(path, Buffer.alloc(8192, 0x5a));
};

/** What a rotation does, as far as another process can see it. */
function rotate(storage: string, step: 'slots' | 'committed' | 'done') {
  const [old] = readSlots(slots(storage)[0]!).sort((a, b) => b.epoch - a.epoch);
  const next = { epoch: old!.epoch + 1, secret: Buffer.alloc(32, old!.epoch + 1) };
  for (const place of slots(storage)) writeSlot(place, next);
  if (step === 'slots') return;
  const [oldKek, kek] = [deriveKek(rootKey, old!.secret), deriveKek(rootKey, next.secret)];
  const tables = openKeyringTables({
    path: join(storage, 'keys/keyring.db'),
    readonly: false,
    busyTimeoutMs: 1000,
  });
  tables.write(() => {
    const rows = tables.rows();
    tables.clear();
    tables.setEpoch({
      number: next.epoch,
      secretHash: sha256(next.secret),
      kekCheck: checkOf(kek),
      createdUs: 0,
    });
    for (const row of rows) {
      const key = unwrapKey(oldKek, row.epoch, row, row.wrapped)!;
      tables.insert({ ...row, wrapped: wrapKey(kek, next.epoch, row, key), epoch: next.epoch });
    }
  });
  tables.close();
  if (step === 'committed') return;
  for (const place of slots(storage)) writeSlot(place, { epoch: old!.epoch, secret: Buffer.alloc(32) });
}

describe('the keyring', () => {
  it('gives the same key to whoever asks, and another for every hour and camera', () => {
    const storage = storageFolder();
    const keyring = newKeyring(storage);
    expect(keyring.ensureKeys([lobby, 'entrance' as CameraId], [day, '2026-11-23' as LocalDay])).toBe(96);
    expect(keyring.ensureKeys([lobby], [day])).toBe(0);
    const key = keyring.hourKey(lobby, day, 5);
    expect(key).toEqual(keyring.sealingKey(lobby, day, 5));
    const others = [keyring.hourKey(lobby, day, 6), keyring.hourKey('entrance' as CameraId, day, 5)];
    for (const other of others) expect(other.equals(key)).toBe(false);
    const reader = keyringIn(storage, { readonly: true });
    expect(reader.hourKey(lobby, day, 5)).toEqual(key);
    expect(statSync(slots(storage)[0]!).mode & 0o777).toBe(0o600);
    expect(key.buffer.byteLength).toBe(32);
    keyring.close();
    reader.close();
  });

  it('makes 23, 24 or 25 keys for a day, as long as it is', () => {
    const storage = storageFolder();
    const keyring = keyringIn(storage, { initialise: true, siteTime: createSiteTime('Europe/Berlin') });
    expect(keyring.ensureKeys([lobby], ['2026-03-29' as LocalDay])).toBe(23);
    expect(keyring.ensureKeys([lobby], ['2026-10-25' as LocalDay])).toBe(25);
    keyring.close();
  });

  it('makes a missing key for sealing on the spot, and never for reading', () => {
    const storage = storageFolder();
    const keyring = newKeyring(storage);
    expect(() => keyring.hourKey(lobby, day, 3)).toThrow(/key_missing/);
    expect(keyring.sealingKey(lobby, day, 3)).toEqual(keyring.hourKey(lobby, day, 3));
    keyring.close();
  });

  it('keeps no key in the clear', () => {
    const storage = storageFolder();
    const keyring = newKeyring(storage);
    const key = keyring.sealingKey(lobby, day, 3);
    keyring.close();
    for (const name of ['keys/keyring.db', 'mirror/keyring.db']) {
      expect(readFileSync(join(storage, name)).includes(key)).toBe(false);
    }
  });

  it('survives the loss or damage of either copy of its tables and either place of its secret', () => {
    const damages: ((storage: string) => void)[] = [];
    for (const name of ['keys', 'mirror']) {
      damages.push((storage) => rmSync(join(storage, name, 'keyring.db')));
      damages.push((storage) => damageFile(join(storage, name, 'keyring.db')));
      damages.push((storage) => rmSync(join(storage, name, 'epoch.slots')));
      damages.push((storage) => writeFileSync(join(storage, name, 'epoch.slots'), Buffer.alloc(100, 1)));
    }
    for (const damage of damages) {
      const storage = storageFolder();
      const before = newKeyring(storage);
      before.ensureKeys([lobby], [day]);
      const key = before.hourKey(lobby, day, 1);
      before.close();
      damage(storage);
      const after = keyringIn(storage);
      expect(after.hourKey(lobby, day, 1)).toEqual(key);
      expect(after.mirror).toEqual({ state: 'whole' });
      after.close();
      expect(readSlots(slots(storage)[0]!)).toEqual(readSlots(slots(storage)[1]!));
      rmSync(join(storage, 'keys'), { recursive: true });
      const fromMirror = keyringIn(storage);
      expect(fromMirror.hourKey(lobby, day, 1)).toEqual(key);
      fromMirror.close();
    }
  });

  it('goes on without its mirror, says so, and catches up', () => {
    const storage = storageFolder();
    newKeyring(storage).close();
    const [mirror, aside] = [join(storage, 'mirror'), join(storage, 'aside')];
    renameSync(mirror, aside);
    writeFileSync(mirror, 'in the way');
    const keyring = keyringIn(storage);
    expect(keyring.mirror.state).toBe('behind');
    const key = keyring.sealingKey(lobby, day, 2);
    rmSync(mirror);
    renameSync(aside, mirror);
    keyring.ensureKeys([lobby], [day]);
    expect(keyring.mirror.state).toBe('whole');
    keyring.close();
    rmSync(join(storage, 'keys'), { recursive: true });
    const fromMirror = keyringIn(storage);
    expect(fromMirror.hourKey(lobby, day, 2)).toEqual(key);
    fromMirror.close();
  });

  it('makes no mirror anew at the empty mount point of a disk that is missing, and writes nothing there', () => {
    const storage = storageFolder();
    newKeyring(storage).close();
    const [mirror, aside] = [join(storage, 'mirror'), join(storage, 'aside')];
    const running = keyringIn(storage);
    expect(running.ensureKeys([lobby], [day])).toBe(24);
    renameSync(mirror, aside);
    for (const mountPoint of ['absent', 'empty', 'of somebody else']) {
      if (mountPoint === 'empty') mkdirSync(mirror);
      // Another site's mirror is not ours either, whatever it holds.
      if (mountPoint === 'of somebody else') {
        const other = storageFolder();
        newKeyring(other).close();
        rmSync(mirror, { recursive: true });
        cpSync(join(other, 'mirror'), mirror, { recursive: true });
      }
      const before = existsSync(mirror) && readdirSync(mirror).map((name) => [name, contents(mirror, name)]);
      expect(running.ensureKeys([lobby], [day])).toBe(0);
      expect(running.mirror.state).toBe('behind');
      const started = keyringIn(storage, { initialise: true });
      expect(started.mirror.state).toBe('behind');
      started.ensureKeys([`at-${mountPoint.length}` as CameraId], [day]);
      expect(started.mirror.state).toBe('behind');
      started.close();
      expect(existsSync(mirror) && readdirSync(mirror).map((name) => [name, contents(mirror, name)])).toEqual(
        before,
      );
    }
    rmSync(mirror, { recursive: true });
    renameSync(aside, mirror);
    running.ensureKeys([lobby], [day]);
    expect(running.mirror.state).toBe('whole');
    running.close();
    const all = openKeyringTables({
      path: join(mirror, 'keyring.db'),
      readonly: true,
      busyTimeoutMs: 1000,
    });
    expect(all.count()).toBe(4 * 24);
    all.close();
  });

  it('makes no mirror anew where the notes of it are lost while it is away', () => {
    const storage = storageFolder();
    newKeyring(storage).close();
    const [mirror, aside] = [join(storage, 'mirror'), join(storage, 'aside')];
    rmSync(join(storage, 'keys/places.json'));
    renameSync(mirror, aside);
    const away = newKeyring(storage);
    expect(away.mirror.state).toBe('behind');
    expect(existsSync(mirror)).toBe(false);
    away.close();
    renameSync(aside, mirror);
    const back = keyringIn(storage);
    expect(back.mirror.state).toBe('whole');
    back.close();
  });

  it('takes a mirror of before there were marks as it is, and records without the notes when they are damaged', () => {
    const storage = storageFolder();
    newKeyring(storage).close();
    const [notes, mark] = [join(storage, 'keys/places.json'), join(storage, 'mirror/place.json')];
    rmSync(notes);
    rmSync(mark);
    const upgraded = keyringIn(storage);
    expect(upgraded.mirror.state).toBe('whole');
    expect(existsSync(notes) && existsSync(mark)).toBe(true);
    upgraded.close();
    writeFileSync(notes, '{');
    const damaged = keyringIn(storage);
    expect(damaged.mirror.state).toBe('behind');
    expect(damaged.ensureKeys([lobby], [day])).toBe(24);
    damaged.close();
  });

  it('is not made anew where footage may need the lost one', () => {
    const storage = storageFolder();
    expect(() => keyringIn(storage)).toThrow(/keyring_damaged/);
    newKeyring(storage).close();
    expect(keyringExists(join(storage, 'keys'), join(storage, 'mirror'))).toBe(true);
    for (const place of ['keys', 'mirror']) damageFile(join(storage, place, 'keyring.db'));
    expect(() => newKeyring(storage)).toThrow(/keyring_damaged/);
  });

  it('tells a wrong root key from a lost epoch secret', () => {
    const storage = storageFolder();
    newKeyring(storage).close();
    expect(() => keyringIn(storage, { rootKey: Buffer.alloc(32, 8) })).toThrow(/root_key_wrong/);
    for (const place of slots(storage)) rmSync(place);
    expect(() => keyringIn(storage)).toThrow(/epoch_lost/);
    // A secret of the right number that is not this keyring's does not help.
    for (const place of slots(storage)) writeSlot(place, { epoch: 1, secret: Buffer.alloc(32, 9) });
    expect(() => keyringIn(storage)).toThrow(/epoch_lost/);
  });

  it('reads on through every step of a rotation by another process', () => {
    const storage = storageFolder();
    const keyring = newKeyring(storage);
    keyring.ensureKeys([lobby], [day]);
    const key = keyring.hourKey(lobby, day, 4);
    rotate(storage, 'slots');
    expect(keyring.epoch).toBe(1);
    expect(keyring.hourKey(lobby, day, 4)).toEqual(key);
    const between = keyringIn(storage);
    expect(between.hourKey(lobby, day, 4)).toEqual(key);
    between.close();
    rmSync(join(storage, 'keys/epoch.slots'));
    rmSync(join(storage, 'mirror/epoch.slots'));
    for (const place of slots(storage)) writeSlot(place, { epoch: 2, secret: Buffer.alloc(32) });
    expect(() => keyringIn(storage)).toThrow(/epoch_lost/);
    keyring.close();

    for (const step of ['committed', 'done'] as const) {
      const other = storageFolder();
      const open = newKeyring(other);
      open.ensureKeys([lobby], [day]);
      const mine = open.hourKey(lobby, day, 4);
      rotate(other, step);
      expect(open.hourKey(lobby, day, 4)).toEqual(mine);
      expect(open.epoch).toBe(2);
      const made = open.sealingKey('entrance' as CameraId, day, 4);
      open.close();
      const again = keyringIn(other);
      expect(again.hourKey('entrance' as CameraId, day, 4)).toEqual(made);
      expect(again.hourKey(lobby, day, 4)).toEqual(mine);
      again.close();
    }
  });

  it('does not bring back from an older mirror what a rotation has left out', () => {
    const storage = storageFolder();
    const keyring = newKeyring(storage);
    keyring.ensureKeys([lobby], [day]);
    keyring.close();
    copyFileSync(join(storage, 'mirror/keyring.db'), join(storage, 'old.db'));
    rotate(storage, 'done');
    const tables = openKeyringTables({
      path: join(storage, 'keys/keyring.db'),
      readonly: false,
      busyTimeoutMs: 1000,
    });
    const [epoch] = [tables.epoch()!];
    tables.write(() => {
      const keep = tables.rows().filter((row) => row.hour > 0);
      tables.clear();
      tables.setEpoch(epoch);
      for (const row of keep) tables.insert(row);
    });
    tables.close();
    const after = keyringIn(storage);
    expect(() => after.hourKey(lobby, day, 0)).toThrow(/key_missing/);
    after.close();
    rmSync(join(storage, 'keys/keyring.db'));
    const fromMirror = keyringIn(storage);
    expect(() => fromMirror.hourKey(lobby, day, 0)).toThrow(/key_missing/);
    expect(fromMirror.hourKey(lobby, day, 1)).toHaveLength(32);
    fromMirror.close();
    expect(existsSync(join(storage, 'old.db'))).toBe(true);
  });

  it('lets two processes make keys at once and gives both the same', async () => {
    const storage = storageFolder();
    newKeyring(storage).close();
    const program = new URL('./make-keys.ts', import.meta.url).pathname;
    const run = () =>
      new Promise<string>((resolve, reject) => {
        const child = spawn(process.execPath, [program, storage], { stdio: ['ignore', 'pipe', 'inherit'] });
        let text = '';
        child.stdout.on('data', (part) => (text += part));
        child.on('error', reject);
        child.on('close', (code) => (code === 0 ? resolve(text) : reject(new Error(`exit ${code}`))));
      });
    const [first, second] = await Promise.all([run(), run()]);
    expect(first).toBe(second);
    expect(first.split('\n')).toHaveLength(97);
  });
});

describe('the root key', () => {
  it('is made once, for its owner only, and read back the same', () => {
    const file = join(storageFolder(), 'root.key');
    expect(() => loadRootKey(file, { createIfAbsent: false })).toThrow(/root_key_missing/);
    const key = loadRootKey(file, { createIfAbsent: true });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(loadRootKey(file, { createIfAbsent: true })).toEqual(key);
    chmodSync(file, 0o640);
    expect(() => loadRootKey(file, { createIfAbsent: false })).toThrow(/credential_exposed/);
    // As systemd lays it down where an access list gives the service its right.
    chmodSync(file, 0o440);
    const credential = { path: file, laidBySystemd: true };
    expect(loadRootKey(credential, { createIfAbsent: false })).toEqual(key);
    chmodSync(file, 0o444);
    expect(() => loadRootKey(credential, { createIfAbsent: false })).toThrow(/credential_exposed/);
  });

  it('has exactly 32 bytes', () => {
    const file = join(storageFolder(), 'root.key');
    for (const bytes of [0, 31, 33, 64]) {
      writeFileSync(file, Buffer.alloc(bytes, 1), { mode: 0o600 });
      expect(() => loadRootKey(file, { createIfAbsent: false })).toThrow(/root_key_wrong/);
    }
  });
});
