import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/lib/clock.ts';
import type { CameraId } from '../../../src/lib/ids.ts';
import type { LocalDay } from '../../../src/lib/site-time.ts';
import { type CheckLevel, checkVault, type Finding } from '../../../src/vault/check.ts';
import { type Reindexed, reindex } from '../../../src/vault/reindex.ts';
import type { SealedSegment } from '../../../src/vault/segment.ts';
import { openSegment } from '../../../src/vault/segment-reader.ts';
import { createFolderStore } from '../../../src/vault/segment-store.ts';
import { isEmptyVault, type RegisteredFile, type SegmentRegister } from '../../../src/vault/segment-tree.ts';
import { createVault } from '../../../src/vault/vault.ts';
import { facts, fragmentBytes, identityOf, initBytes, trailer } from '../../unit/vault/sealing-room.ts';
import { keyringIn, siteTime, storageFolder } from './storage-folder.ts';

const isRoot = process.getuid?.() === 0;

/** A catalogue of lists. */
function createRegister() {
  const rows = new Map<string, RegisteredFile>();
  const folderOf = (file: string) => file.split('/').slice(0, 2).join('/');
  const register: SegmentRegister = {
    cameraDays: () =>
      [...new Set([...rows.keys()].map(folderOf))].map((folder) => {
        const [camera = '', day = ''] = folder.split('/');
        return { camera, day };
      }),
    filesOf: (camera, day) => [...rows.values()].filter((row) => folderOf(row.file) === `${camera}/${day}`),
  };
  return { rows, register };
}

function openStorage() {
  const storage = storageFolder();
  const root = join(storage, 'vault');
  mkdirSync(root);
  const store = createFolderStore(root);
  const keyring = keyringIn(storage, { initialise: true });
  const vault = createVault({ store, keys: keyring, clock: systemClock, siteTime });
  const { rows, register } = createRegister();
  const reading = { store, keys: keyring, factsOf: () => ({ mediaStart: 0, durationTicks: 90_000 }) };

  const begin = (identity = identityOf()) => {
    const failures: unknown[] = [];
    const writer = vault.create(identity, facts, initBytes(), {
      durable: () => undefined,
      failed: (error) => failures.push(error),
    });
    rows.set(writer.file, { id: identity.segment, file: writer.file, state: 'open', bytes: 0, chunks: 0 });
    return { writer, failures, identity };
  };
  const record = async (sizes: readonly number[], identity = identityOf()): Promise<SealedSegment> => {
    const { writer } = begin(identity);
    for (const size of sizes) writer.append(fragmentBytes(size));
    const sealed = await writer.seal(trailer);
    const { file, bytes, chunks, ciphertextSha256 } = sealed;
    rows.set(file, { id: identity.segment, file, state: 'sealed', bytes, chunks, ciphertextSha256 });
    return sealed;
  };
  const check = async (level: CheckLevel): Promise<Finding[]> => {
    const findings: Finding[] = [];
    await checkVault({ ...reading, register, level, onFinding: (finding) => findings.push(finding) });
    return findings;
  };
  const reindexed = async (): Promise<Reindexed[]> => {
    const found: Reindexed[] = [];
    for await (const each of reindex({ ...reading, register })) found.push(each);
    return found;
  };
  const path = (file: string) => join(root, file);
  return { storage, root, store, vault, keyring, rows, reading, begin, record, check, reindexed, path };
}

