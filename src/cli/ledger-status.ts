import { dirname, join } from 'node:path';
import { storageFolders } from '../config/folders.ts';
import { createLedgerRows } from '../db/site/ledger-rows.ts';
import { logsBefore } from '../ledger/begin-anew.ts';
import { waitingIn } from '../ledger/drain.ts';
import { readLogKey } from '../ledger/log.ts';
import { readKeptCheckpoint } from '../ledger/second-place.ts';
import { type LedgerStanding, standingOf } from '../ledger/standing.ts';
import { MINUTE_US } from '../lib/clock.ts';
import type { Command, CommandContext } from './command.ts';
import { EXIT } from './exit-code.ts';
import { beforeLine } from './ledger-before.ts';
import { readingLedger } from './reading-ledger.ts';
import { alarmSentence } from './status-words.ts';

/** A steward that works needs a second for the spool and half a minute for a checkpoint. */
const LATE_US = 3 * MINUTE_US;

export const ledgerStatus: Command = {
  name: 'ledger status',
  summary: {
    ko: '장부가 어떤지 봅니다: 기록 수, 서명, 기다리는 기록, 경보.',
    en: 'Looks at the ledger: entries, signatures, what waits for it, alarms.',
  },
  usage: '',
  examples: ['npm run -s girok -- ledger status'],
  options: {},
  positionals: { min: 0, max: 0 },
  json: '{ entries, unsigned, checkpoint?: { size, madeAt, signers }, waiting, late: boolean, alarms: [{ alarm, subject, since }], divergence?: { kind, seen, found }, before: [{ origin, size, root, why, found, folder? }] }; exit code 1 when something is not well',
  async run(context) {
    const config = context.config();
    const folders = storageFolders(config);
    const { ledger: said } = context.words;
    return readingLedger(config, async (db) => {
      const kept = await readKeptCheckpoint(join(folders.keysMirror, 'ledger-checkpoint'));
      const standing = standingOf(createLedgerRows(db), kept);
      const waiting = (await waitingIn(dirname(folders.spool))).length;
      const late = isLate(standing, waiting, context);
      const { alarms, divergence, checkpoint } = standing;
      const before = await logsBefore(folders.site, readLogKey(db).name);
      const lines = [
        said.standing({ ...standing, waiting, signers: checkpoint?.signers.join(', ') ?? '' }),
        ...(late ? [said.late] : []),
        ...(divergence ? [said.diverges(divergence)] : []),
        ...before.map((one) => beforeLine(one, context.words)),
        ...alarms.map(({ alarm, subject, since }) =>
          alarmSentence({ code: alarm, subject, since, facts: {} }, context.words),
        ),
      ];
      context.result({ ...standing, waiting, late, before }, lines.join('\n'));
      return late || divergence || alarms.length > 0 ? EXIT.failure : EXIT.ok;
    });
  },
};

/** Something has waited longer than any steward that works would let it. */
function isLate(
  { unsigned, checkpoint }: LedgerStanding,
  waiting: number,
  { clock }: CommandContext,
): boolean {
  const signedUs = checkpoint ? Date.parse(checkpoint.madeAt) * 1000 : 0;
  return (unsigned > 0 || waiting > 0) && clock.utcUs() - signedUs > LATE_US;
}
