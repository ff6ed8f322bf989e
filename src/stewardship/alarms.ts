import type { Clock } from '../lib/clock.ts';
import type { Facts } from '../lib/errors.ts';

/** The closed set of conditions that need a person while they last. Sentences are in `i18n/`. */
export type AlarmCode =
  | 'camera_not_recording'
  | 'camera_not_pulled'
  | 'camera_clock_off'
  | 'camera_key_frames_rare'
  | 'camera_view_changed'
  | 'camera_covered'
  | 'camera_view_unchecked'
  | 'operating_room_continuous'
  | 'disk_full'
  | 'disk_failing'
  | 'retention_at_risk'
  | 'catalogue_blocked'
  | 'spool_blocked'
  | 'keyring_unmirrored'
  | 'clock_unsynchronised'
  | 'config_rejected'
  | 'vault_findings'
  | 'ledger_blocked'
  | 'ledger_unmirrored'
  | 'ledger_incident'
  | 'ledger_unsound'
  | 'spool_refused'
  | 'witness_silent'
  | 'duty_failed'
  | 'recorder_down'
  | 'purge_overdue'
  | 'checkpoint_overdue'
  | 'erasing_overdue'
  | 'erasing_incomplete'
  | 'erasing_waits'
  | 'notify_failing'
  | 'task_overdue'
  | 'erasing_not_in_order'
  | 'item_overdue'
  | 'account_waits'
  | 'incident_reported'
  | 'hold_unfinished'
  | 'hold_review_overdue'
  | 'hold_ending_soon'
  | 'viewing_unrecorded'
  | 'breakglass_opened'
  | 'breakglass_unreviewed';

export interface StandingAlarm {
  readonly code: AlarmCode;
  /** What it concerns: a camera id, a stream, or empty for the site. */
  readonly subject: string;
  readonly sinceUs: number;
  readonly facts: Facts;
}

export interface Alarms {
  /** Raises it or, where it stands already, refreshes its facts; `sinceUs` stays. */
  raise(code: AlarmCode, subject: string, facts?: Facts): void;
  /** Ends it; nothing happens where it does not stand. */
  clear(code: AlarmCode, subject: string): void;
  standing(): readonly StandingAlarm[];
}

export interface AlarmListener {
  raised(alarm: StandingAlarm): void;
  cleared(alarm: StandingAlarm): void;
}

/** Keeps the alarms of one process and tells the listener of each beginning and end. */
export function createAlarms(deps: { clock: Clock; listener: AlarmListener }): Alarms {
  const standing = new Map<string, StandingAlarm>();
  const keyOf = (code: AlarmCode, subject: string) => `${code} ${subject}`;
  return {
    raise(code, subject, facts = {}) {
      const key = keyOf(code, subject);
      const before = standing.get(key);
      const alarm = { code, subject, facts, sinceUs: before?.sinceUs ?? deps.clock.utcUs() };
      standing.set(key, alarm);
      if (!before) deps.listener.raised(alarm);
    },
    clear(code, subject) {
      const key = keyOf(code, subject);
      const alarm = standing.get(key);
      if (!alarm) return;
      standing.delete(key);
      deps.listener.cleared(alarm);
    },
    standing: () => [...standing.values()].sort((a, b) => a.sinceUs - b.sinceUs),
  };
}
