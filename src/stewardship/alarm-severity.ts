import type { AlarmCode } from './alarms.ts';

/**
 * `serious`: footage or its proof is being lost, or the law is about to be broken; told again each day until somebody
 * takes note. `warning`: told once. `note`: only shown, and told with the daily mail.
 */
export type Severity = 'serious' | 'warning' | 'note';

export const ALARM_SEVERITY: Readonly<Record<AlarmCode, Severity>> = {
  camera_not_recording: 'serious',
  camera_not_pulled: 'warning',
  camera_clock_off: 'warning',
  camera_key_frames_rare: 'note',
  camera_view_changed: 'warning',
  camera_view_unchecked: 'warning',
  camera_covered: 'serious',
  operating_room_continuous: 'note',
  disk_full: 'serious',
  disk_failing: 'serious',
  retention_at_risk: 'warning',
  catalogue_blocked: 'warning',
  spool_blocked: 'serious',
  keyring_unmirrored: 'warning',
  clock_unsynchronised: 'warning',
  config_rejected: 'warning',
  vault_findings: 'serious',
  ledger_blocked: 'serious',
  ledger_unmirrored: 'warning',
  ledger_incident: 'serious',
  ledger_unsound: 'serious',
  spool_refused: 'serious',
  witness_silent: 'warning',
  duty_failed: 'warning',
  recorder_down: 'serious',
  purge_overdue: 'serious',
  checkpoint_overdue: 'serious',
  erasing_overdue: 'serious',
  erasing_incomplete: 'serious',
  erasing_waits: 'serious',
  notify_failing: 'warning',
  task_overdue: 'warning',
  erasing_not_in_order: 'serious',
  item_overdue: 'warning',
  account_waits: 'warning',
  incident_reported: 'serious',
  hold_unfinished: 'serious',
  hold_review_overdue: 'warning',
  hold_ending_soon: 'warning',
  viewing_unrecorded: 'serious',
  breakglass_opened: 'serious',
  breakglass_unreviewed: 'serious',
};

/** Of an alarm that a newer program has left behind: better told once too often. */
export const severityOf = (alarm: string): Severity =>
  Object.hasOwn(ALARM_SEVERITY, alarm) ? ALARM_SEVERITY[alarm as AlarmCode] : 'serious';

/** Only shown, and in the daily mail. */
export const NOTES: readonly string[] = Object.entries(ALARM_SEVERITY).flatMap(([alarm, severity]) =>
  severity === 'note' ? [alarm] : [],
);
