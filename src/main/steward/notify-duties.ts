import type { WitnessClient } from '../../ledger/witness-client.ts';
import type { Duty } from '../../stewardship/schedule.ts';
import { dailyMailDuty } from './daily-mail-duty.ts';
import { heartbeatDuty } from './heartbeat-duty.ts';
import { mailerOf, notifyDuty } from './notify-duty.ts';
import { overdueDuty } from './overdue-duty.ts';
import type { StewardParts } from './parts.ts';

/** What is looked after so that a person hears of it, here and elsewhere. */
export function notifyDuties(parts: StewardParts, witness: WitnessClient | undefined): Duty[] {
  const { mail } = parts.config.notify;
  const mailer = mailerOf(parts);
  return [
    overdueDuty(parts),
    notifyDuty(parts),
    ...(mail && mailer ? [dailyMailDuty(parts, mailer, mail.dailyAt)] : []),
    ...(witness ? [heartbeatDuty(parts, witness)] : []),
  ];
}
