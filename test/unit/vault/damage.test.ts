import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { parseFile } from '../../../src/vault/identity.ts';
import { chunkPosition, SEALED_CHUNK_BYTES } from '../../../src/vault/layout.ts';
import { authenticate, salvage } from '../../../src/vault/salvage.ts';
import { openSegment } from '../../../src/vault/segment-reader.ts';
import { createSealingRoom, fragmentBytes, identityOf, initBytes, settle } from './sealing-room.ts';

type Room = ReturnType<typeof createSealingRoom>;

/** Reads all of it, as a reader that trusts nothing would. */
async function readAll(room: Room, file: string): Promise<Buffer> {
  const reader = await openSegment(room.reading, file);
  return reader.read(0, reader.size);
}
const refused = (room: Room, file: string) =>
  expect(readAll(room, file)).rejects.toMatchObject({ code: 'segment_damaged' });

describe('damage', () => {
  it('notices every single flipped bit of a small segment', async () => {
    const room = createSealingRoom();
    const { sealed } = await room.record([16]);
    const good = room.files.get(sealed.file)!;
    for (let bit = 0; bit < good.length * 8; bit++) {
      const bad = Buffer.from(good);
      bad[bit >> 3]! ^= 1 << (bit & 7);
      room.files.set(sealed.file, bad);
      await refused(room, sealed.file);
    }
    room.files.set(sealed.file, good);
    await expect(readAll(room, sealed.file)).resolves.toHaveLength(sealed.bytes - 56 - 16);
  });

  it('notices flipped bits all over segments of several chunks', async () => {
    const room = createSealingRoom();
    const { sealed } = await room.record([30_000, 30_000]);
    const good = room.files.get(sealed.file)!;
    for (let bit = 3; bit < good.length * 8; bit += 1009) {
      const bad = Buffer.from(good);
      bad[bit >> 3]! ^= 1 << (bit & 7);
      room.files.set(sealed.file, bad);
      await refused(room, sealed.file);
    }
  });

  it('notices every cut and every addition', async () => {
    const room = createSealingRoom();
    const { sealed } = await room.record([20_000, 20_000]);
    const good = room.files.get(sealed.file)!;
    const cuts = new Set(Array.from({ length: 400 }, (_, i) => i * 101).filter((at) => at < good.length));
    for (let chunk = 0; chunk < sealed.chunks; chunk++) {
      for (let near = -17; near <= 17; near++) cuts.add(chunkPosition(chunk) + near);
    }
    for (const at of cuts) {
      if (at < 0 || at >= good.length) continue;
      room.files.set(sealed.file, good.subarray(0, at));
      await refused(room, sealed.file);
    }
    for (const more of [1, 16, 17, SEALED_CHUNK_BYTES]) {
      room.files.set(sealed.file, Buffer.concat([good, Buffer.alloc(more)]));
      await refused(room, sealed.file);
    }
  });

  it('opens under no other camera, stream, day or id', async () => {
    const room = createSealingRoom();
    const { sealed } = await room.record([100]);
    const bytes = room.files.get(sealed.file)!;
    for (const [from, to] of [
      ['lobby/', 'entrance/'],
      ['-main-', '-sub-'],
      ['2026-11-22', '2026-11-23'],
      [/.\.seg$/, 'z.seg'],
    ] as const) {
      const elsewhere = sealed.file.replace(from, to);
      expect(parseFile(elsewhere)).toBeDefined();
      room.files.set(elsewhere, bytes);
      await refused(room, elsewhere);
    }
  });

  it('finds the hour itself, also that of a segment opened before its day begins', async () => {
    const room = createSealingRoom();
    for (const hour of [0, 7, 12, 24]) {
      const { sealed } = await room.record([10], identityOf({ hour }));
      expect((await openSegment(room.reading, sealed.file)).identity.hour).toBe(hour);
    }
  });

  it('says key_missing when the hour has no key any more, and nothing about damage', async () => {
    const room = createSealingRoom();
    const { sealed } = await room.record([10], identityOf({ day: '2025-12-31' }));
    await expect(readAll(room, sealed.file)).rejects.toMatchObject({ code: 'key_missing' });
  });

  it('notices exchanged, repeated and foreign chunks, also of a file under the same key', async () => {
    const room = createSealingRoom();
    const first = (await room.record([60_000])).sealed;
    const second = (await room.record([60_000])).sealed;
    const a = room.files.get(first.file)!;
    const b = room.files.get(second.file)!;
    const chunk = (of: Buffer, k: number) => of.subarray(chunkPosition(k), chunkPosition(k + 1));
    const head = a.subarray(0, chunkPosition(0));
    const tail = a.subarray(chunkPosition(2));
    for (const parts of [
      [head, chunk(a, 1), chunk(a, 0), tail],
      [head, chunk(a, 0), chunk(a, 0), tail],
      [head, chunk(a, 0), chunk(a, 1), chunk(a, 1), tail],
      [head, chunk(a, 1), tail],
      [head, chunk(b, 0), chunk(a, 1), tail],
      [head, chunk(a, 0), chunk(a, 1), b.subarray(chunkPosition(2))],
      [b.subarray(0, chunkPosition(0)), chunk(a, 0), chunk(a, 1), tail],
    ]) {
      room.files.set(first.file, Buffer.concat(parts));
      await refused(room, first.file);
    }
  });

  it('demands exactly the chunks that the catalogue knows of an unsealed segment', async () => {
    const room = createSealingRoom();
    const { writer } = room.begin();
    writer.append(fragmentBytes(60_000));
    await settle();
    const reader = await openSegment(room.reading, writer.file, { chunks: 3 });
    expect(reader).toMatchObject({ size: 3 * 16_384, sealed: false });
    await expect(reader.read(3 * 16_384, 1)).rejects.toThrow(RangeError);
    await expect(openSegment(room.reading, writer.file, { chunks: 4 })).rejects.toMatchObject({
      code: 'segment_damaged',
    });
    await expect(openSegment(room.reading, writer.file)).rejects.toMatchObject({ code: 'segment_damaged' });
  });
});

