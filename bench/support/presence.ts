import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { CatalogueReader } from '../../src/catalogue/reader.ts';
import { recoverFromFiles } from '../../src/recording/recovery.ts';
import { checkVault } from '../../src/vault/check.ts';
import { createFolderStore } from '../../src/vault/segment-store.ts';

export interface PresenceFigures {
  readonly files: number;
  /** `girok vault check --level presence`. */
  readonly checkSeconds: number;
  /** What the recorder does at each start. */
  readonly startSeconds: number;
  readonly findings: number;
  readonly grownMiB: number;
}

/** Makes one empty file per name; only names count for presence. */
export function makeFiles(vault: string, files: Iterable<{ readonly file: string }>): void {
  const made = new Set<string>();
  for (const { file } of files) {
    const folder = dirname(join(vault, file));
    if (!made.has(folder)) mkdirSync(folder, { recursive: true });
    made.add(folder);
    closeSync(openSync(join(vault, file), 'wx'));
  }
}

/** Every file against every row: by the command, and as the recorder does it beside its recording. */
export async function measurePresence(vault: string, reader: CatalogueReader): Promise<PresenceFigures> {
  const store = createFolderStore(vault);
  // Presence opens nothing: a key that is asked for is a fault of the measurement.
  const keys = {
    hourKey(): Buffer {
      throw new Error('presence needs no key');
    },
  };
  let findings = 0;
  let startBytes = 0;
  let mostBytes = 0;
  const checkMs = performance.now();
  const { files } = await checkVault({
    store,
    keys,
    register: reader.register,
    level: 'presence',
    onFinding: () => {
      findings += 1;
    },
    onProgress({ cameraDays, cameraDaysDone }) {
      const bytes = process.memoryUsage.rss();
      // What grows after the first tenth grows with the number of files.
      if (cameraDaysDone <= cameraDays / 10) startBytes = Math.max(startBytes, bytes);
      mostBytes = Math.max(mostBytes, bytes);
    },
  });
  const startMs = performance.now();
  const recovered = await recoverFromFiles({
    store,
    keys,
    register: reader.register,
    writer: {
      segmentRestored: () => Promise.reject(new Error('nothing is to be restored')),
      segmentLost: () => {
        findings += 1;
      },
      explainHoles: async () => 0,
    },
  });
  return {
    files,
    checkSeconds: (startMs - checkMs) / 1000,
    startSeconds: (performance.now() - startMs) / 1000,
    findings: findings + recovered.files,
    grownMiB: Math.max(0, mostBytes - startBytes) / (1024 * 1024),
  };
}
