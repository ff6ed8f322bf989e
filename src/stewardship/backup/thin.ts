import type { SiteTime } from '../../lib/site-time.ts';
import type { Manifest } from './manifest.ts';

/** So many of the newest stay whatever they are: the last may be the one that a disk has spoilt. */
const NEWEST = 2;

type Dated = Pick<Manifest, 'name' | 'volume' | 'madeAt' | 'kind'>;

/**
 * Which backups are no longer needed: of each of the last `keepDays` days that have one the newest full one stays,
 * and the newest two of all. Those of another storage folder are not ours to remove. Counted in days that have
 * backups and not by the clock, so that a clock in the future removes nothing. Pure.
 */
export function superfluous(
  backups: readonly Dated[],
  { volume, keepDays, siteTime }: { volume: string; keepDays: number; siteTime: SiteTime },
): string[] {
  const ours = backups.filter((one) => one.volume === volume).sort((a, b) => (a.name < b.name ? 1 : -1));
  const days = new Map<string, string>();
  for (const { kind, madeAt, name } of ours) {
    const day = siteTime.dayOf(Date.parse(madeAt) * 1000);
    if (kind === 'full' && !days.has(day)) days.set(day, name);
  }
  const kept = new Set([...days.values()].slice(0, keepDays));
  return ours.flatMap(({ name }, index) => (index < NEWEST || kept.has(name) ? [] : [name]));
}
