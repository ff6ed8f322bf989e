import { createSiteTime } from '../lib/site-time.ts';
import type { Examination, RestoredPart } from '../stewardship/backup/examine.ts';
import type { CommandContext } from './command.ts';

/** What a restore does, and everything that it cannot bring back, one sentence each. */
export function examinationLines(
  examination: Examination,
  only: readonly RestoredPart[],
  { words, config }: CommandContext,
): string[] {
  const { backup: said } = words;
  const siteTime = createSiteTime(config().site.timeZone);
  const { site, keyring, catalogue, retention, footage } = examination;
  const lines = [
    said.of({
      backup: examination.backup,
      at: siteTime.label(Date.parse(examination.madeAt) * 1000),
      kind: said.kind[examination.kind],
    }),
    examination.bound === 'vouched' ? said.vouched : said.notVouched,
  ];
  if (only.includes('site')) {
    lines.push(said.site[site.action]({ entries: site.entries, here: site.presentEntries ?? 0 }));
    if (site.fault) lines.push(said.siteFault({ fault: words.ledger.fault[site.fault] }));
    if (site.foreign) lines.push(said.siteForeign);
    if (site.missing && site.action !== 'keep') lines.push(said.siteMissing(site.missing));
  }
  if (only.includes('keyring')) {
    lines.push(
      said.keyring[keyring.action]({
        opens: keyring.opens,
        back: keyring.back,
        days: span(keyring.backDays),
      }),
    );
    if (keyring.goneErased > 0)
      lines.push(said.goneErased({ keys: keyring.goneErased, days: span(keyring.goneDays) }));
    if (keyring.goneOther > 0) lines.push(said.goneOther({ keys: keyring.goneOther }));
  }
  if (only.includes('catalogue')) lines.push(said.catalogue[catalogue.action]);
  if (only.includes('retention') && retention.missing.length > 0)
    lines.push(said.retention({ files: retention.missing.length }));
  const closed = footage.closed.filter(({ due }) => !due);
  lines.push(said.footage({ cameraDays: footage.cameraDays - footage.closed.length, closed: closed.length }));
  for (const { camera, day } of closed.slice(0, MOST_NAMED)) lines.push(said.closed({ camera, day }));
  return lines;
}

const MOST_NAMED = 20;

const span = (days: readonly string[]): string =>
  days.length < 2 ? (days[0] ?? '') : `${days[0]} – ${days.at(-1)}`;

/** Everything that should come back does. */
export function isHelpful({ site, keyring, footage }: Examination, only: readonly RestoredPart[]): boolean {
  if (only.includes('site') && (site.action === 'refuse' || (site.missing && site.action === 'replace')))
    return false;
  if (only.includes('keyring') && keyring.action === 'lost') return false;
  return footage.closed.every(({ due }) => due);
}
