import type { RecordClass } from '../contract/record-classes.ts';
import type { Bilingual, Language } from '../i18n/language.ts';
import type { CameraId } from '../lib/ids.ts';

/**
 * cameras.yml after checking: defaults filled in, paths absolute, sizes in bytes. The file itself is the
 * reference of what each key means.
 */
export interface Config {
  /** Absolute path of the file it was read from. */
  readonly file: string;
  readonly site: SiteConfig;
  readonly retention: RetentionConfig;
  readonly records: RecordsConfig;
  readonly storage: StorageConfig;
  readonly purposes: readonly PurposeConfig[];
  readonly manager: ManagerConfig;
  /** CIDR ranges; no camera outside them is ever contacted. */
  readonly cameraNetworks: readonly string[];
  readonly recorder: RecorderConfig;
  readonly http: HttpConfig;
  readonly access: AccessConfig;
  readonly ledger: LedgerConfig;
  readonly backup: BackupConfig;
  readonly notify: NotifyConfig;
  readonly simulatedSite: SimulatedSiteConfig;
  /** In the order of the file; ids are unique. */
  readonly cameras: readonly CameraConfig[];
}

export interface SiteConfig {
  /** Marks the site's volumes; never changes, unlike the name. */
  readonly id: string;
  readonly name: Bilingual;
  /** IANA name; decides what a day is. */
  readonly timeZone: string;
  readonly language: Language;
}

export interface RetentionConfig {
  /** Full days kept: footage of local day D is due at the first instant of D + days + 1. */
  readonly days: number;
}

/** For how many years the personal texts of the ledger can be opened, by the class of record. */
export type RecordsConfig = Readonly<Record<`${RecordClass}Years`, number>>;

export interface StorageConfig {
  readonly folder: string;
  /** Never filled beyond this; recording stops with an alarm before it. */
  readonly reserveBytes: number;
  readonly keys: {
    readonly root: SecretReference;
    /** Folder of the keyring's second copy. */
    readonly mirror: string;
  };
}

/** Where a secret is kept; the secret itself is never in the configuration. */
export type SecretReference =
  | { readonly kind: 'env'; readonly name: string }
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'systemd'; readonly name: string };

export interface PurposeConfig {
  readonly id: string;
  readonly ko: string;
  readonly en: string;
}

/** 관리책임자: printed on signs, notices and the policy. */
export interface ManagerConfig {
  readonly name: Bilingual;
  readonly title: Bilingual;
  readonly department: Bilingual;
  readonly phone: string;
  readonly email: string;
  readonly fax?: string;
}

export interface RecorderConfig {
  /** All cameras together. */
  readonly connectsPerSecond: number;
  readonly segmentSeconds: number;
}

export interface HttpConfig {
  readonly host: string;
  readonly port: number;
  /** PEM files. Absent: in clear, on this machine alone or behind a proxy. */
  readonly tls?: { readonly cert: string; readonly key: string };
  /** Addresses of the proxies in front, which speak TLS instead. */
  readonly behindProxy?: readonly string[];
  /** The token with which others than this machine may read health and metrics. */
  readonly monitor?: SecretReference;
}

/** Who may sign in, from where, and for how long. */
export interface AccessConfig {
  /** CIDR ranges of the site itself; from anywhere else everybody needs a second factor. */
  readonly networks: readonly string[];
  /** CIDR ranges that anybody may sign in from at all. */
  readonly allow: readonly string[];
  /** Under which the pages open, e.g. `https://cctv.clinic.example`; without it there are no passkeys. */
  readonly origin?: string;
  readonly idleMinutes: number;
  readonly sessionHours: number;
  /** An account that nobody used for so long suspends itself. */
  readonly unusedDays: number;
  /** Failures until signing in is shut for a while. */
  readonly lockAfter: number;
  readonly password: PasswordRules;
}

export interface PasswordRules {
  /** Characters, where the password is all that there is. */
  readonly length: number;
  readonly lengthWithFactor: number;
  /** Kinds of characters (capitals, small letters, digits, others) that must be in it; 1: no such rule. */
  readonly classes: number;
}

export interface LedgerConfig {
  readonly witness?: {
    /** Scheme, host and port. */
    readonly url: string;
    /** NAME+ID+KEY, as the witness shows it. */
    readonly key: string;
  };
}

/** Who is told of alarms, and how. */
export interface NotifyConfig {
  readonly language: Language;
  readonly mail?: MailConfig;
  readonly webhook?: {
    readonly url: string;
    /** Key of the signature (HMAC-SHA256); without one nothing is signed. */
    readonly secret?: SecretReference;
  };
}

export interface MailConfig {
  readonly host: string;
  readonly port: number;
  readonly tls: 'starttls' | 'tls' | 'none';
  readonly from: string;
  readonly to: readonly string[];
  readonly credential?: CredentialConfig;
  /** `HH:MM` in the site's time: when the daily mail goes out, whose absence says that something is wrong. */
  readonly dailyAt: string;
}

export interface BackupConfig {
  readonly folder: string;
  /** Days of which a backup is kept. */
  readonly keep: number;
}

export interface SimulatedSiteConfig {
  readonly enabled: boolean;
  /** Cameras served, from 127.0.0.101 upwards. */
  readonly cameras: number;
  readonly user: string;
  readonly password: SecretReference;
}

export interface CameraConfig {
  readonly id: CameraId;
  readonly name: Bilingual;
  readonly place: Bilingual;
  readonly coverage: Bilingual;
  readonly zone: ZoneConfig;
  /** Ids of {@link PurposeConfig}; at least one. */
  readonly purposes: readonly string[];
  readonly source: SourceConfig;
  readonly record: 'main+sub' | 'main';
  readonly recording: 'continuous' | 'on_request';
  readonly enabled: boolean;
  /** Operating rooms on `continuous` only; absent unless all three were written. */
  readonly confirmation?: ContinuousConfirmation;
}

export type ZoneClass = 'public' | 'non_public' | 'operating_room' | 'prohibited';

export interface ZoneConfig {
  readonly class: ZoneClass;
  /** Non-public places: on which consent the recording rests (PIPA §15①) and where it is kept. */
  readonly consent?: string;
}

export interface ContinuousConfirmation {
  readonly basis: string;
  readonly confirmedBy: string;
  /** Calendar day, `YYYY-MM-DD`. */
  readonly confirmedAt: string;
}

export type SourceConfig = OnvifSourceConfig | RtspSourceConfig;

interface PullConfig {
  readonly credential?: CredentialConfig;
  /** `auto`: our own RTSP client, and ffmpeg for what it cannot speak. */
  readonly client: 'auto' | 'rtsp' | 'ffmpeg';
  /** `auto`: TCP, and UDP where the camera insists on it. */
  readonly transport: 'auto' | 'tcp' | 'udp';
}

export interface OnvifSourceConfig extends PullConfig {
  readonly kind: 'onvif';
  /** Address of the device service, without user info. */
  readonly deviceUrl: string;
}

export interface RtspSourceConfig extends PullConfig {
  readonly kind: 'rtsp';
  readonly mainUrl: string;
  readonly subUrl?: string;
}

export interface CredentialConfig {
  readonly user: string;
  readonly password: SecretReference;
}
