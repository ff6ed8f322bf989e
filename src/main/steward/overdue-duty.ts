import { createViewingRows } from '../../db/site/viewing-rows.ts';
import { lastCertificate } from '../../ledger/certificates.ts';
import { readBody } from '../../ledger/entry.ts';
import { DAY_US, isoFromUs, MINUTE_US } from '../../lib/clock.ts';
import { isGirokError } from '../../lib/errors.ts';
import { readRecorderStatus } from '../../live/recorder-client.ts';
import { createWatch, SILENT_US, UNCERTIFIED_US } from '../../stewardship/dead-man.ts';
import type { Duty } from '../../stewardship/schedule.ts';
import type { StewardParts } from './parts.ts';

const EVERY_MS = 30_000;
/** It is started anew within seconds, and an upgrade takes less than this. */
const RECORDER_AWAY_US = 2 * MINUTE_US;
/** Officer or auditor look at what was opened without an approval. */
const REVIEWED_WITHIN_US = DAY_US;

/**
 * Whether the recorder answers, checkpoints and certificates of erasing come as they should, and break-glass has been
 * reviewed, as long as anybody here is alive to say so.
 */
export function overdueDuty({ clock, db, ledger: { rows }, alarms, folders }: StewardParts): Duty {
  const viewings = createViewingRows(db);
  const certified = createWatch(clock);
  const signed = createWatch(clock);
  const recording = createWatch(clock);
  /** Everything is signed, or what is not is young; while the ledger is blocked or stopped nothing is well. */
  const lookAtSigning = () => {
    const last = rows.lastCheckpoint();
    const first = rows.entry(last?.size ?? 0);
    const isStopped = alarms
      .standing()
      .some(({ code }) => code === 'ledger_blocked' || code === 'ledger_incident');
    if (!first && !isStopped) signed.well();
    else if (first) signed.well(Date.parse(readBody(first.body).committedAt) * 1000);
    if (signed.isOver(SILENT_US))
      alarms.raise('checkpoint_overdue', '', last ? { last: isoFromUs(last.madeUs) } : {});
    else alarms.clear('checkpoint_overdue', '');
  };
  const lookAtBreakGlass = () => {
    const late = viewings.unreviewed().filter(({ askedUs }) => clock.utcUs() - askedUs > REVIEWED_WITHIN_US);
    for (const { id } of late) alarms.raise('breakglass_unreviewed', id);
    for (const { code, subject } of alarms.standing())
      if (code === 'breakglass_unreviewed' && !late.some(({ id }) => id === subject))
        alarms.clear(code, subject);
  };
  const lookAtErasing = () => {
    const last = lastCertificate(rows);
    certified.well(last?.atUs ?? rows.log()?.begunUs);
    if (certified.isOver(UNCERTIFIED_US))
      alarms.raise('purge_overdue', '', last ? { last: isoFromUs(last.atUs) } : {});
    else alarms.clear('purge_overdue', '');
  };
  const lookAtRecording = async () => {
    try {
      await readRecorderStatus(folders.socket);
      recording.well();
    } catch (error) {
      // Whatever keeps it from answering: what counts is for how long.
      if (!isGirokError(error)) throw error;
    }
    if (recording.isOver(RECORDER_AWAY_US)) alarms.raise('recorder_down', '');
    else alarms.clear('recorder_down', '');
  };
  return {
    name: 'overdue',
    when: { everyMs: EVERY_MS },
    atStart: true,
    async run() {
      lookAtSigning();
      lookAtErasing();
      lookAtBreakGlass();
      await lookAtRecording();
    },
  };
}
