import type { Action } from '../access/actions.ts';
import { decide, type Principal, type Refusal, type Right, type ZoneClass } from '../access/policy.ts';
import type { Config } from '../config/config.ts';
import type { GrantRow } from '../db/site/viewing-rows.ts';

/** A camera as far as viewing asks of it. */
interface ViewedCamera {
  readonly id: string;
  readonly zone: ZoneClass;
  /** What it is installed for. */
  readonly purposes: readonly string[];
}

/** What may be looked at for which reason, as cameras.yml says it. */
export interface ViewingRules {
  readonly purposes: ReadonlySet<string>;
  /** Undefined for a camera that is not configured (any more): nobody knows what it was installed for. */
  camera(id: string): ViewedCamera | undefined;
}

export function viewingRules({ purposes, cameras }: Pick<Config, 'purposes' | 'cameras'>): ViewingRules {
  const known = new Map(
    cameras.map(({ id, zone, purposes: installed }) => [
      id as string,
      { id, zone: zone.class, purposes: installed },
    ]),
  );
  return { purposes: new Set(purposes.map(({ id }) => id)), camera: (id) => known.get(id) };
}

/** Who may see what, why and until when. Instants: µs UTC. */
export interface Grant extends Omit<GrantRow, 'cameras'> {
  readonly cameras: readonly string[];
}

export const grantOf = (row: GrantRow): Grant => ({ ...row, cameras: JSON.parse(row.cameras) as string[] });

/** Why footage is not shown, in the words of the ledger. */
export type ViewingRefusal =
  | 'no_right'
  | 'beyond_look_back'
  | 'out_of_purpose'
  | 'operating_room'
  | 'not_approved'
  | 'revoked'
  | 'expired';

/** What is about to be allowed, or is allowed already. */
export type Allowance = Pick<
  Grant,
  'id' | 'account' | 'kind' | 'purpose' | 'cameras' | 'fromUs' | 'toUs' | 'basis'
> & {
  readonly state: Grant['state'];
  readonly madeUs: number | null;
  readonly untilUs: number | null;
};

/**
 * Whether this person may look at this camera at this moment on the strength of this grant. Pure; asked before the
 * first byte and again every few seconds. What an officer or the night without one allows is a right for as long as
 * it lasts: the same policy decides, so that no grant shows what no right could.
 *
 * @returns undefined when nothing speaks against it
 */
export function refusalOf(
  principal: Principal,
  grant: Allowance,
  cameras: readonly string[],
  rules: ViewingRules,
  nowUs: number,
): ViewingRefusal | undefined {
  const { account, basis, fromUs, kind, madeUs, purpose, state, toUs, untilUs } = grant;
  if (principal.account !== account) return 'no_right';
  if (state === 'refused' || state === 'revoked') return 'revoked';
  if (state !== 'made' || madeUs === null || untilUs === null) return 'not_approved';
  if (nowUs >= untilUs) return 'expired';
  const action: Extract<Action, 'playback' | 'live'> = kind === 'recorded' ? 'playback' : 'live';
  // What was young enough when it was granted does not slip away while it is watched.
  const agedUs = nowUs - madeUs;
  const range =
    fromUs === null || toUs === null ? undefined : { fromUs: fromUs + agedUs, toUs: toUs + agedUs };
  const lent: Right = {
    id: grant.id,
    actions: [action],
    cameras: grant.cameras,
    fromUs: madeUs,
    untilUs,
  };
  const asked = basis === 'right' ? principal : { ...principal, rights: [...principal.rights, lent] };
  for (const id of cameras) {
    const camera = rules.camera(id);
    if (!camera) return 'out_of_purpose';
    if (!grant.cameras.includes(id)) return 'no_right';
    const answer = decide(asked, { action, camera, range }, nowUs);
    if (!answer.allowed && answer.why === 'operating_room') return 'operating_room';
    if (!rules.purposes.has(purpose) || !camera.purposes.includes(purpose)) return 'out_of_purpose';
    if (!answer.allowed) return WORD[answer.why];
  }
  return undefined;
}

const WORD: Readonly<Record<Refusal, ViewingRefusal>> = {
  session_over: 'expired',
  account_suspended: 'revoked',
  account_closed: 'revoked',
  password_to_be_changed: 'no_right',
  second_factor_needed: 'no_right',
  not_of_role: 'no_right',
  prohibited_place: 'no_right',
  operating_room: 'operating_room',
  no_right: 'no_right',
  right_not_begun: 'no_right',
  right_over: 'expired',
  beyond_look_back: 'beyond_look_back',
  proof_needed: 'no_right',
};
