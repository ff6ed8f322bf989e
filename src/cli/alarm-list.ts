import { storageFolders } from '../config/folders.ts';
import type { Database } from '../db/open.ts';
import { type AlarmRow, createAlarmRows } from '../db/site/alarm-rows.ts';
import { createLedgerRows } from '../db/site/ledger-rows.ts';
import { openSiteForReading } from '../db/site/open.ts';
import { readBody } from '../ledger/entry.ts';
import { openPersonal } from '../ledger/personal.ts';
import { isoFromUs } from '../lib/clock.ts';
import { isGirokError } from '../lib/errors.ts';
import { createSiteTime } from '../lib/site-time.ts';
import { severityOf } from '../stewardship/alarm-severity.ts';
import { sentenceOf } from '../stewardship/channels.ts';
import { createPersonalOpening } from '../vault/personal-keys.ts';
import { columns } from './columns.ts';
import type { Command, CommandContext } from './command.ts';
import { EXIT } from './exit-code.ts';
import { enterNamesShown, namesShown, SEALED } from './names-shown.ts';
import { openReadingKeys } from './reading-keys.ts';

/** Of all that ever were, the newest. */
const MOST = 200;

export const alarmList: Command = {
  name: 'alarm list',
  summary: {
    ko: '지금 있는 경보를 모두 보여 줍니다: 언제부터인지, 누가 맡았고 누가 확인했는지.',
    en: 'Shows all alarms that stand: since when, who has taken them on and who took note.',
  },
  usage: '[--all] [--sealed]',
  examples: ['npm run -s girok -- alarm list', 'npm run -s girok -- alarm list --all --json'],
  options: {
    all: { type: 'boolean', help: { ko: '끝난 것도 (최근 200건)', en: 'also what is over (the last 200)' } },
    sealed: SEALED,
  },
  positionals: { min: 0, max: 0 },
  json: '[{ id, process, alarm, subject, severity, since, raised, count, ended?, facts, taken?, acknowledged?, acknowledgedAt?, note?, told? }]; taken, acknowledged and note are null once erased, sealed, or without the root key; exit code 1 while one stands',
  async run(context) {
    const config = context.config();
    const { label } = createSiteTime(config.site.timeZone);
    const said = context.words.notices;
    const db = openSiteForReading(storageFolders(config).site);
    try {
      const rows = createAlarmRows(db);
      const alarms = context.options.flag('all') ? rows.newest(MOST) : rows.standing();
      const persons = await personsOf(alarms, db, context);
      context.result(
        alarms.map((alarm) => documentOf(alarm, persons)),
        alarms.length === 0
          ? said.alarm.none
          : columns([
              Object.values(said.alarm.column),
              ...alarms.map((alarm) => [
                alarm.id,
                said.severity[severityOf(alarm.alarm)],
                label(alarm.sinceUs),
                alarm.endedUs === null ? said.alarm.stands : label(alarm.endedUs),
                ...[alarm.takenSeq, alarm.acknowledgedSeq].map((seq) =>
                  seq === null ? '-' : (persons.get(seq)?.by ?? said.alarm.sealed),
                ),
                sentenceOf(alarm, context.words),
              ]),
            ]),
      );
      return alarms.some(({ endedUs }) => endedUs === null) ? EXIT.failure : EXIT.ok;
    } finally {
      db.close();
    }
  },
};

interface Persons {
  readonly by: string | null;
  readonly note: string | null;
}

function documentOf(alarm: AlarmRow, persons: ReadonlyMap<number, Persons>) {
  const { takenSeq, acknowledgedSeq, acknowledgedUs, endedUs, toldUs } = alarm;
  const of = (seq: number) => persons.get(seq);
  return {
    id: alarm.id,
    process: alarm.process,
    alarm: alarm.alarm,
    subject: alarm.subject,
    severity: severityOf(alarm.alarm),
    since: isoFromUs(alarm.sinceUs),
    raised: isoFromUs(alarm.raisedUs),
    count: alarm.count,
    ...(endedUs !== null && { ended: isoFromUs(endedUs) }),
    facts: JSON.parse(alarm.facts) as unknown,
    ...(takenSeq !== null && { taken: of(takenSeq)?.by ?? null }),
    ...(acknowledgedSeq !== null && {
      acknowledged: of(acknowledgedSeq)?.by ?? null,
      acknowledgedAt: isoFromUs(acknowledgedUs ?? 0),
      note: of(acknowledgedSeq)?.note ?? null,
    }),
    ...(toldUs !== null && { told: isoFromUs(toldUs) }),
  };
}

/**
 * Names by their entry. Without the root key, or where the ledger takes no entry of who saw them, they stay sealed, and
 * the list is shown all the same.
 */
async function personsOf(
  alarms: readonly AlarmRow[],
  db: Database,
  context: CommandContext,
): Promise<Map<number, Persons>> {
  const found = new Map<number, Persons>();
  const entries = alarms.flatMap(({ takenSeq, acknowledgedSeq }) =>
    [takenSeq, acknowledgedSeq].filter((seq) => seq !== null),
  );
  if (entries.length === 0 || context.options.flag('sealed')) return found;
  const config = context.config();
  try {
    await enterNamesShown(config, context, namesShown(context, 'alarms', alarms.length));
    const keyring = openReadingKeys(config, context);
    const opening = createPersonalOpening(keyring, createSiteTime(config.site.timeZone));
    const rows = createLedgerRows(db);
    try {
      for (const seq of entries) {
        const row = rows.entry(seq);
        if (!row) continue;
        const { by, note } = openPersonal(readBody(row.body), rows, opening);
        found.set(seq, { by: plain(by), note: plain(note) });
      }
    } finally {
      opening.close();
      keyring.close();
    }
  } catch (error) {
    if (!isGirokError(error)) throw error;
    context.warn(context.words.errors[error.code](error.facts));
  }
  return found;
}

const plain = (text: ReturnType<typeof openPersonal>[string] | undefined): string | null =>
  typeof text === 'object' ? text.text : null;
