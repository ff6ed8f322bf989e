import type { Sentences } from '../i18n/ko.ts';
import { isoFromUs } from '../lib/clock.ts';
import type { SiteTime } from '../lib/site-time.ts';
import type { PurgeState } from '../retention/journal.ts';
import type { RetentionStatus } from '../retention/status.ts';

/** What stands in the way of erasing, as what runs of the purge told each other. */
export function standingTrouble(
  { waiting, intent, owed }: PurgeState,
  { retention: said }: Sentences,
  siteTime: SiteTime,
): { kind: string; sentence: string }[] {
  return [
    ...(waiting
      ? [
          {
            kind: 'waiting',
            sentence: `${said.waitsSince({ since: siteTime.label(waiting.sinceUs) })} ${said.waiting[waiting.why]({})}`,
          },
        ]
      : []),
    ...(owed
      ? [
          {
            kind: 'owed',
            sentence: said.owed({
              run: owed.since,
              places: owed.places.join(', '),
              oldestDay: owed.oldest?.day,
            }),
          },
        ]
      : []),
    ...(intent ? [{ kind: 'unfinished', sentence: said.unfinished({ run: intent.run }) }] : []),
  ];
}

/** What a look at the whole storage found, each as `girok retention status` says it. */
export function findingsOf(
  { overdue, strayLockers, leftOver, oldSecrets, survey }: RetentionStatus,
  { retention: said }: Sentences,
  siteTime: SiteTime,
): string[] {
  const { inClear, unknown, unknownFiles } = survey;
  const label = (iso: string) => siteTime.label(Date.parse(iso) * 1000);
  return [
    ...overdue.map((each) => said.overdueDay({ ...each, dueAt: label(each.dueAt) })),
    ...strayLockers.map(said.strayLocker),
    ...leftOver.map(said.leftOver),
    ...oldSecrets.map(({ path, epochs }) => said.oldSecret({ path, epochs: epochs.join(', ') })),
    ...inClear.map((file) => said.inClear({ file })),
    ...unknown.map((file) => said.unknownFile({ file })),
    ...(unknownFiles > unknown.length ? [said.moreUnknown({ files: unknownFiles - unknown.length })] : []),
  ];
}

export const lastGoodOf = ({ lastGood }: PurgeState): { run: string; at: string } | undefined =>
  lastGood && { run: lastGood.run, at: isoFromUs(lastGood.atUs) };
