import { createAlarmRows } from '../../db/site/alarm-rows.ts';
import { lastCertificate } from '../../ledger/certificates.ts';
import { parseCheckpoint } from '../../ledger/checkpoint.ts';
import { checkpointMail } from '../../ledger/checkpoint-mail.ts';
import { readLogKey } from '../../ledger/log.ts';
import { vkeyOf } from '../../ledger/note.ts';
import { isGirokError } from '../../lib/errors.ts';
import { parseLocalTime } from '../../lib/site-time.ts';
import { type DailyReport, dailyMailOf } from '../../stewardship/daily-mail.ts';
import type { Mail, Mailer } from '../../stewardship/mail.ts';
import type { Duty } from '../../stewardship/schedule.ts';
import { isHourKey } from '../../vault/personal-keys.ts';
import { storedKeys } from '../../vault/stored-keys.ts';
import { wordingOf } from './notify-duty.ts';
import type { StewardParts } from './parts.ts';

const MARK = 'daily mail';

/** Once a day how the site stands, to people who need no machine to notice that it did not come. */
export function dailyMailDuty(parts: StewardParts, mailer: Mailer, dailyAt: string): Duty {
  const { db, clock, siteTime, keeper } = parts;
  const rows = createAlarmRows(db);
  const [hour, minute] = dailyAt.split(':').map(Number);
  /** The last time that it should have gone out. */
  const lastDueUs = (): number => {
    const today = siteTime.dayOf(clock.utcUs());
    const dueUs = parseLocalTime(`${today} ${dailyAt}`, siteTime.zone);
    return dueUs <= clock.utcUs()
      ? dueUs
      : parseLocalTime(`${siteTime.addDays(today, -1)} ${dailyAt}`, siteTime.zone);
  };
  let sentUs = -Infinity;
  return {
    name: 'daily_mail',
    when: { cron: `${minute} ${hour} * * *` },
    // One that a stop has missed goes out late.
    atStart: true,
    async run(signal) {
      const [dueUs, nowUs] = [lastDueUs(), clock.utcUs()];
      // One that went out under a clock that was ahead must not keep the mails of years away.
      if ([sentUs, rows.mark(MARK) ?? 0].some((atUs) => atUs >= dueUs && atUs <= nowUs)) return;
      const sent = await mailer.send(anchored(parts, dailyMailOf(reportOf(parts), wordingOf(parts))), signal);
      if (!sent.ok) throw Object.assign(new Error('the daily mail was not taken'), { code: sent.error });
      sentUs = clock.utcUs();
      if (keeper.mayEnter) rows.setMark(MARK, sentUs);
    },
  };
}

/** With the ledger's last signature: in a mailbox nobody who owns this machine can take it back. */
function anchored(parts: StewardParts, mail: Mail): Mail {
  const { db, ledger, config, siteTime } = parts;
  const last = ledger.rows.lastCheckpoint();
  const checkpoint = last && parseCheckpoint(last.note);
  if (!checkpoint) return mail;
  const { words } = wordingOf(parts);
  const { text, attachments } = checkpointMail(checkpoint, {
    site: config.site.id,
    madeAt: siteTime.label(last.madeUs),
    key: vkeyOf(readLogKey(db)),
    words: words.ledger.mail,
  });
  return { ...mail, text: `${mail.text}\n${text}`, attachments };
}

function reportOf({ db, clock, siteTime, ledger: { rows }, folders }: StewardParts): DailyReport {
  const certificate = lastCertificate(rows);
  const last = rows.lastCheckpoint();
  const checkpoint = last && parseCheckpoint(last.note);
  const oldestDay = oldestDayIn([folders.keys, folders.keysMirror]);
  return {
    day: siteTime.dayOf(clock.utcUs()),
    ...(certificate && { certifiedUs: certificate.atUs }),
    ...(checkpoint && {
      checkpoint: {
        size: checkpoint.size,
        rootHex: checkpoint.root.toString('hex'),
        madeUs: last.madeUs,
      },
    }),
    ...(oldestDay !== undefined && { oldestDay }),
    standing: createAlarmRows(db).standing(),
  };
}

function oldestDayIn(folders: readonly string[]): string | undefined {
  try {
    const days = storedKeys(folders)
      .keys.filter(isHourKey)
      .map(({ day }) => day);
    return days.reduce<string | undefined>((a, b) => (a === undefined || b < a ? b : a), undefined);
  } catch (error) {
    // No keyring yet, or a damaged one, which is an alarm of its own: the mail goes out all the same.
    if (!isGirokError(error)) throw error;
    return undefined;
  }
}
