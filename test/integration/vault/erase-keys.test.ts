import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type HourKeyRow, openKeyringTables } from '../../../src/db/keyring/tables.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import type { CameraId } from '../../../src/lib/ids.ts';
import type { LocalDay } from '../../../src/lib/site-time.ts';
import { eraseSlot, readSlots, writeSlot } from '../../../src/vault/epoch-slots.ts';
import { createKeyEraser, type ErasureStep, type KeyEraserDeps } from '../../../src/vault/erase-keys.ts';
import { deriveKek, type HourKeyName, unwrapKey } from '../../../src/vault/wrapping.ts';
import { day, keyringIn, lobby, rootKey, storageFolder } from './storage-folder.ts';

const nextDay = '2026-11-23' as LocalDay;
const places = (storage: string) => [join(storage, 'keys/epoch.slots'), join(storage, 'mirror/epoch.slots')];
const databases = (storage: string) => [join(storage, 'keys/keyring.db'), join(storage, 'mirror/keyring.db')];

const eraserIn = (storage: string, more: Partial<KeyEraserDeps> = {}) =>
  createKeyEraser({
    folder: join(storage, 'keys'),
    mirrorFolder: join(storage, 'mirror'),
    rootKey,
    clock: systemClock,
    ...more,
  });

const isOfToday = (name: HourKeyName) => name.day === day;

function rowsOf(path: string): HourKeyRow[] {
  const tables = openKeyringTables({ path, readonly: true, busyTimeoutMs: 1000 });
  const rows = tables.rows();
  tables.close();
  return rows;
}

/** A keyring with two days, and everything that an attacker could have kept of it. */
function filled() {
  const storage = storageFolder();
  const keyring = keyringIn(storage, { initialise: true });
  keyring.ensureKeys([lobby, 'entrance' as CameraId], [day, nextDay]);
  const survivor = keyring.hourKey(lobby, nextDay, 7);
  const doomed = keyring.hourKey(lobby, day, 7);
  keyring.close();
  const kept = databases(storage).flatMap(rowsOf);
  const secrets = places(storage).flatMap(readSlots);
  return { storage, survivor, doomed, kept, secrets };
}

/** How many of the rows open under any secret that lies in a slot now. */
function opened(storage: string, rows: readonly HourKeyRow[]): number {
  const keks = places(storage)
    .flatMap(readSlots)
    .map(({ secret }) => deriveKek(rootKey, secret));
  return rows.filter((row) => keks.some((kek) => unwrapKey(kek, row.epoch, row, row.wrapped))).length;
}

/** Writes over, or takes away, the key of an hour of the next day. */
const spoil = (path: string, hour: number, wrapped?: Buffer) => {
  const tables = openKeyringTables({ path, readonly: false, busyTimeoutMs: 1000 });
  const epoch = tables.epoch()!;
  const rows = tables.rows();
  tables.write(() => {
    tables.clear();
    tables.setEpoch(epoch);
    for (const row of rows) {
      const isIt = row.camera === lobby && row.day === nextDay && row.hour === hour;
      if (!isIt) tables.insert(row);
      else if (wrapped) tables.insert({ ...row, wrapped });
    }
  });
  tables.close();
};

