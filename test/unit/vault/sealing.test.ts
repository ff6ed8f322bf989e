import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hashLeaf, merkleRoot } from '../../../src/lib/merkle.ts';
import { CHUNK_BYTES, chunkPosition, PREAMBLE_BYTES } from '../../../src/vault/layout.ts';
import { openSegment } from '../../../src/vault/segment-reader.ts';
import type { SegmentStore } from '../../../src/vault/segment-store.ts';
import { walkPieces } from '../../../src/vault/walk-pieces.ts';
import {
  createSealingRoom,
  facts,
  fragmentBytes,
  identityOf,
  initBytes,
  settle,
  trailer,
} from './sealing-room.ts';

const sizes = fc.array(fc.oneof(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 0, max: 60_000 })), {
  maxLength: 8,
});

describe('a sealed segment', () => {
  it('gives back every fragment, whatever the sizes and pauses', async () => {
    await fc.assert(
      fc.asyncProperty(
        sizes,
        fc.array(fc.integer({ min: 0, max: 2000 }), { maxLength: 8 }),
        async (bytes, pauses) => {
          const room = createSealingRoom();
          const { writer, identity } = room.begin();
          const fragments = bytes.map((size, i) => fragmentBytes(size, i % 2 === 0));
          for (const [i, fragment] of fragments.entries()) {
            writer.append(fragment);
            await room.advance(pauses[i] ?? 0);
          }
          const sealed = await writer.seal(trailer);
          const reader = await openSegment(room.reading, sealed.file);
          const seen = [];
          for await (const piece of walkPieces(reader)) seen.push(piece);
          expect(seen.at(-1)).toMatchObject({ kind: 'trailer', trailer });
          expect(seen[0]).toMatchObject({ kind: 'init', header: { v: 1, ...identity, ...facts } });
          const read = seen.filter((piece) => piece.kind === 'fragment').map((piece) => piece.data);
          expect(read.map((data) => data.toString('hex'))).toEqual(
            fragments.map((data) => data.toString('hex')),
          );
          const walked = seen.filter((piece) => piece.kind !== 'trailer');
          expect(sealed.pieces).toEqual(
            walked.map(({ offset, data }) => ({ offset, bytes: data.length, sha256: hashLeaf(data) })),
          );
          expect(sealed.fragmentsRoot).toEqual(merkleRoot(walked.map(({ data }) => hashLeaf(data))));
          await reader.close();
        },
      ),
      { numRuns: 60 },
    );
  });

  it('reads heads that lie in the same chunk once from the disk, and nothing once it is closed', async () => {
    const room = createSealingRoom();
    const { sealed } = await room.record([40_000]);
    let reads = 0;
    const store: SegmentStore = {
      ...room.reading.store,
      async open(file) {
        const data = await room.reading.store.open(file);
        const read: typeof data.read = (target, position) => {
          reads += 1;
          return data.read(target, position);
        };
        return { ...data, read };
      },
    };
    const reader = await openSegment({ ...room.reading, store }, sealed.file);
    const before = reads;
    for (const at of [0, 16, 8]) await reader.read(at, 8);
    expect(reads - before).toBe(1);
    await reader.close();
    await expect(reader.read(0, 8)).rejects.toThrow(/segment_unreadable/);
  });

  it('opens any range as the same slice of the whole', async () => {
    const room = createSealingRoom();
    const { sealed } = await room.record([40_000, 5, 16_384, 70_000]);
    const reader = await openSegment(room.reading, sealed.file);
    const whole = await reader.read(0, reader.size);
    await fc.assert(
      fc.asyncProperty(fc.nat(reader.size), fc.nat(reader.size), async (a, b) => {
        const [from, to] = a < b ? [a, b] : [b, a];
        expect((await reader.read(from, to - from)).equals(whole.subarray(from, to))).toBe(true);
      }),
      { numRuns: 200 },
    );
    await expect(reader.read(reader.size, 1)).rejects.toThrow(RangeError);
    await expect(reader.read(-1, 1)).rejects.toThrow(RangeError);
    await reader.close();
    await expect(reader.read(0, 1)).rejects.toMatchObject({ code: 'segment_unreadable' });
  });

  it('tells its own size, chunk count and hash', async () => {
    const room = createSealingRoom();
    const { sealed, identity } = await room.record([100_000]);
    const bytes = room.files.get(sealed.file)!;
    expect(sealed.file).toBe(`lobby/2026-11-22/120405-main-${identity.segment}.seg`);
    expect(sealed.bytes).toBe(bytes.length);
    expect(sealed.ciphertextSha256).toEqual(createHash('sha256').update(bytes).digest());
    expect(sealed.leaf).toEqual({
      v: 1,
      camera: 'lobby',
      stream: 'main',
      day: '2026-11-22',
      segment: identity.segment,
      startUs: facts.startUs,
      endUs: trailer.endUs,
      chunks: sealed.chunks,
      ciphertextSha256: sealed.ciphertextSha256.toString('hex'),
      fragmentsRoot: sealed.fragmentsRoot.toString('hex'),
    });
    expect(room.syncs.at(-1)).toEqual({ file: sealed.file, kind: 'full' });
  });

  it('ends in an empty chunk when the plaintext fills its chunks exactly', async () => {
    const room = createSealingRoom();
    const probe = await room.record([0]);
    const room2 = createSealingRoom();
    const plainBytes = probe.sealed.bytes - PREAMBLE_BYTES - 16;
    const { sealed } = await room2.record([CHUNK_BYTES - plainBytes]);
    expect(sealed.bytes).toBe(chunkPosition(1) + 16);
    const reader = await openSegment(room2.reading, sealed.file);
    expect(reader).toMatchObject({ size: CHUNK_BYTES, chunks: 2 });
    const file = room2.files.get(sealed.file)!;
    file[file.length - 1]! ^= 1;
    await expect(openSegment(room2.reading, sealed.file)).rejects.toMatchObject({ facts: { chunk: 1 } });
  });

  it('refuses what is no fragment, no init and what comes after the end', async () => {
    const room = createSealingRoom();
    const { writer } = room.begin();
    expect(() => writer.append(Buffer.from('no boxes at all'))).toThrow(/internal/);
    expect(() => writer.append(initBytes())).toThrow(/ftyp moov/);
    await writer.seal(trailer);
    expect(() => writer.append(fragmentBytes(1))).toThrow(/after the end/);
    await expect(writer.seal(trailer)).rejects.toThrow(/after the end/);
    expect(() => room.begin(identityOf(), fragmentBytes(4))).toThrow(/moof mdat/);
  });
});

