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

export interface LockerDeps {
  /** The locker's folder. */
  readonly root: string;
  /** The locker's own, which stays the caller's to erase. */
  readonly key: Buffer;
  readonly vault: SalvageDeps;
  /**
   * Runs what makes a file, at a moment when there may be one: afterwards none comes to be, so that a locker that is
   * emptied meanwhile stays empty. What it throws ends the copying.
   */
  readonly creating: <T>(create: () => Promise<T>) => Promise<T>;
  /** The disk as the copying sees it, when it is not to be read or written as it is. */
  readonly through?: (store: SegmentStore) => SegmentStore;
}

const CHUNKS_AT_ONCE = 64;

export function createLocker({ root, key, vault, creating, through = (store) => store }: LockerDeps): Locker {
  const store = through(createFolderStore(root));
  // The same format as in the vault: only the key is another, and so a copy opens as nothing but its original.
  const own: SalvageDeps = { store, keys: { hourKey: () => Buffer.from(key) }, factsOf: vault.factsOf };
  return {
    async copy(file) {
      const original = await salvage(vault, file);
      const begin = async () => {
        await rm(join(root, file), { force: true });
        return store.create(file);
      };
      try {
        await writeCopy(vault, () => creating(begin), key, original);
        const copy = await salvage(own, file);
        if (
          copy.state !== original.state ||
          copy.chunks !== original.chunks ||
          !copy.fragmentsRoot.equals(original.fragmentsRoot)
        )
          throw new GirokError('segment_damaged', { file, reason: 'the copy differs' });
      } catch (error) {
        // Half a copy takes room that may just have run out; one that cannot be removed is begun again all the same.
        await rm(join(root, file), { force: true }).catch(() => undefined);
        throw error;
      }
      return original.leaf;
    },
  };
}

/** Chunk by chunk; what a crash had cut short stays cut, and its leaf says how many chunks there are. */
async function writeCopy(
  vault: SalvageDeps,
  begin: () => Promise<AppendFile>,
  key: Buffer,
  { file, state, chunks }: SalvagedSegment,
): Promise<void> {
  const reader = await openSegment(vault, file, state === 'sealed' ? {} : { chunks });
  const salt = randomBytes(SALT_BYTES);
  const secrets = deriveSecrets(key, salt, contextOf(reader.identity));
  let out: AppendFile | undefined;
  try {
    out = await begin();
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
