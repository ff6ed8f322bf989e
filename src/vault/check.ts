import { GirokError, isGirokError } from '../lib/errors.ts';
import { parseFile } from './identity.ts';
import { authenticate } from './salvage.ts';
import type { ReaderDeps } from './segment-reader.ts';
import { type CameraDay, cameraDaysOf, type RegisteredFile, type SegmentRegister } from './segment-tree.ts';

/** `presence`: names only. `size`: and lengths. `full`: and every byte, hashed and decrypted. */
export type CheckLevel = 'presence' | 'size' | 'full';

/**
 * What does not agree. `missing`: a row without its file. `unknown`: a file without a row. `strange`: something
 * that is no segment's name. `size`, `hash`: other than registered. `damaged`: does not authenticate, from `chunk`
 * on if given. `locked`: its hour has no key. `unreadable`: the disk refuses.
 */
export interface Finding {
  readonly kind: 'missing' | 'unknown' | 'strange' | 'size' | 'hash' | 'damaged' | 'locked' | 'unreadable';
  readonly file: string;
  readonly chunk?: number;
  readonly expected?: number | string;
  readonly found?: number | string;
}

export interface CheckProgress {
  readonly cameraDays: number;
  readonly cameraDaysDone: number;
  readonly files: number;
}

export interface CheckOptions extends ReaderDeps {
  readonly level: CheckLevel;
  readonly register: SegmentRegister;
  readonly onFinding: (finding: Finding) => void;
  readonly onProgress?: (progress: CheckProgress) => void;
  readonly signal?: AbortSignal;
}

/**
 * Compares the vault with its register, one camera-day at a time. Changes nothing and may run while recording
 * goes on: the folder is read before the rows (a row precedes its file), and what is missing is looked for again.
 *
 * @returns how much was looked at, and how many findings there were
 */
export async function checkVault(options: CheckOptions): Promise<{ files: number; findings: number }> {
  const { store, register, signal } = options;
  let findings = 0;
  let files = 0;
  const tell = (finding: Finding) => {
    findings += 1;
    options.onFinding(finding);
  };
  const { days, strange } = await cameraDaysOf(store);
  for (const file of strange) tell({ kind: 'strange', file });
  const all = unite(days, register.cameraDays());
  for (const [done, { camera, day }] of all.entries()) {
    signal?.throwIfAborted();
    const folder = `${camera}/${day}`;
    const present = new Set(await store.list(folder));
    const rows = new Map(register.filesOf(camera, day).map((row) => [row.file, row]));
    for (const name of present) {
      const file = `${folder}/${name}`;
      if (!parseFile(file)) tell({ kind: 'strange', file });
      else if (!rows.has(file)) tell({ kind: 'unknown', file });
    }
    for (const row of rows.values()) {
      signal?.throwIfAborted();
      files += 1;
      const isThere =
        present.has(row.file.slice(folder.length + 1)) || (await store.bytesOf(row.file)) !== undefined;
      // An open row precedes its file; the next start settles it.
      if (isThere) await checkFile(options, row, tell);
      else if (row.state !== 'open') tell({ kind: 'missing', file: row.file });
    }
    options.onProgress?.({ cameraDays: all.length, cameraDaysDone: done + 1, files });
  }
  return { files, findings };
}

function unite(a: Iterable<CameraDay>, b: Iterable<CameraDay>): CameraDay[] {
  const days = new Map<string, CameraDay>();
  for (const { camera, day } of [...a, ...b]) days.set(`${camera}/${day}`, { camera, day });
  return [...days.values()];
}

async function checkFile(
  options: CheckOptions,
  row: RegisteredFile,
  tell: (finding: Finding) => void,
): Promise<void> {
  if (options.level === 'presence' || row.state === 'open') return;
  const { file } = row;
  const found = await options.store.bytesOf(file);
  if (found === undefined) return tell({ kind: 'missing', file });
  // A recovered file keeps the torn chunk behind its last whole one.
  const isRight = row.state === 'sealed' ? found === row.bytes : found >= row.bytes;
  if (!isRight) return tell({ kind: 'size', file, expected: row.bytes, found });
  if (options.level === 'full') await checkContent(options, row, tell);
}

async function checkContent(
  options: CheckOptions,
  row: RegisteredFile,
  tell: (finding: Finding) => void,
): Promise<void> {
  const { file } = row;
  try {
    const result = await authenticate(options, file, row.state === 'recovered' ? row.chunks : undefined);
    if (result.chunks !== row.chunks || result.sealed !== (row.state === 'sealed')) {
      return tell({ kind: 'damaged', file, chunk: result.chunks });
    }
    if (row.ciphertextSha256 && !result.ciphertextSha256.equals(row.ciphertextSha256)) {
      const [expected, found] = [
        row.ciphertextSha256.toString('hex'),
        result.ciphertextSha256.toString('hex'),
      ];
      tell({ kind: 'hash', file, expected, found });
    }
  } catch (error) {
    tell({ kind: kindOf(error), file });
  }
}

/** A purge may take the key or the file between two steps: then that is what is found. */
function kindOf(error: unknown): Finding['kind'] {
  if (isGirokError(error, 'key_missing')) return 'locked';
  if (isGirokError(error, 'segment_damaged')) return 'damaged';
  if (isGirokError(error, 'segment_unreadable')) return 'unreadable';
  if (error instanceof GirokError) throw error;
  return 'unreadable';
}
