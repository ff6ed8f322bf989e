import { environment } from '../../config/environment.ts';
import { createSecrets } from '../../config/secrets.ts';
import { createAlarmRows } from '../../db/site/alarm-rows.ts';
import { writeImmediate } from '../../db/write.ts';
import { sentencesIn } from '../../i18n/sentences.ts';
import { DAY_US } from '../../lib/clock.ts';
import { factsOf } from '../../lib/logger.ts';
import { createMailChannel, createWebhookChannel, type Wording } from '../../stewardship/channels.ts';
import { createMailer } from '../../stewardship/mail.ts';
import type { Duty } from '../../stewardship/schedule.ts';
import { type Channel, createTelling } from '../../stewardship/telling.ts';
import { createWebhook } from '../../stewardship/webhook.ts';
import type { StewardParts } from './parts.ts';

const EVERY_MS = 5000;
/** In the book; the ledger keeps them for ever. */
const KEPT_US = 400 * DAY_US;

/** Tells people of alarms, by each way that cameras.yml names. */
export function notifyDuty(parts: StewardParts): Duty {
  const { db, alarms, clock, keeper, log } = parts;
  const rows = createAlarmRows(db);
  let forgotMonoUs = -Infinity;
  const tellings = channelsOf(parts).map((channel) =>
    createTelling({
      channel,
      rows,
      alarms,
      clock,
      mayWrite: () => keeper.mayEnter,
      failed: (error) => log.warn('notify.failed', { channel: channel.name, ...factsOf(error) }),
    }),
  );
  return {
    name: 'notify',
    when: { everyMs: EVERY_MS },
    atStart: true,
    async run(signal) {
      if (keeper.mayEnter && clock.monoUs() - forgotMonoUs >= DAY_US) {
        forgotMonoUs = clock.monoUs();
        writeImmediate(db, () => rows.forget(clock.utcUs() - KEPT_US));
      }
      await Promise.all(tellings.map((telling) => telling.round(signal)));
    },
  };
}

export function wordingOf({ config, siteTime }: StewardParts): Wording {
  const { language } = config.notify;
  return { site: config.site.name[language], words: sentencesIn(language), label: siteTime.label };
}

export const mailerOf = ({ config: { notify }, clock }: StewardParts) =>
  notify.mail && createMailer({ settings: notify.mail, secrets: secrets(), clock });

const secrets = () => createSecrets({ env: environment, uid: process.getuid?.() ?? 0 });

function channelsOf(parts: StewardParts): Channel[] {
  const { config, clock } = parts;
  const { webhook } = config.notify;
  const wording = wordingOf(parts);
  const mailer = mailerOf(parts);
  return [
    ...(mailer ? [createMailChannel(mailer, wording)] : []),
    ...(webhook
      ? [
          createWebhookChannel(createWebhook({ settings: webhook, secrets: secrets(), clock }), {
            site: config.site.id,
            wording,
            nowUs: clock.utcUs,
          }),
        ]
      : []),
  ];
}
