import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { GirokError } from '../lib/errors.ts';
import { deriveSecrets, sealChunk } from './chunked.ts';
import type { EvidenceLeaf } from './evidence-leaf.ts';
import { contextOf } from './identity.ts';
import { CHUNK_BYTES, SALT_BYTES } from './layout.ts';
import { type SalvageDeps, type SalvagedSegment, salvage } from './salvage.ts';
import { openSegment } from './segment-reader.ts';
import { type AppendFile, createFolderStore, type SegmentStore } from './segment-store.ts';

export interface Locker {
  /**
   * Copies one complete segment, every byte opened, checked and sealed anew, and reads the copy back. One that was
   * broken off is begun again.
   *
   * @param file relative to the vault's folder, and then to the locker's
   * @returns the original's evidence leaf, against which the ledger proves the copy's fragments
   * @throws GirokError `segment_damaged`, `segment_unreadable`, `key_missing`; the system's error
   */
  copy(file: string): Promise<EvidenceLeaf>;
}

const CHUNKS_AT_ONCE = 64;

/**
 * @param root the locker's folder; @param key the locker's own, which stays the caller's to erase
 */
export function createLocker(root: string, key: Buffer, vault: SalvageDeps): Locker {
  const store = createFolderStore(root);
  // The same format as in the vault: only the key is another, and so a copy opens as nothing but its original.
  const own: SalvageDeps = { store, keys: { hourKey: () => Buffer.from(key) }, factsOf: vault.factsOf };
  return {
    async copy(file) {
      const original = await salvage(vault, file);
      await rm(join(root, file), { force: true });
      await writeCopy(vault, store, key, original);
      const copy = await salvage(own, file);
      if (
        copy.state !== original.state ||
        copy.chunks !== original.chunks ||
        !copy.fragmentsRoot.equals(original.fragmentsRoot)
      )
        throw new GirokError('segment_damaged', { file, reason: 'the copy differs' });
      return original.leaf;
    },
  };
}

/** Chunk by chunk; what a crash had cut short stays cut, and its leaf says how many chunks there are. */
async function writeCopy(
  vault: SalvageDeps,
  store: SegmentStore,
  key: Buffer,
  { file, state, chunks }: SalvagedSegment,
): Promise<void> {
  const reader = await openSegment(vault, file, state === 'sealed' ? {} : { chunks });
  const salt = randomBytes(SALT_BYTES);
  const secrets = deriveSecrets(key, salt, contextOf(reader.identity));
  let out: AppendFile | undefined;
  try {
    out = await store.create(file);
    await out.append([salt, Buffer.from(secrets.commitment)]);
    for (let first = 0; first < chunks; first += CHUNKS_AT_ONCE) {
      const count = Math.min(CHUNKS_AT_ONCE, chunks - first);
      const at = first * CHUNK_BYTES;
      const plain = await reader.read(at, Math.min(count * CHUNK_BYTES, reader.size - at));
      const sealed = Array.from({ length: count }, (_, i) =>
        sealChunk(secrets, first + i, plain.subarray(i * CHUNK_BYTES, (i + 1) * CHUNK_BYTES)),
      );
      plain.fill(0);
      await out.append(sealed.flat());
    }
    await out.sync();
  } finally {
    secrets.erase();
    await out?.close();
    await reader.close();
  }
}