describe('salvage', () => {
  it('keeps every whole fragment in the whole chunks, wherever the file was cut', async () => {
    const room = createSealingRoom();
    const { sealed, fragments } = await room.record([6000, 6000, 9000, 12_000, 300]);
    const good = room.files.get(sealed.file)!;
    for (let at = 0; at <= good.length; at += at > good.length - 40 ? 1 : 37) {
      room.files.set(sealed.file, good.subarray(0, at));
      const chunks = Math.max(Math.floor((at - 56) / SEALED_CHUNK_BYTES), 0);
      if (chunks === 0 && at < good.length) {
        await expect(salvage(room.salvaging, sealed.file)).rejects.toMatchObject({ code: 'segment_damaged' });
        continue;
      }
      const found = await salvage(room.salvaging, sealed.file);
      if (at === good.length) {
        expect(found).toMatchObject({ state: 'sealed', leaf: sealed.leaf, leafHash: sealed.leafHash });
        expect(found.pieces).toEqual(sealed.pieces);
        continue;
      }
      const kept = sealed.pieces.filter((piece) => piece.offset + piece.bytes <= chunks * 16_384);
      expect(found).toMatchObject({ state: 'recovered', chunks, bytes: chunkPosition(chunks) });
      expect(found.pieces).toEqual(kept);
      expect(found.leaf.endUs).toBe(found.header.startUs + (kept.length > 1 ? 1_000_000 : 0));
    }
    expect(fragments).toHaveLength(5);
  });

  it('stops before a torn chunk and leaves the file as it is', async () => {
    const room = createSealingRoom();
    const { sealed } = await room.record([60_000]);
    const torn = Buffer.from(room.files.get(sealed.file)!);
    torn.fill(0, chunkPosition(2) + 5000);
    room.files.set(sealed.file, torn);
    const before = Buffer.from(torn);
    expect(await authenticate(room.reading, sealed.file)).toMatchObject({ sealed: false, chunks: 2 });
    expect(await salvage(room.salvaging, sealed.file)).toMatchObject({ state: 'recovered', chunks: 2 });
    expect(room.files.get(sealed.file)!.equals(before)).toBe(true);
  });

  it('loses no more than the last moment of a quiet stream', async () => {
    const room = createSealingRoom();
    const { writer } = room.begin(identityOf(), initBytes());
    for (let second = 0; second < 20; second++) {
      writer.append(fragmentBytes(8000));
      await room.advance(850);
      const found = await salvage(room.salvaging, writer.file);
      expect(found.pieces).toHaveLength(second + 2);
      await room.advance(150);
    }
    writer.abandon();
  });
});

describe('the specification', () => {
  it('uses HKDF-Expand over the info string of C2SP chunked-encryption', async () => {
    const room = createSealingRoom();
    const { sealed, identity } = await room.record([10]);
    const file = room.files.get(sealed.file)!;
    const prk = room.reading.keys.hourKey(identity.camera, identity.day, identity.hour);
    const context = `girok/1|lobby|main|2026-11-22|12|${identity.segment}`;
    const info = Buffer.concat([
      Buffer.from('c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM\0'),
      file.subarray(0, 24),
      Buffer.from(context),
    ]);
    let previous = Buffer.alloc(0);
    const blocks: Buffer[] = [];
    for (const counter of [1, 2, 3]) {
      previous = createHmac('sha256', prk)
        .update(Buffer.concat([previous, info, Buffer.from([counter])]))
        .digest();
      blocks.push(previous);
    }
    expect(file.subarray(24, 56)).toEqual(Buffer.concat(blocks).subarray(44, 76));
  });
});