describe('erasing keys', () => {
  it('keeps the others, and no stored copy of an erased one opens any more', () => {
    const { storage, survivor, kept } = filled();
    expect(opened(storage, kept)).toBe(192);
    const eraser = eraserIn(storage);
    const result = eraser.erase(isOfToday);
    expect(result).toMatchObject({
      fromEpoch: 1,
      toEpoch: 2,
      survivors: 48,
      damaged: [],
      mirror: 'whole',
      proof: { copies: 96, epochs: [2], opened: 0 },
    });
    expect(result.erased).toHaveLength(48);
    expect(result.places.map(({ state }) => state)).toEqual(['overwritten', 'overwritten']);
    eraser.close();
    // Not even those of the survivors as they were: a backup of yesterday opens nothing.
    expect(opened(storage, kept)).toBe(0);
    const keyring = keyringIn(storage);
    expect(keyring.hourKey(lobby, nextDay, 7)).toEqual(survivor);
    expect(() => keyring.hourKey(lobby, day, 7)).toThrow(/key_missing/);
    keyring.close();
    for (const place of places(storage)) expect(readSlots(place).map(({ epoch }) => epoch)).toEqual([2]);
  });

  it('leaves no secret and no erased key in any file', () => {
    const { storage, doomed, secrets } = filled();
    const eraser = eraserIn(storage);
    eraser.erase(isOfToday);
    eraser.close();
    for (const path of [...places(storage), ...databases(storage)]) {
      for (const each of [path, `${path}-wal`].filter(existsSync)) {
        const bytes = readFileSync(each);
        expect(bytes.includes(doomed), each).toBe(false);
        for (const { secret } of secrets) expect(bytes.includes(secret), each).toBe(false);
      }
    }
  });

  it('can be repeated for ever', () => {
    const { storage, survivor } = filled();
    for (let epoch = 2; epoch < 12; epoch++) {
      const eraser = eraserIn(storage);
      expect(eraser.erase(isOfToday)).toMatchObject({ toEpoch: epoch, proof: { opened: 0 } });
      expect(eraser.settle()).toEqual([]);
      eraser.close();
    }
    const keyring = keyringIn(storage);
    expect(keyring.hourKey(lobby, nextDay, 7)).toEqual(survivor);
    keyring.close();
  });

  const STEPS: ErasureStep[] = [
    'write_new_secret',
    'commit',
    'read_back',
    'write_mirror',
    'overwrite_old_secret',
    'prove',
  ];
  it.each(STEPS)(
    'broken off before %s leaves a keyring that everyone can use and the next one settles',
    (at) => {
      const { storage, survivor, doomed, kept } = filled();
      const first = eraserIn(storage, {
        onStep(step) {
          if (step === at) throw new Error('broken off');
        },
      });
      expect(() => first.erase(isOfToday)).toThrow('broken off');
      first.close();
      // Someone who reads meanwhile, and the recorder, which repairs what it finds at its start.
      const between = keyringIn(storage);
      expect(between.hourKey(lobby, nextDay, 7)).toEqual(survivor);
      const isIntact = between.epoch === 1;
      if (isIntact) expect(between.hourKey(lobby, day, 7)).toEqual(doomed);
      else expect(() => between.hourKey(lobby, day, 7)).toThrow(/key_missing/);
      between.close();

      const second = eraserIn(storage);
      second.settle();
      expect(places(storage).flatMap(readSlots)).toHaveLength(2);
      if (second.epoch === 2) expect(opened(storage, kept)).toBe(0);
      else expect(opened(storage, kept)).toBe(192);
      second.erase(isOfToday);
      second.close();
      expect(opened(storage, kept)).toBe(0);
      for (const database of databases(storage)) expect(rowsOf(database)).toHaveLength(48);
    },
  );

  it('takes along what the recorder makes meanwhile', () => {
    const { storage } = filled();
    const recorder = keyringIn(storage);
    const eraser = eraserIn(storage, {
      onStep(step) {
        if (step !== 'commit') return;
        recorder.ensureKeys(['cellar' as CameraId], [nextDay]);
      },
    });
    expect(eraser.erase(isOfToday)).toMatchObject({ survivors: 72, damaged: [] });
    eraser.close();
    expect(recorder.hourKey('cellar' as CameraId, nextDay, 3)).toHaveLength(32);
    expect(recorder.sealingKey('attic' as CameraId, nextDay, 3)).toHaveLength(32);
    recorder.close();
  });

  it('works beside a recorder that does not know yet, which then drops the old key', () => {
    const { storage, survivor } = filled();
    const recorder = keyringIn(storage);
    expect(recorder.hourKey(lobby, nextDay, 7)).toEqual(survivor);
    const eraser = eraserIn(storage);
    eraser.erase(isOfToday);
    eraser.close();
    recorder.dropRetired();
    expect(recorder.hourKey(lobby, nextDay, 7)).toEqual(survivor);
    expect(() => recorder.hourKey(lobby, day, 7)).toThrow(/key_missing/);
    recorder.close();
  });

  it('takes from the mirror what the keyring has lost or spoilt, and tells what neither can open', () => {
    const { storage, survivor } = filled();
    spoil(databases(storage)[0]!, 7, Buffer.alloc(60, 1));
    spoil(databases(storage)[0]!, 8);
    for (const path of databases(storage)) spoil(path, 9, Buffer.alloc(60, 1));
    const eraser = eraserIn(storage);
    const result = eraser.erase(isOfToday);
    expect(result).toMatchObject({ survivors: 47, damaged: [{ camera: lobby, day: nextDay, hour: 9 }] });
    // It stays as it was, so that nobody takes it for erased.
    expect(eraser.erase(isOfToday).damaged).toHaveLength(1);
    eraser.close();
    const keyring = keyringIn(storage);
    expect(keyring.hourKey(lobby, nextDay, 7)).toEqual(survivor);
    expect(keyring.hourKey(lobby, nextDay, 8)).toHaveLength(32);
    expect(() => keyring.hourKey(lobby, nextDay, 9)).toThrow(/keyring_damaged/);
    keyring.close();
  });

  it('is not kept for ever from tidying a place by a key that is spoilt in both copies', () => {
    const { storage, survivor } = filled();
    const first = eraserIn(storage);
    first.erase(isOfToday);
    first.close();
    for (const path of databases(storage)) spoil(path, 9, Buffer.alloc(60, 1));
    // A slot of the past that still holds something: a run has to put that right before anything else.
    writeSlot(places(storage)[1]!, { epoch: 1, secret: Buffer.alloc(32, 3) });
    const eraser = eraserIn(storage);
    expect(eraser.settle()).toEqual(places(storage).map((path) => ({ path, state: 'overwritten' })));
    expect(eraser.settle()).toEqual([]);
    expect(eraser.erase((name) => name.hour === 3)).toMatchObject({
      damaged: [{ camera: lobby, day: nextDay, hour: 9 }],
      proof: { opened: 0 },
    });
    eraser.close();
    const keyring = keyringIn(storage);
    expect(keyring.hourKey(lobby, nextDay, 7)).toEqual(survivor);
    keyring.close();
  });

  it('goes on without the mirror, and erases the secret that comes back with it', () => {
    const { storage, survivor, kept } = filled();
    const [mirror, aside] = [join(storage, 'mirror'), join(storage, 'aside')];
    for (const rotations of [1, 2, 3]) {
      const day = `2026-10-0${rotations}` as LocalDay;
      const made = keyringIn(storage);
      made.ensureKeys([lobby], [day]);
      made.close();
      const before = [...kept, ...databases(storage).flatMap(rowsOf)];
      renameSync(mirror, aside);
      if (rotations === 1) writeFileSync(mirror, 'in the way');
      if (rotations === 2) mkdirSync(mirror);
      const eraser = eraserIn(storage);
      // Away, and yet every secret of the past has been overwritten in it: nothing is left to settle.
      expect(eraser.settle()).toEqual([]);
      for (let n = 0; n < rotations; n++) {
        const result = eraser.erase((name) => isOfToday(name) || name.day === day);
        expect(result).toMatchObject({ mirror: 'behind', proof: { opened: 0 } });
        expect(result.places).toEqual([
          { path: places(storage)[0], state: 'overwritten' },
          { path: places(storage)[1], state: 'missing' },
        ]);
        expect(eraser.settle()[1]).toEqual({ path: places(storage)[1], state: 'missing' });
      }
      expect(existsSync(join(mirror, 'epoch.slots'))).toBe(false);
      rmSync(mirror, { recursive: true, force: true });
      renameSync(aside, mirror);
      expect(opened(storage, before)).toBeGreaterThan(0);
      expect(eraser.settle()).toEqual(places(storage).map((path) => ({ path, state: 'overwritten' })));
      expect(opened(storage, before)).toBe(0);
      expect(eraser.settle()).toEqual([]);
      // Nothing but the current secret in either place, bit by bit.
      const [own, other] = places(storage).map((path) => readFileSync(path));
      expect(own!.equals(other!)).toBe(true);
      expect(own!.indexOf('GIROKEP1')).toBe(own!.lastIndexOf('GIROKEP1'));
      eraser.close();
      const keyring = keyringIn(storage);
      expect(keyring.hourKey(lobby, nextDay, 7)).toEqual(survivor);
      keyring.close();
      expect(rowsOf(databases(storage)[1]!)).toHaveLength(48);
    }
  });

  it.each(['the next run', 'a running recorder'])('has a mirror that was busy written again by %s', (who) => {
    const { storage, survivor } = filled();
    const recorder = keyringIn(storage, {});
    const [, mirror = ''] = databases(storage);
    const other = openKeyringTables({ path: mirror, readonly: false, busyTimeoutMs: 0 });
    const eraser = eraserIn(storage, { busyTimeoutMs: 10 });
    other.write(() => expect(eraser.erase(isOfToday)).toMatchObject({ toEpoch: 2, mirror: 'behind' }));
    other.close();
    expect(opened(storage, rowsOf(mirror))).toBe(0);
    if (who === 'the next run') expect(eraser.settle()).toEqual([]);
    else expect(recorder.ensureKeys([lobby], [nextDay])).toBe(0);
    expect(opened(storage, rowsOf(mirror))).toBe(48);
    eraser.close();
    recorder.close();
    // The keyring's own place is lost for good: nothing is, as long as the mirror is there.
    rmSync(join(storage, 'keys/keyring.db'));
    const again = keyringIn(storage, {});
    expect(again.hourKey(lobby, nextDay, 7)).toEqual(survivor);
    again.close();
  });

  it('takes no other place for the one that is away, and makes one when that one is given up', () => {
    const { storage, kept } = filled();
    const [mirror, aside] = [join(storage, 'mirror'), join(storage, 'aside')];
    renameSync(mirror, aside);
    const eraser = eraserIn(storage);
    eraser.erase(isOfToday);
    expect(eraser.giveUpPlace()).toEqual({ path: places(storage)[1], state: 'lost' });
    expect(eraser.giveUpPlace()).toBeUndefined();
    const [own, made] = eraser.settle();
    expect([own?.state, made?.state]).toEqual(['overwritten', 'absent']);
    expect(eraser.settle()).toEqual([]);
    expect(readSlots(places(storage)[1]!).map(({ epoch }) => epoch)).toEqual([2]);
    // The disk turns up all the same and hides the new place: its secrets go, and the new one is away.
    const hidden = join(storage, 'hidden');
    renameSync(mirror, hidden);
    renameSync(aside, mirror);
    expect(opened(storage, kept)).toBe(192);
    expect(eraser.settle().map(({ state }) => state)).toEqual(['overwritten', 'overwritten']);
    expect(opened(storage, kept)).toBe(0);
    expect(readSlots(places(storage)[1]!)).toEqual([]);
    expect(eraser.erase(() => false).places.map(({ state }) => state)).toEqual([
      'overwritten',
      'missing',
      'overwritten',
    ]);
    rmSync(mirror, { recursive: true });
    renameSync(hidden, mirror);
    expect(eraser.settle().map(({ state }) => state)).toEqual(['overwritten', 'overwritten']);
    expect(eraser.settle()).toEqual([]);
    eraser.close();
  });

  it('does not take a place that it may not look into for one without a secret', () => {
    const { storage } = filled();
    const eraser = eraserIn(storage);
    const slots = places(storage)[1]!;
    const old = readFileSync(slots);
    rmSync(slots);
    symlinkSync('elsewhere', slots);
    expect(() => eraseSlot(slots, 1)).toThrow(/ELOOP/);
    expect(eraseSlot(join(storage, 'nowhere'), 1)).toBe(false);
    expect(() => eraseSlot(join(databases(storage)[0]!, 'below'), 1)).toThrow(/ENOTDIR/);
    expect(eraser.erase(isOfToday).places[1]).toMatchObject({ state: 'refused', code: 'ELOOP' });
    rmSync(slots);
    writeFileSync(slots, old);
    expect(eraser.settle().map(({ state }) => state)).toEqual(['overwritten', 'overwritten']);
    eraser.close();
  });

  it('overwrites a slot that is damaged: what is left of a secret is no less one', () => {
    const { storage } = filled();
    const slots = places(storage)[1]!;
    const bytes = readFileSync(slots);
    bytes.write('remains of a secret', 100);
    writeFileSync(slots, bytes);
    const eraser = eraserIn(storage);
    expect(eraser.settle().map(({ state }) => state)).toEqual(['overwritten', 'overwritten']);
    expect(readFileSync(slots).includes('remains')).toBe(false);
    eraser.close();
  });

  it('says so when a place does not let its secret be overwritten', () => {
    const { storage, kept } = filled();
    let isDone = false;
    const eraser = eraserIn(storage, {
      onStep(step) {
        if (step !== 'overwrite_old_secret' || isDone) return;
        isDone = true;
        const old = readFileSync(places(storage)[1]!);
        rmSync(places(storage)[1]!);
        mkdirSync(places(storage)[1]!);
        writeFileSync(join(storage, 'kept'), old);
      },
    });
    const result = eraser.erase(isOfToday);
    expect(result.places[1]).toMatchObject({ state: 'refused', code: 'EISDIR' });
    rmSync(places(storage)[1]!, { recursive: true });
    writeFileSync(places(storage)[1]!, readFileSync(join(storage, 'kept')));
    expect(opened(storage, kept)).toBe(192);
    expect(eraser.settle().map(({ state }) => state)).toEqual(['overwritten', 'overwritten']);
    expect(opened(storage, kept)).toBe(0);
    eraser.close();
  });

  it('overwrites nothing while a survivor cannot be read back', () => {
    const { storage } = filled();
    const damaging = eraserIn(storage, {
      onStep(step) {
        if (step !== 'read_back') return;
        const tables = openKeyringTables({
          path: databases(storage)[0]!,
          readonly: false,
          busyTimeoutMs: 1000,
        });
        const [epoch, rows] = [tables.epoch()!, tables.rows()];
        tables.write(() => {
          tables.clear();
          tables.setEpoch(epoch);
          for (const row of rows) tables.insert({ ...row, wrapped: Buffer.alloc(60, 3) });
        });
        tables.close();
      },
    });
    expect(() => damaging.erase(isOfToday)).toThrow(/keyring_damaged/);
    damaging.close();
    for (const place of places(storage)) expect(readSlots(place)).toHaveLength(2);
    const next = eraserIn(storage);
    expect(() => next.settle()).toThrow(/keyring_damaged/);
    next.close();
  });

  it('refuses a keyring that is absent, older than its mirror, or under another root key', () => {
    const { storage } = filled();
    const old = readFileSync(databases(storage)[0]!);
    const eraser = eraserIn(storage);
    eraser.erase(isOfToday);
    eraser.close();
    expect(() => eraserIn(storage, { rootKey: Buffer.alloc(32, 1) })).toThrow(/root_key_wrong/);
    for (const ending of ['-wal', '-shm']) rmSync(databases(storage)[0]! + ending, { force: true });
    writeFileSync(databases(storage)[0]!, old);
    expect(() => eraserIn(storage)).toThrow(/epoch_lost|older than its mirror/);
    rmSync(databases(storage)[0]!);
    expect(() => eraserIn(storage)).toThrow(/keyring_damaged/);
    expect(existsSync(databases(storage)[0]!)).toBe(false);
  });
});
