import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileDurably } from '../lib/durable.ts';
import { GirokError } from '../lib/errors.ts';
import { readIfThere } from '../lib/read-file.ts';
import { documentOf } from './erasing-confirmation.ts';
import type { ErasingReport } from './examination.ts';

/** Reports by their hash: what the ledger names is found again. */
export interface KeptReports {
  /** Durable when it resolves. @returns its SHA-256 */
  keep(report: ErasingReport): Promise<string>;
  /**
   * The report that the ledger vouches for.
   *
   * @returns undefined when it is gone. @throws GirokError `database_damaged` for one that was changed
   */
  read(sha256: string): Promise<ErasingReport | undefined>;
}

/** @param retention `<storage>/retention` */
export function createKeptReports(retention: string): KeptReports {
  const folder = join(retention, 'confirmations');
  const pathOf = (sha256: string) => join(folder, `${sha256}.json`);
  return {
    async keep(report) {
      const { text, sha256 } = documentOf(report);
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await writeFileDurably(pathOf(sha256), text);
      return sha256;
    },
    async read(sha256) {
      const path = pathOf(sha256);
      const text = await readIfThere(path);
      if (text === undefined) return undefined;
      const damaged = new GirokError('database_damaged', { path });
      try {
        const report = JSON.parse(text) as ErasingReport;
        if (documentOf(report).sha256 === sha256) return report;
      } catch (error) {
        throw new GirokError('database_damaged', { path }, { cause: error });
      }
      throw damaged;
    },
  };
}
