import type { ErasedDays } from './erased-days.ts';
import type { Report, Rule } from './finding.ts';

/** Camera-days that are recorded and not erased; a year of 64 cameras and more. */
const MOST_OPEN = 50_000;

/** Each hour that had footage has its root in the ledger, and none comes for a day that was gone. */
export function createEvidenceRule({ report, erased }: { report: Report; erased: ErasedDays }): Rule {
  /** Hours with a root, one bit each, by camera and day. */
  const rooted = new Map<string, number>();
  /** Since the ledger began, or was begun anew, by camera: of what is older it may know nothing. */
  let hasEvidence = false;
  return {
    events: ['evidence.hour', 'erase.done', 'erase.incomplete'],
    see(entry) {
      if (entry.event === 'evidence.hour') {
        const { camera, day, hour } = entry.facts;
        hasEvidence = true;
        if (erased.has(camera, day))
          return report({
            code: 'evidence_after_erasure',
            severity: 'serious',
            entry: entry.seq,
            facts: { camera, day, hour },
          });
        const key = `${camera} ${day}`;
        if (rooted.size < MOST_OPEN || rooted.has(key)) rooted.set(key, (rooted.get(key) ?? 0) | (1 << hour));
        return;
      }
      if ((entry.event !== 'erase.done' && entry.event !== 'erase.incomplete') || !hasEvidence) return;
      for (const { camera, day, hours, files } of entry.facts.days) {
        const key = `${camera} ${day}`;
        const known = rooted.get(key) ?? 0;
        rooted.delete(key);
        if (!Array.isArray(hours) || files === 0 || erased.has(camera, day)) continue;
        const missing = hours.filter((hour: unknown) => typeof hour === 'number' && !(known & (1 << hour)));
        if (missing.length === 0) continue;
        report({
          code: 'hour_without_evidence',
          severity: 'warning',
          entry: entry.seq,
          facts: { camera, day, hours: missing.join(' ') },
        });
      }
    },
    end: () => undefined,
  };
}