describe('a segment in the making', () => {
  it('returns before the file exists and takes fragments meanwhile', async () => {
    const room = createSealingRoom();
    const { writer } = room.begin();
    expect(writer.append(fragmentBytes(50_000)).offset).toBe(writer.init.bytes);
    expect(writer.backlogBytes).toBeGreaterThan(49_000);
    await settle();
    expect(writer.backlogBytes).toBe(0);
    expect(room.files.get(writer.file)?.length).toBeGreaterThan(49_000);
  });

  it('makes a quiet stream durable within two seconds, fillers skipped on reading', async () => {
    const room = createSealingRoom();
    const { writer, progress } = room.begin();
    const fragments: Buffer[] = [];
    for (let second = 0; second < 10; second++) {
      const fragment = fragmentBytes(8000);
      fragments.push(fragment);
      const { offset } = writer.append(fragment);
      const arrivedUs = room.clock.monoUs();
      await room.advance(second % 2 ? 1000 : 990);
      expect(room.clock.monoUs() - (writer.oldestUnsyncedMonoUs ?? room.clock.monoUs())).toBeLessThanOrEqual(
        2_000_000,
      );
      const end = offset + fragment.length;
      if (second === 9) await room.advance(2000);
      const durableAt = progress.find((each) => each.plaintextBytes >= end)?.atMonoUs;
      if (durableAt !== undefined) expect(durableAt - arrivedUs).toBeLessThanOrEqual(2_000_000);
    }
    expect(writer.oldestUnsyncedMonoUs).toBeUndefined();
    const reader = await openSegment(room.reading, writer.file, { chunks: writer.durable.chunks });
    const read: string[] = [];
    for await (const piece of walkPieces(reader))
      if (piece.kind === 'fragment') read.push(piece.data.toString('hex'));
    expect(read).toEqual(fragments.map((fragment) => fragment.toString('hex')));
  });

  it('fills a chunk that has no room for a box with one that reaches into the next', async () => {
    for (let room8 = 1; room8 <= 8; room8++) {
      const room = createSealingRoom();
      const { writer } = room.begin();
      writer.append(fragmentBytes(CHUNK_BYTES - room8 - writer.init.bytes - 128 - 8));
      await room.advance(2500);
      expect(writer.durable.chunks).toBe(1);
      const next = fragmentBytes(100);
      writer.append(next);
      const sealed = await writer.seal(trailer);
      const reader = await openSegment(room.reading, sealed.file);
      const kinds: string[] = [];
      for await (const piece of walkPieces(reader)) kinds.push(piece.kind);
      expect(kinds).toEqual(['init', 'fragment', 'fragment', 'trailer']);
    }
  });

  it('does not sync many segments in the same instant', async () => {
    const room = createSealingRoom();
    const open = Array.from({ length: 26 }, () => room.begin());
    const syncsPerTick: number[] = [];
    for (let tick = 0; tick < 60; tick++) {
      if (tick % 10 === 0) for (const { writer } of open) writer.append(fragmentBytes(30_000));
      const before = room.syncs.length;
      await room.advance(100);
      syncsPerTick.push(room.syncs.length - before);
      for (const { writer } of open) {
        expect(room.clock.monoUs() - (writer.oldestUnsyncedMonoUs ?? room.clock.monoUs())).toBeLessThan(
          2_000_000,
        );
      }
    }
    expect(Math.max(...syncsPerTick)).toBeLessThanOrEqual(13);
  });

  for (const [step, code] of [
    ['create', 'EROFS'],
    ['append', 'ENOSPC'],
    ['sync', 'EIO'],
  ] as const) {
    it(`is abandoned once and never synced again when the disk refuses to ${step}`, async () => {
      const room = createSealingRoom();
      room.faults[step] = Object.assign(new Error(code), { code });
      const { writer, failures } = room.begin();
      writer.append(fragmentBytes(50_000));
      await room.advance(3000);
      expect(failures).toEqual([room.faults[step]]);
      const syncs = room.syncs.length;
      delete room.faults[step];
      await room.advance(3000);
      expect(room.syncs.length).toBe(syncs);
      expect(writer.backlogBytes).toBe(0);
      await expect(writer.seal(trailer)).rejects.toMatchObject({ code });
      expect(() => writer.append(fragmentBytes(1))).toThrow(/after the end/);
      expect(room.closed.length).toBe(step === 'create' ? 0 : 1);
    });
  }

  it('rejects the seal and says nothing else when the disk refuses the last sync', async () => {
    const room = createSealingRoom();
    const { writer, failures } = room.begin();
    writer.append(fragmentBytes(10));
    await settle();
    room.faults.sync = Object.assign(new Error('EIO'), { code: 'EIO' });
    await expect(writer.seal(trailer)).rejects.toMatchObject({ code: 'EIO' });
    expect(failures).toEqual([]);
    expect(room.closed).toEqual([writer.file]);
  });

  it('leaves the file where it is when it is abandoned', async () => {
    const room = createSealingRoom();
    const { writer, failures } = room.begin();
    writer.append(fragmentBytes(50_000));
    await settle();
    writer.abandon();
    await room.advance(3000);
    expect(failures).toEqual([]);
    expect(room.syncs).toEqual([]);
    expect(room.closed).toEqual([writer.file]);
  });
});
