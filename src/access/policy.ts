import { MINUTE_US } from '../lib/clock.ts';
import {
  type Action,
  MOST,
  NEEDS_FACTOR,
  NEEDS_REAUTHENTICATION,
  OF_CAMERAS,
  OF_ROLE,
  type Role,
  type RoleFunction,
  SEEING,
} from './actions.ts';

/** A right as it stands. Instants: µs UTC. */
export interface Right {
  readonly id: string;
  readonly actions: readonly Action[];
  /** Ids of cameras; those that are not configured any more count like any other. */
  readonly cameras: readonly string[];
  /** How far back footage may be opened; absent: as far as there is any. */
  readonly lookBackUs?: number | undefined;
  readonly fromUs: number;
  readonly untilUs?: number | undefined;
}

/** Whoever asks, as they are at this moment. */
export interface Principal {
  readonly account: string;
  readonly role: Role;
  readonly state: 'active' | 'suspended' | 'closed';
  readonly rights: readonly Right[];
  readonly session: {
    readonly endsUs: number;
    /** A second factor was shown when it began. */
    readonly factor: boolean;
    /** It comes from none of the site's own networks. */
    readonly outside: boolean;
    /** The password still has to be changed: nothing else is open. */
    readonly mustChangePassword: boolean;
    /** When its person last proved themselves. */
    readonly provenUs: number;
  };
}

export type Question =
  | { readonly function: RoleFunction }
  | {
      readonly action: Exclude<
        Action,
        'playback' | 'live' | 'still' | 'export' | 'mask' | 'hold' | 'read_logs'
      >;
    }
  /** `takesOut`: as a file, which nobody here can take back. */
  | { readonly action: 'read_logs'; readonly takesOut?: true }
  | {
      readonly action: 'live' | 'playback' | 'still' | 'export' | 'mask' | 'hold';
      readonly camera: { readonly id: string; readonly zone: ZoneClass };
      /** The footage's own time; absent for live pictures, and for anything else all that there is. */
      readonly range?: { readonly fromUs: number; readonly toUs: number } | undefined;
    };

export type ZoneClass = 'public' | 'non_public' | 'operating_room' | 'prohibited';

/** In the order in which they are looked for; the first that applies is told. */
export const REFUSALS = [
  'session_over',
  'account_suspended',
  'account_closed',
  'password_to_be_changed',
  'second_factor_needed',
  'not_of_role',
  'operating_room',
  'prohibited_place',
  'no_right',
  'right_not_begun',
  'right_over',
  'beyond_look_back',
  'proof_needed',
] as const;
export type Refusal = (typeof REFUSALS)[number];

export type Answer =
  | { readonly allowed: true; readonly right?: string }
  /** `rights`: those that would have been about it, for whoever explains. */
  | { readonly allowed: false; readonly why: Refusal; readonly rights: readonly string[] };

/** A proof is good for so long. */
export const PROOF_GOOD_US = 5 * MINUTE_US;

/**
 * Whether this person may do that, and why not. Pure, and denies by default: only what a rule allows is allowed.
 * A right does not show footage by itself: for that a grant with a purpose is asked for besides (`viewing/gate`).
 */
export function decide(principal: Principal, question: Question, nowUs: number): Answer {
  const refused = (why: Refusal, rights: readonly Right[] = []): Answer => ({
    allowed: false,
    why,
    rights: rights.map(({ id }) => id),
  });
  const { role, session, state } = principal;
  // Whatever is compared here is compared so that what is no number allows nothing.
  if (!(nowUs < session.endsUs)) return refused('session_over');
  if (state === 'suspended') return refused('account_suspended');
  if (state !== 'active') return refused('account_closed');
  if ('function' in question && question.function === 'own_account' && OF_ROLE[role].includes('own_account'))
    return { allowed: true };
  if (session.mustChangePassword) return refused('password_to_be_changed');
  if (!session.factor && (session.outside || NEEDS_FACTOR.has(role))) return refused('second_factor_needed');
  if ('function' in question)
    return OF_ROLE[role].includes(question.function) ? { allowed: true } : refused('not_of_role');

  const { action } = question;
  if (!MOST[role].includes(action)) return refused('not_of_role');
  const camera = 'camera' in question ? question.camera : undefined;
  // Somebody must have gone round the types: no camera is named, so there is no right to it.
  if (!camera && OF_CAMERAS.has(action)) return refused('no_right');
  // No role has it by default, and no right can give it: only an approved release opens an operating room.
  if (camera?.zone === 'operating_room' && SEEING.has(action)) return refused('operating_room');
  // Nothing is recorded where people undress or wash; what a mistake has recorded nobody sees either (PIPA §25②).
  if (camera?.zone === 'prohibited' && SEEING.has(action)) return refused('prohibited_place');

  const about = principal.rights.filter(
    (right) => right.actions.includes(action) && (!camera || right.cameras.includes(camera.id)),
  );
  if (about.length === 0) return refused('no_right');
  const begun = about.filter(({ fromUs }) => fromUs <= nowUs);
  if (begun.length === 0) return refused('right_not_begun', about);
  const standing = begun.filter(({ untilUs }) => untilUs === undefined || nowUs < untilUs);
  if (standing.length === 0) return refused('right_over', begun);
  const sinceUs = 'camera' in question && question.range ? question.range.fromUs : -Infinity;
  const reaching = standing.filter(
    ({ lookBackUs }) =>
      lookBackUs === undefined || action === 'live' || !camera || sinceUs >= nowUs - lookBackUs,
  );
  const [right] = reaching;
  if (!right) return refused('beyond_look_back', standing);
  // Of a proof that lies ahead the clock was set back since: it would be good for too long.
  const isProvenAgain = NEEDS_REAUTHENTICATION.has(action) || 'takesOut' in question;
  if (isProvenAgain && !(Math.abs(nowUs - session.provenUs) <= PROOF_GOOD_US))
    return refused('proof_needed', reaching);
  return { allowed: true, right: right.id };
}
