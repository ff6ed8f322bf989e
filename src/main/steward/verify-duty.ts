import { join } from 'node:path';
import { keepVerified } from '../../ledger/last-verified.ts';
import { parseVkey } from '../../ledger/note.ts';
import { verifyInThread } from '../../ledger/verify-in-thread.ts';
import { verifyTask } from '../../ledger/verify-task.ts';
import { isoFromUs } from '../../lib/clock.ts';
import type { Duty } from '../../stewardship/schedule.ts';
import type { StewardParts } from './parts.ts';

const EVERY_MS = 3_600_000;

/**
 * The whole ledger is verified again and again, from its first entry on: about ten seconds of a thread for a million
 * entries, and nobody waits for it. What came of it is kept for whoever shows it.
 */
export function verifyDuty({ config, folders, identity, clock, alarms, log }: StewardParts): Duty {
  const witness = config.ledger.witness && parseVkey(config.ledger.witness.key);
  return {
    name: 'verify',
    when: { everyMs: EVERY_MS },
    atStart: true,
    async run(signal) {
      const task = await verifyTask({
        path: folders.site,
        log: identity.key,
        witnesses: witness ? [witness] : [],
        kept: [join(folders.keysMirror, 'ledger-checkpoint'), folders.seenElsewhere],
      });
      // Whoever stops the steward waits for no thread that only reads.
      const verified = await verifyInThread(
        { ...task, isPatient: true },
        { clock, signal, stopsWithinMs: 0 },
      );
      if (!verified) return;
      const { verdict, findings } = verified;
      const { entries, fault } = verdict;
      if (fault) alarms.raise('ledger_unsound', '', { fault: fault.code, entry: fault.from });
      else alarms.clear('ledger_unsound', '');
      const { serious } = findings.counts;
      log[fault ? 'error' : 'info']('ledger.verified', { entries, sound: !fault, serious });
      await keepVerified(folders.lastVerified, {
        at: isoFromUs(clock.utcUs()),
        entries,
        sound: !fault,
        serious,
      });
    },
  };
}
