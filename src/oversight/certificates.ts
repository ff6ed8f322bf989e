import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Certificate, certificateSchema } from '../contract/purge-outcome.ts';
import { systemCode } from '../lib/errors.ts';
import type { SiteTime } from '../lib/site-time.ts';
import { type Month, monthOf } from './months.ts';

export interface MonthOfCertificates {
  /** Of the runs that ended in the month, oldest first. */
  readonly certificates: readonly Certificate[];
  /** Of the last run of all. */
  readonly newest?: Certificate;
  /** Files that are no certificates. */
  readonly damaged: readonly string[];
}

/** @param folder `<storage>/retention/certificates` @throws the system's error */
export async function certificatesOf(
  folder: string,
  month: Month,
  siteTime: SiteTime,
): Promise<MonthOfCertificates> {
  const certificates: Certificate[] = [];
  const damaged: string[] = [];
  let newest: Certificate | undefined;
  for (const name of (await namesIn(folder)).filter((each) => each.endsWith('.json')).sort()) {
    const certificate = parse(await readFile(join(folder, name), 'utf8'));
    if (!certificate) {
      damaged.push(name);
      continue;
    }
    if (!newest || certificate.finishedAt >= newest.finishedAt) newest = certificate;
    const endedUs = Date.parse(certificate.finishedAt) * 1000;
    if (monthOf(siteTime.dayOf(endedUs)) === month) certificates.push(certificate);
  }
  certificates.sort((a, b) => (a.finishedAt < b.finishedAt ? -1 : 1));
  return { certificates, ...(newest && { newest }), damaged };
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

/** Undefined for what is none: the report names the file. */
function parse(text: string): Certificate | undefined {
  try {
    return certificateSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
