import { GirokError } from '../lib/errors.ts';

/** What is wrong with one place of cameras.yml. `i18n/{ko,en}/config.ts` has the sentence and remedy of each kind. */
export type FaultKind =
  | 'syntax'
  | 'missing'
  | 'unknown_key'
  | 'wrong_type'
  | 'not_one_of'
  | 'out_of_range'
  | 'empty'
  | 'too_long'
  | 'bad_site_id'
  | 'bad_camera_id'
  | 'bad_purpose_id'
  | 'bad_time_zone'
  | 'bad_cidr'
  | 'bad_address'
  | 'bad_origin'
  | 'bad_witness_url'
  | 'bad_witness_key'
  | 'bad_mail_address'
  | 'bad_mail_host'
  | 'bad_time_of_day'
  | 'bad_webhook_url'
  | 'password_in_clear'
  | 'bad_size'
  | 'kept_too_short'
  | 'bad_day'
  | 'bad_reference'
  | 'bad_url'
  | 'credentials_in_url'
  | 'outside_networks'
  | 'duplicate_id'
  | 'unknown_purpose'
  | 'one_source'
  | 'consent_missing'
  | 'consent_not_applicable'
  | 'confirmation_not_applicable';

export type FaultFacts = Readonly<Record<string, string | number | undefined>>;

export interface Fault {
  /** As given on the command line or found: the file's name, for the `file:line:column` prefix. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1, in characters. */
  readonly column: number;
  /** `cameras[3].source.onvif`; empty for the whole file. */
  readonly path: string;
  readonly kind: FaultKind;
  readonly facts: FaultFacts;
}

/** Everything that is wrong with one file, in the order of the file. */
export class ConfigFaulty extends GirokError {
  readonly faults: readonly Fault[];

  constructor(file: string, faults: readonly Fault[]) {
    super('config_faulty', { path: file, faults: faults.length });
    this.name = 'ConfigFaulty';
    this.faults = faults;
  }
}