describe('the vault on a disk', () => {
  it('writes private files that read back through the keyring', async () => {
    const it = openStorage();
    expect(await isEmptyVault(it.store)).toBe(true);
    const sealed = await it.record([50_000, 200_000]);
    expect(statSync(it.path(sealed.file)).mode & 0o777).toBe(0o600);
    expect(statSync(it.path(sealed.file)).size).toBe(sealed.bytes);
    const reader = await openSegment(it.reading, sealed.file);
    expect((await reader.read(0, reader.size)).length).toBe(reader.size);
    await reader.close();
    expect(await isEmptyVault(it.store)).toBe(false);
    expect(await it.check('full')).toEqual([]);
  });

  it('refuses to write over a file that is there', async () => {
    const it = openStorage();
    const identity = identityOf();
    await it.record([10], identity);
    const { writer, failures } = it.begin(identity);
    await expect(writer.seal(trailer)).rejects.toMatchObject({ code: 'EEXIST' });
    expect(failures).toEqual([]);
  });

  it('makes the day folder again when an emptied one was removed', async () => {
    const it = openStorage();
    const { file } = await it.record([10]);
    rmSync(dirname(it.path(file)), { recursive: true });
    it.rows.clear();
    const again = await it.record([10]);
    expect(dirname(again.file)).toBe(dirname(file));
  });

  it('names every disagreement at the level that can see it', async () => {
    const it = openStorage();
    const [gone, shorter, flipped, moved, locked] = [
      await it.record([10]),
      await it.record([40_000]),
      await it.record([40_000]),
      await it.record([10]),
      await it.record([10], identityOf({ day: '2026-11-21' })),
    ];
    await it.record([40_000]);
    rmSync(it.path(gone.file));
    truncateSync(it.path(shorter.file), 20_000);
    const bytes = readFileSync(it.path(flipped.file));
    bytes[30_000]! ^= 1;
    writeFileSync(it.path(flipped.file), bytes);
    const elsewhere = moved.file.replace('lobby/', 'entrance/');
    mkdirSync(dirname(it.path(elsewhere)), { recursive: true });
    renameSync(it.path(moved.file), it.path(elsewhere));
    const impostor = moved.file.replace('.seg', '').replace(/.$/, 'z.seg');
    copyFileSync(it.path(locked.file), it.path(impostor));
    writeFileSync(it.path('lobby/note.txt'), '');
    writeFileSync(it.path('lobby/2026-11-22/note.txt'), '');

    const presence = [
      { kind: 'strange', file: 'lobby/note.txt' },
      { kind: 'unknown', file: elsewhere },
      { kind: 'strange', file: 'lobby/2026-11-22/note.txt' },
      { kind: 'unknown', file: impostor },
      { kind: 'missing', file: gone.file },
      { kind: 'missing', file: moved.file },
    ];
    const size = { kind: 'size', file: shorter.file, expected: shorter.bytes, found: 20_000 };
    const damaged = { kind: 'damaged', file: flipped.file, chunk: 1 };
    const sorted = (list: Finding[]) =>
      [...list].sort((a, b) => (a.file + a.kind < b.file + b.kind ? -1 : 1));
    expect(sorted(await it.check('presence'))).toEqual(sorted(presence as Finding[]));
    expect(sorted(await it.check('size'))).toEqual(sorted([...presence, size] as Finding[]));
    expect(sorted(await it.check('full'))).toEqual(sorted([...presence, size, damaged] as Finding[]));
  });

  it('reports a segment whose hour has no key as locked, and another content under the same key by its hash', async () => {
    const it = openStorage();
    const sealed = await it.record([10]);
    const row = it.rows.get(sealed.file)!;
    it.rows.set(sealed.file, { ...row, ciphertextSha256: Buffer.alloc(32) });
    expect(await it.check('full')).toMatchObject([{ kind: 'hash', file: sealed.file }]);
    const unkeyed = sealed.file.replace('2026-11-22', '2026-11-20');
    mkdirSync(dirname(it.path(unkeyed)), { recursive: true });
    renameSync(it.path(sealed.file), it.path(unkeyed));
    it.rows.clear();
    it.rows.set(unkeyed, { ...row, file: unkeyed });
    expect(await it.check('full')).toMatchObject([{ kind: 'locked', file: unkeyed }]);
  });

  it('tells a catalogue that lost its rows what the files hold', async () => {
    const it = openStorage();
    const sealed = await it.record([40_000, 100], identityOf({ hour: 0 }));
    const known = await it.record([10]);
    const torn = it.begin();
    torn.writer.append(fragmentBytes(20_000));
    torn.writer.append(fragmentBytes(20_000));
    await expect
      .poll(() => statSync(it.path(torn.writer.file), { throwIfNoEntry: false })?.size)
      .toBe(56 + 2 * 16_400);
    torn.writer.abandon();
    const never = identityOf({ day: '2026-11-19' });
    const neverFile = `lobby/2026-11-19/120000-main-${never.segment}.seg`;
    it.rows.set(neverFile, { id: never.segment, file: neverFile, state: 'open', bytes: 0, chunks: 0 });
    writeFileSync(it.path(`lobby/2026-11-22/130000-sub-${never.segment}.seg`), '');
    it.rows.delete(sealed.file);

    const found = await it.reindexed();
    expect(found.map(({ kind, id }) => [kind, id])).toEqual([
      ['absent', never.segment],
      ['segment', sealed.leaf.segment],
      ['segment', torn.identity.segment],
      ['unreadable', never.segment],
    ]);
    expect(found[1]).toMatchObject({
      wasOpen: false,
      segment: { state: 'sealed', leaf: sealed.leaf, trailer },
    });
    expect(found[2]).toMatchObject({
      wasOpen: true,
      segment: { state: 'recovered', chunks: 2, header: facts },
    });
    const recovered = found[2]!.kind === 'segment' ? found[2]!.segment : undefined;
    expect(recovered?.pieces).toHaveLength(2);
    for (const each of found) {
      if (each.kind !== 'segment') continue;
      const { file, state, bytes, chunks, ciphertextSha256 } = each.segment;
      it.rows.set(file, { id: each.id, file, state, bytes, chunks, ciphertextSha256 });
    }
    it.rows.delete(neverFile);
    expect(known.bytes).toBeGreaterThan(0);
    expect(await it.check('full')).toMatchObject([{ kind: 'unknown' }]);
    expect((await it.reindexed()).map(({ kind }) => kind)).toEqual(['unreadable']);
  });

  it('removes only stubs in which no footage can be', async () => {
    const it = openStorage();
    const { file } = await it.record([10]);
    expect(readFileSync(it.path(file)).length).toBeLessThan(16_456);
    // Damaged, misplaced or unknown: it was a complete segment, so it stays.
    expect(await it.store.discardStub(file)).toBe(false);
    for (const [length, rowIsOpen, removed] of [
      [0, false, true],
      [56, false, true],
      [72, false, false],
      [72, true, true],
      [16_455, true, true],
      [16_456, true, false],
    ] as const) {
      writeFileSync(it.path(file), Buffer.alloc(length));
      expect(await it.store.discardStub(file, rowIsOpen)).toBe(removed);
    }
  });

  it.runIf(isRoot)(
    'abandons a segment on a full disk, keeps what fits and goes on when there is space',
    async () => {
      const it = openStorage();
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'girok-test', it.root]);
      try {
        const store = createFolderStore(it.root);
        const vault = createVault({ store, keys: it.keyring, clock: systemClock, siteTime });
        const identity = identityOf();
        const failure = new Promise<unknown>((resolve) => {
          const writer = vault.create(identity, facts, initBytes(), {
            durable: () => undefined,
            failed: resolve,
          });
          for (let i = 0; i < 20; i++) writer.append(fragmentBytes(100_000));
        });
        expect(await failure).toMatchObject({ code: 'ENOSPC' });
        const found: Reindexed[] = [];
        for await (const each of reindex({ ...it.reading, store, register: createRegister().register }))
          found.push(each);
        expect(found).toMatchObject([
          { kind: 'segment', id: identity.segment, segment: { state: 'recovered' } },
        ]);
        const kept = found[0]?.kind === 'segment' ? found[0].segment.pieces.length : 0;
        expect(kept).toBeGreaterThan(8);
        rmSync(join(it.root, found[0]?.kind === 'segment' ? found[0].segment.file : ''));
        const next = vault.create(identityOf(), facts, initBytes(), {
          durable: () => undefined,
          failed: () => undefined,
        });
        next.append(fragmentBytes(1000));
        expect((await next.seal(trailer)).chunks).toBe(1);
        vault.close();
      } finally {
        execFileSync('umount', ['--lazy', it.root]);
      }
    },
  );

  it('keeps keys apart by camera and day in the keyring, too', async () => {
    const it = openStorage();
    await it.record([10], identityOf({ camera: 'entrance', day: '2026-11-23', hour: 3 }));
    expect(() => it.keyring.hourKey('lobby' as CameraId, '2026-11-23' as LocalDay, 3)).toThrow(/key_missing/);
    expect(it.keyring.hourKey('entrance' as CameraId, '2026-11-23' as LocalDay, 3)).toHaveLength(32);
  });
});
