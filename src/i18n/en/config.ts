import type { FaultFacts } from '../../config/fault.ts';
import type { config as ko } from '../ko/config.ts';

const meant = (f: FaultFacts) => (f.meant === undefined ? '' : ` Did you mean "${f.meant}"?`);
const types: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map of keys and values',
  null: 'nothing',
};
const type = (name: string | number | undefined) => types[String(name)] ?? String(name);

export const config: typeof ko = {
  faults: {
    syntax: (f) => `This is not valid YAML: ${f.detail}`,
    missing: (f) => (f.key ? `"${f.key}" must be written.` : 'The file is empty.'),
    unknown_key: (f) => `"${f.key}" is not a known key.${meant(f)}`,
    wrong_type: (f) => `This must be ${type(f.expected)}, but it is ${type(f.found)}.`,
    not_one_of: (f) => `"${f.found}" is not possible here; it must be one of: ${f.choices}.${meant(f)}`,
    out_of_range: (f) =>
      f.minimum === undefined ? `This must be at most ${f.maximum}.` : `This must be at least ${f.minimum}.`,
    empty: () => 'This must not be empty.',
    too_long: (f) => `This is too long; at most ${f.maximum}.`,
    bad_site_id: (f) =>
      `"${f.value}" is not a site id: up to 32 lower-case letters, digits and hyphens, beginning with a letter or digit.`,
    bad_camera_id: (f) =>
      `"${f.value}" is not a camera id: up to 32 lower-case letters, digits and hyphens, beginning with a letter or digit.`,
    bad_purpose_id: (f) =>
      `"${f.value}" is not a purpose id: up to 32 capitals, digits and underscores, beginning with a capital.`,
    bad_time_zone: (f) => `"${f.value}" is not an IANA time zone, such as Asia/Seoul.`,
    bad_witness_url: () =>
      'the address of a witness is an http address without a path (e.g. http://192.168.10.5:8410).',
    bad_witness_key: () => 'that is not the key of a witness. Copy the line that `girok witness` shows.',
    bad_mail_address: (f) => `"${f.value}" is not a mail address, such as cctv@clinic.example.`,
    bad_mail_host: (f) => `"${f.value}" is not the name or address of a mail server.`,
    bad_time_of_day: (f) => `"${f.value}" is not a time of day, such as 08:00.`,
    bad_webhook_url: () =>
      'This is not a web address: http:// or https://, without user, password and fragment.',
    password_in_clear: () =>
      'Without TLS the password would cross the network in clear. Use tls: starttls or tls, or leave out "credential".',
    bad_origin: (f) =>
      `"${f.value}" is no address for passkeys; write https and a name, without a path, such as https://cctv.clinic.example.`,
    bad_address: (f) => `"${f.value}" is not an IP address, such as 192.168.10.2.`,
    bad_cidr: (f) => `"${f.value}" is not a network in CIDR form, such as 192.168.10.0/24.`,
    bad_size: (f) => `"${f.value}" is not a size, such as 20 GiB or 500 MB.`,
    kept_too_short: (f) =>
      f.record === 'rights'
        ? `Records of access rights must be kept for at least ${f.least} years (PIPC safety standard art. 5(3)).`
        : f.record === 'access'
          ? `The access log must be kept for at least ${f.least} year (PIPC safety standard art. 8(1); two with sensitive data or 50,000 people).`
          : `It must be kept for at least ${f.least} year.`,
    bad_day: (f) => `"${f.value}" is not a day, such as 2026-11-01.`,
    bad_reference: () =>
      'Secrets are not written here but referred to: file:PATH, systemd:NAME or, for a password, env:NAME.',
    bad_url: (f) =>
      f.use === 'rtsp'
        ? 'This is not a camera address: it must begin with rtsp:// or rtsps:// and have at most 512 bytes.'
        : 'This is not a camera address: it must begin with http:// or https:// and have at most 512 bytes.',
    credentials_in_url: () =>
      'A user or password must not be inside the address; refer to them under "credential".',
    outside_networks: (f) => `${f.address} is outside cameraNetworks (${f.networks}).`,
    duplicate_id: (f) => `"${f.id}" is already the id of ${f.first}.`,
    unknown_purpose: (f) => `"${f.id}" is not among the purposes.${meant(f)}`,
    one_source: () => 'Exactly one of onvif and rtsp must be written.',
    consent_missing: () =>
      'A non-public place needs "consent": which consent the recording rests on and where it is kept (PIPA art. 15).',
    consent_not_applicable: () => '"consent" belongs to non-public places only.',
    confirmation_not_applicable: () => 'basis, confirmedBy and confirmedAt belong to operating rooms only.',
  },
  sound: (f) => `"${f.path}" has no faults; ${f.cameras} cameras.`,
  warnings: {
    operating_room_unconfirmed: (f) =>
      `${f.camera}: recording an operating room continuously needs basis, confirmedBy and confirmedAt under 의료법 §38의2 (Medical Service Act); until then it is not pulled.`,
    operating_room_continuous: (f) =>
      `${f.camera}: an operating room is recorded continuously, while 의료법 §38의2 (Medical Service Act) allows filming per operation on request; consider on_request.`,
  },
};
