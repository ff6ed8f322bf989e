/**
 * The closed set of things that go wrong in a way a person must act on. Each code has one sentence with its
 * remedy in `i18n/` (Korean and English); the facts fill that sentence and go to the log.
 */
export type ErrorCode =
  // configuration and command line
  | 'config_unreadable'
  | 'config_faulty'
  | 'usage'
  | 'unknown_camera'
  | 'credential_missing'
  | 'credential_exposed'
  // storage
  | 'storage_missing'
  | 'storage_unmarked'
  | 'storage_foreign'
  | 'storage_readonly'
  | 'storage_in_use'
  | 'database_newer'
  | 'database_damaged'
  | 'root_key_missing'
  | 'root_key_wrong'
  | 'epoch_lost'
  | 'key_missing'
  | 'hold_busy'
  | 'hold_unknown'
  | 'hold_refused'
  | 'hold_changed'
  | 'task_unknown'
  | 'task_refused'
  | 'item_refused'
  | 'run_unknown'
  | 'keyring_damaged'
  | 'keyring_outdated'
  | 'purge_journal_damaged'
  | 'segment_damaged'
  | 'segment_unreadable'
  | 'ledger_missing'
  | 'ledger_damaged'
  | 'ledger_unreadable'
  | 'ledger_unwritable'
  | 'storage_full'
  | 'file_exists'
  | 'file_unwritable'
  // backup and restore
  | 'backup_unknown'
  | 'backup_newer'
  | 'backup_damaged'
  | 'backup_foreign'
  | 'backup_place_missing'
  | 'backup_no_room'
  | 'backup_busy'
  | 'restore_unfinished'
  | 'restore_while_running'
  // cameras and media
  | 'camera_outside_networks'
  | 'camera_url_refused'
  | 'camera_unreachable'
  | 'camera_login_refused'
  | 'camera_reply_refused'
  | 'camera_no_stream'
  | 'camera_search_busy'
  | 'codec_not_live'
  | 'live_unavailable'
  | 'live_busy'
  | 'ffmpeg_missing'
  | 'prlimit_missing'
  // people
  | 'sign_in_refused'
  | 'sign_in_locked'
  | 'sign_in_busy'
  | 'address_refused'
  | 'account_suspended'
  | 'account_closed'
  | 'factor_refused'
  | 'proof_refused'
  | 'password_refused'
  | 'account_unknown'
  | 'account_refused'
  | 'right_unknown'
  | 'right_refused'
  | 'first_code_refused'
  | 'passkeys_off'
  | 'kiosk_not_masked'
  | 'kiosk_busy'
  | 'kiosk_code_refused'
  | 'kiosk_unknown'
  // operation
  | 'port_in_use'
  | 'http_in_clear'
  | 'tls_unreadable'
  // requests to the web server
  | 'request_malformed'
  | 'request_unknown'
  | 'request_method'
  | 'request_too_slow'
  | 'request_too_large'
  | 'request_type'
  | 'request_no_socket'
  | 'request_wrong_host'
  | 'request_in_clear'
  | 'request_cross_site'
  | 'too_many_requests'
  | 'not_signed_in'
  | 'not_allowed'
  | 'monitoring_refused'
  | 'alarm_unknown'
  | 'alarm_over'
  | 'view_not_watched'
  | 'view_not_acceptable'
  | 'entry_unknown'
  | 'entry_unsigned'
  | 'export_too_long'
  | 'verification_busy'
  | 'recorder_not_running'
  // viewing
  | 'viewing_input'
  | 'viewing_unknown'
  | 'viewing_over'
  | 'viewing_refused'
  | 'viewing_unrecorded'
  | 'footage_missing'
  | 'footage_unplayable'
  | 'playback_busy'
  | 'internal';

export type Facts = Readonly<Record<string, string | number | boolean | undefined>>;

/** Never put a secret, a credential or a URL with user info into `facts`: they are logged and shown. */
export class GirokError extends Error {
  readonly code: ErrorCode;
  readonly facts: Facts;

  constructor(code: ErrorCode, facts: Facts = {}, options?: { cause?: unknown }) {
    super(code + describe(facts), options);
    this.name = 'GirokError';
    this.code = code;
    this.facts = facts;
  }
}

export const isGirokError = (error: unknown, code?: ErrorCode): error is GirokError =>
  error instanceof GirokError && (code === undefined || error.code === code);

/** The system's error code (`ENOSPC`, `EIO`, …) if this is a system error. */
export function systemCode(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : undefined;
}

function describe(facts: Facts): string {
  const parts = Object.entries(facts)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `${key}=${value}`);
  return parts.length ? ` (${parts.join(', ')})` : '';
}
