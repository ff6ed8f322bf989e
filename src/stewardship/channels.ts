import type { ToldRow } from '../db/site/alarm-rows.ts';
import type { Sentences } from '../i18n/ko.ts';
import { alarmText } from '../i18n/sentences.ts';
import { isoFromUs } from '../lib/clock.ts';
import type { Facts } from '../lib/errors.ts';
import { severityOf } from './alarm-severity.ts';
import type { Mail, Mailer } from './mail.ts';
import type { Notice } from './notices.ts';
import type { Channel } from './telling.ts';
import type { Webhook } from './webhook.ts';

export interface Wording {
  /** In the reader's language. */
  readonly site: string;
  readonly words: Sentences;
  /** An instant as the site's people write it. */
  label(utcUs: number): string;
}

/** A mail is read by a person. */
const MOST_LINES = 50;
/** Of a document that a program reads. */
const MOST_ALARMS = 500;
const KINDS = ['raised', 'again', 'ended', 'passed'] as const satisfies readonly Notice['kind'][];
const ENDS: ReadonlySet<Notice['kind']> = new Set(['ended', 'passed']);

export const createMailChannel = (mailer: Mailer, wording: Wording): Channel => ({
  name: 'mail',
  send: (notices, signal) => mailer.send(mailOf(notices, wording), signal),
});

export const createWebhookChannel = (
  webhook: Webhook,
  { site, wording, nowUs }: { site: string; wording: Wording; nowUs: () => number },
): Channel => ({
  name: 'webhook',
  send: (notices, signal) =>
    webhook.post(
      {
        v: 1,
        site,
        at: isoFromUs(nowUs()),
        alarms: notices.slice(0, MOST_ALARMS).map((notice) => documentOf(notice, wording)),
        more: Math.max(0, notices.length - MOST_ALARMS),
      },
      signal,
    ),
});

/** Many at once are one mail. No person's name is in it: who has taken an alarm on is nobody's business outside. */
function mailOf(notices: readonly Notice[], { site, words, label }: Wording): Mail {
  const said = words.notices;
  const ended = notices.filter(({ kind }) => ENDS.has(kind)).length;
  const bySeverity = (a: Notice, b: Notice) =>
    Number(severityOf(b.alarm.alarm) === 'serious') - Number(severityOf(a.alarm.alarm) === 'serious');
  const shown = KINDS.flatMap((kind) => notices.filter((one) => one.kind === kind).sort(bySeverity)).slice(
    0,
    MOST_LINES,
  );
  const parts = KINDS.flatMap((kind) => {
    const ofKind = shown.filter((one) => one.kind === kind);
    if (ofKind.length === 0) return [];
    return [`${said.heading[kind]}\n\n${ofKind.map(({ alarm }) => lineOf(alarm, words, label)).join('\n')}`];
  });
  return {
    subject: said.subject({ site, begun: notices.length - ended, ended }),
    text: [
      ...parts,
      ...(notices.length > MOST_LINES ? [said.more({ count: notices.length - MOST_LINES })] : []),
      ...(ended < notices.length ? [said.takeNote] : []),
      said.footer({ site }),
      '',
    ].join('\n\n'),
  };
}

export function lineOf(
  alarm: Pick<ToldRow, 'id' | 'alarm' | 'subject' | 'sinceUs' | 'endedUs' | 'count' | 'facts'>,
  words: Sentences,
  label: Wording['label'],
): string {
  const line = words.notices.line({
    severity: words.notices.severity[severityOf(alarm.alarm)],
    sentence: sentenceOf(alarm, words),
    since: label(alarm.sinceUs),
    ended: alarm.endedUs === null ? '' : label(alarm.endedUs),
    count: alarm.count,
  });
  return alarm.id === '' ? line : `${line}, ${alarm.id}`;
}

export const sentenceOf = (
  { alarm, subject, facts }: Pick<ToldRow, 'alarm' | 'subject' | 'facts'>,
  words: Sentences,
): string => alarmText(words, alarm, subject, JSON.parse(facts) as Facts);

const documentOf = ({ kind, alarm }: Notice, { words }: Wording) => ({
  kind,
  ...(alarm.id !== '' && { id: alarm.id }),
  alarm: alarm.alarm,
  subject: alarm.subject,
  process: alarm.process,
  severity: severityOf(alarm.alarm),
  since: isoFromUs(alarm.sinceUs),
  ...(alarm.endedUs !== null && { ended: isoFromUs(alarm.endedUs) }),
  count: alarm.count,
  sentence: sentenceOf(alarm, words),
});
