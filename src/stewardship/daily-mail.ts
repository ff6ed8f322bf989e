import type { AlarmRow } from '../db/site/alarm-rows.ts';
import { severityOf } from './alarm-severity.ts';
import { lineOf, type Wording } from './channels.ts';
import type { Mail } from './mail.ts';

/** How a site stands, for somebody who only has to notice that the mail stayed away. Instants in µs UTC. */
export interface DailyReport {
  /** Local day, `YYYY-MM-DD`. */
  readonly day: string;
  readonly certifiedUs?: number;
  readonly checkpoint?: { readonly size: number; readonly rootHex: string; readonly madeUs: number };
  /** Day of the oldest footage that has a key. */
  readonly oldestDay?: string;
  readonly standing: readonly AlarmRow[];
}

const ROOT_DIGITS = 16;
const MOST_LINES = 50;

/** The first line of the ledger's root in somebody's mailbox is also a witness, of sorts. */
export function dailyMailOf(report: DailyReport, { site, words, label }: Wording): Mail {
  const said = words.notices.daily;
  const { day, certifiedUs, checkpoint, oldestDay, standing } = report;
  const serious = standing.filter(({ alarm }) => severityOf(alarm) === 'serious').length;
  const lines = standing.slice(0, MOST_LINES).map((alarm) => lineOf(alarm, words, label));
  return {
    subject: said.subject({ site, day, serious }),
    text: [
      said.why,
      [
        said.certificate({ at: certifiedUs === undefined ? undefined : label(certifiedUs) }),
        said.checkpoint(
          checkpoint && {
            size: checkpoint.size,
            root: checkpoint.rootHex.slice(0, ROOT_DIGITS),
            at: label(checkpoint.madeUs),
          },
        ),
        said.oldest({ day: oldestDay }),
      ].join('\n'),
      [said.alarms({ count: standing.length }), ...lines].join('\n'),
      ...(standing.length > MOST_LINES ? [words.notices.more({ count: standing.length - MOST_LINES })] : []),
      words.notices.footer({ site }),
      '',
    ].join('\n\n'),
  };
}
