import { createAlarmRows } from '../../db/site/alarm-rows.ts';
import { lastCertificate } from '../../ledger/certificates.ts';
import { signHeartbeat } from '../../ledger/heartbeat.ts';
import type { WitnessClient } from '../../ledger/witness-client.ts';
import { severityOf } from '../../stewardship/alarm-severity.ts';
import type { Duty } from '../../stewardship/schedule.ts';
import type { StewardParts } from './parts.ts';

const EVERY_MS = 5 * 60_000;

/** Tells the witness when the last certificate of erasing was, so that its absence is noticed elsewhere. */
export function heartbeatDuty(
  { db, clock, ledger: { rows }, identity }: StewardParts,
  witness: WitnessClient,
): Duty {
  const book = createAlarmRows(db);
  return {
    name: 'heartbeat',
    when: { everyMs: EVERY_MS },
    atStart: true,
    async run() {
      const certificate = lastCertificate(rows);
      const serious = book.standing().filter(({ alarm }) => severityOf(alarm) === 'serious').length;
      const heartbeat = {
        origin: identity.origin,
        atUs: clock.utcUs(),
        serious,
        ...(certificate && { certificate }),
      };
      const status = await witness.heartbeat(
        signHeartbeat(heartbeat, identity.key, identity.signing.privateKey),
      );
      // A witness that is away is an alarm of its own.
      if (status === undefined || status === 200) return;
      throw Object.assign(new Error('the witness does not take the heartbeat'), { code: `HTTP ${status}` });
    },
  };
}
