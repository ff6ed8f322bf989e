import { loadNotify } from '../config/load.ts';
import { createSecrets } from '../config/secrets.ts';
import type { WitnessNotice } from '../ledger/witness-watch.ts';
import { isoFromUs } from '../lib/clock.ts';
import { createMailer, type Sent } from '../stewardship/mail.ts';
import { createWebhook } from '../stewardship/webhook.ts';
import type { CommandContext } from './command.ts';

/** How the witness tells its own person. */
export interface WitnessTelling {
  /** Never throws; what was not taken goes out with the next. */
  tell(notices: readonly WitnessNotice[]): Promise<void>;
}

/** A site that comes and goes all night is one mail in the morning. */
const MOST_WAITING = 100;

/** @param file with what the section `notify` of cameras.yml has. @throws GirokError `config_*` */
export function createWitnessTelling(file: string | undefined, context: CommandContext): WitnessTelling {
  const { words, clock, env } = context;
  const settings = file === undefined ? undefined : loadNotify(file, context.language);
  const secrets = createSecrets({ env, uid: process.getuid?.() ?? 0 });
  const mailer = settings?.mail && createMailer({ settings: settings.mail, secrets, clock });
  const webhook = settings?.webhook && createWebhook({ settings: settings.webhook, secrets, clock });
  const said = words.notices.witness;

  const subjectOf = ({ log, kind, state }: WitnessNotice) => {
    if (state === 'over') return said.backSubject({ log });
    return kind === 'silent' ? said.silentSubject({ log }) : said.overdueSubject({ log });
  };
  const ways: { waiting: WitnessNotice[]; send(waiting: readonly WitnessNotice[]): Promise<Sent> }[] = [
    ...(mailer
      ? [
          {
            waiting: [],
            send: (waiting: readonly WitnessNotice[]) =>
              mailer.send({
                subject: subjectOf(waiting.at(-1) as WitnessNotice),
                text: `${waiting.map((notice) => linesOf(notice, words).join('\n')).join('\n\n')}\n`,
              }),
          },
        ]
      : []),
    ...(webhook
      ? [
          {
            waiting: [],
            send: (waiting: readonly WitnessNotice[]) =>
              webhook.post({
                v: 1,
                at: isoFromUs(clock.utcUs()),
                witness: waiting.map(({ log, kind, state }) => ({ log, kind, state })),
              }),
          },
        ]
      : []),
  ];
  return {
    async tell(notices) {
      for (const notice of notices) context.warn(linesOf(notice, words).join(' '));
      for (const way of ways) {
        way.waiting = [...way.waiting, ...notices].slice(-MOST_WAITING);
        if (way.waiting.length === 0) continue;
        const sent = await way.send(way.waiting);
        if (sent.ok) way.waiting = [];
        if (sent.error !== undefined) context.warn(said.sendFailed({ error: sent.error }));
      }
    },
  };
}

function linesOf({ log, kind, state, last }: WitnessNotice, words: CommandContext['words']): string[] {
  const { notices, ledger } = words;
  const isSilence = kind === 'silent';
  if (state === 'over') return [isSilence ? ledger.logBack({ log }) : notices.witness.certified({ log })];
  const certified = last?.run === undefined ? '' : isoFromUs(last.certifiedUs);
  return [
    isSilence ? ledger.logSilent({ log }) : notices.witness.overdue({ log, last: certified }),
    ...(last && last.serious > 0 ? [notices.witness.serious({ log, count: last.serious })] : []),
  ];
}
