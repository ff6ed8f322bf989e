import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { certificateSchema } from '../contract/purge-outcome.ts';
import { systemCode } from '../lib/errors.ts';
import { ID_PATTERN } from '../lib/id-pattern.ts';
import { readIfThere } from '../lib/read-file.ts';
import type { KeptCertificate } from '../retention/accounts.ts';

/** Certificates as they lie in their folder, for whoever shows them. */
export interface NewestCertificates {
  /** The newest first; those that are damaged are left out, which the monthly confirmation names. */
  list(most: number): Promise<KeptCertificate[]>;
  /** Undefined where there is none that can be read. */
  find(run: string): Promise<KeptCertificate | undefined>;
}

/** Nothing changes a certificate: so many are kept in memory. */
const MOST_KEPT = 500;

/** @param folder `<storage>/retention/certificates` */
export function createNewestCertificates(folder: string): NewestCertificates {
  const kept = new Map<string, KeptCertificate>();
  const find = async (run: string): Promise<KeptCertificate | undefined> => {
    if (!ID_PATTERN.test(run)) return undefined;
    const known = kept.get(run);
    if (known) return known;
    const text = await readIfThere(join(folder, `${run}.json`));
    if (text === undefined) return undefined;
    try {
      const certificate = certificateSchema.parse(JSON.parse(text));
      const found = { certificate, sha256: createHash('sha256').update(text).digest('hex') };
      if (kept.size >= MOST_KEPT) kept.clear();
      kept.set(run, found);
      return found;
    } catch {
      // No certificate: the monthly confirmation names the file, and fails for it.
      return undefined;
    }
  };
  return {
    find,
    async list(most) {
      const names = await namesIn(folder);
      const runs = names
        .filter((name) => name.endsWith('.json'))
        .map((name) => name.slice(0, -'.json'.length))
        .sort()
        .reverse()
        .slice(0, most);
      const found = await Promise.all(runs.map(find));
      return found.filter((one) => one !== undefined);
    },
  };
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    // Before the first run there is none.
    if (systemCode(error) === 'ENOENT') return [];
    throw error;
  }
}
