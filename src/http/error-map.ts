import type { z } from 'zod';
import type { errorAnswerSchema } from '../contract/errors.ts';
import type { Language } from '../i18n/language.ts';
import { sentencesIn } from '../i18n/sentences.ts';
import { type ErrorCode, GirokError, systemCode } from '../lib/errors.ts';

/** What an error is called by HTTP where it is the caller's, or the moment's. */
const STATUS_OF_ERROR: Partial<Readonly<Record<ErrorCode, number>>> = {
  request_malformed: 400,
  password_refused: 400,
  viewing_input: 400,
  camera_outside_networks: 400,
  camera_url_refused: 400,
  not_signed_in: 401,
  sign_in_refused: 401,
  factor_refused: 401,
  proof_refused: 401,
  first_code_refused: 401,
  kiosk_code_refused: 401,
  account_suspended: 403,
  account_closed: 403,
  address_refused: 403,
  monitoring_refused: 403,
  not_allowed: 403,
  request_cross_site: 403,
  request_in_clear: 403,
  viewing_refused: 403,
  account_unknown: 404,
  alarm_unknown: 404,
  entry_unknown: 404,
  footage_missing: 404,
  hold_unknown: 404,
  run_unknown: 404,
  task_unknown: 404,
  kiosk_unknown: 404,
  request_unknown: 404,
  right_unknown: 404,
  unknown_camera: 404,
  viewing_unknown: 404,
  request_method: 405,
  request_too_slow: 408,
  account_refused: 409,
  alarm_over: 409,
  view_not_watched: 409,
  view_not_acceptable: 409,
  camera_search_busy: 409,
  entry_unsigned: 409,
  export_too_long: 409,
  verification_busy: 409,
  codec_not_live: 409,
  hold_busy: 409,
  hold_changed: 409,
  hold_refused: 409,
  item_refused: 409,
  task_refused: 409,
  kiosk_busy: 409,
  kiosk_not_masked: 409,
  passkeys_off: 409,
  right_refused: 409,
  key_missing: 410,
  viewing_over: 410,
  request_too_large: 413,
  request_type: 415,
  request_no_socket: 426,
  request_wrong_host: 421,
  footage_unplayable: 422,
  sign_in_busy: 429,
  sign_in_locked: 429,
  too_many_requests: 429,
  internal: 500,
};
/** Their sentence says which of a closed set it was; a screen needs it as a word. */
const SAYS_WHY: ReadonlySet<ErrorCode> = new Set([
  'not_allowed',
  'password_refused',
  'account_refused',
  'right_refused',
  'viewing_refused',
  'hold_refused',
  'task_refused',
  'item_refused',
  'view_not_acceptable',
]);
/** Of somebody who is signed in, about what they may not: they may ask somebody why. */
const REFUSALS: ReadonlySet<ErrorCode> = new Set(['not_allowed', 'viewing_refused']);
export const isRefusal = ({ code }: GirokError): boolean => REFUSALS.has(code);
const SAYS_WHEN: ReadonlySet<ErrorCode> = new Set(['sign_in_locked', 'too_many_requests']);
/** Everything else: something of ours is away, busy or damaged, whatever was asked. */
const NOT_NOW = 503;

/** What goes out when something went wrong: never a stack, a path or anybody's words but ours. */
export interface ErrorAnswer {
  readonly status: number;
  readonly body: z.infer<typeof errorAnswerSchema>;
}

/** @param error anything that was thrown; what is no error of ours and no fault of the request is `internal` */
export function errorAnswer(error: unknown, language: Language): ErrorAnswer {
  const known = knownError(error);
  const status = STATUS_OF_ERROR[known.code] ?? NOT_NOW;
  // Where something of ours is broken, the sentence's facts are paths and the system's words: for the log alone.
  const facts = status >= 500 ? {} : known.facts;
  const { why, seconds } = facts;
  return {
    status,
    body: {
      error: known.code,
      message: sentencesIn(language).errors[known.code](facts),
      ...(SAYS_WHY.has(known.code) && typeof why === 'string' && { why }),
      ...(SAYS_WHEN.has(known.code) && typeof seconds === 'number' && { seconds: Math.ceil(seconds) }),
    },
  };
}

const DISK_IS_FULL: ReadonlySet<string> = new Set(['SQLITE_FULL', 'ENOSPC', 'EDQUOT']);
/** The database cannot be written: held by another process, on a disk that fails, or on one that went read-only. */
const IS_SHUT = /^SQLITE_(BUSY|IOERR|READONLY)/;

/** What the system said when something could not be written: then nothing has happened, and that can be said. */
function unwritten(error: unknown): GirokError | undefined {
  const code = systemCode(error) ?? '';
  if (DISK_IS_FULL.has(code)) return new GirokError('storage_full', { system: code }, { cause: error });
  if (IS_SHUT.test(code)) return new GirokError('ledger_unwritable', { system: code }, { cause: error });
  return undefined;
}

/** Fastify's own refusals, by the status that they carry, as ours. */
export function knownError(error: unknown): GirokError {
  if (error instanceof GirokError) return error;
  const shut = unwritten(error);
  if (shut) return shut;
  const { statusCode } = (error ?? {}) as { statusCode?: unknown };
  switch (statusCode) {
    case 404:
      return new GirokError('request_unknown', {}, { cause: error });
    case 408:
      return new GirokError('request_too_slow', {}, { cause: error });
    case 413:
    case 414:
    case 431:
      return new GirokError('request_too_large', {}, { cause: error });
    case 415:
      return new GirokError('request_type', {}, { cause: error });
    default:
      if (typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500)
        return new GirokError('request_malformed', {}, { cause: error });
      return new GirokError('internal', {}, { cause: error });
  }
}
