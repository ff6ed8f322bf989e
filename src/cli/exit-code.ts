import type { ErrorCode } from '../lib/errors.ts';

/** What a command's exit code means; printed in its help (`i18n/{ko,en}/cli.ts`, `exit`). */
export const EXIT = {
  ok: 0,
  failure: 1,
  usage: 2,
  configuration: 3,
  storage: 4,
  camera: 5,
  notRunning: 6,
  findings: 7,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** The one place where errors become exit codes. */
export const EXIT_OF_ERROR: Readonly<Record<ErrorCode, ExitCode>> = {
  config_unreadable: EXIT.configuration,
  config_faulty: EXIT.configuration,
  usage: EXIT.usage,
  unknown_camera: EXIT.usage,
  credential_missing: EXIT.configuration,
  credential_exposed: EXIT.configuration,
  storage_missing: EXIT.storage,
  storage_unmarked: EXIT.storage,
  storage_foreign: EXIT.storage,
  storage_readonly: EXIT.storage,
  storage_in_use: EXIT.storage,
  database_newer: EXIT.storage,
  database_damaged: EXIT.storage,
  root_key_missing: EXIT.storage,
  root_key_wrong: EXIT.storage,
  epoch_lost: EXIT.storage,
  key_missing: EXIT.storage,
  keyring_damaged: EXIT.storage,
  segment_damaged: EXIT.storage,
  segment_unreadable: EXIT.storage,
  ledger_missing: EXIT.notRunning,
  ledger_damaged: EXIT.storage,
  ledger_lost: EXIT.storage,
  file_exists: EXIT.failure,
  file_unwritable: EXIT.failure,
  camera_outside_networks: EXIT.camera,
  camera_url_refused: EXIT.camera,
  camera_unreachable: EXIT.camera,
  camera_login_refused: EXIT.camera,
  camera_reply_refused: EXIT.camera,
  camera_no_stream: EXIT.camera,
  ffmpeg_missing: EXIT.failure,
  prlimit_missing: EXIT.failure,
  port_in_use: EXIT.configuration,
  recorder_not_running: EXIT.notRunning,
  internal: EXIT.failure,
};
