import { DAY_US, isoFromUs, MINUTE_US } from '../../lib/clock.ts';
import type { SiteTime } from '../../lib/site-time.ts';
import type { ErasedDays } from './erased-days.ts';
import type { Report, Rule, Told } from './finding.ts';

const MOST_OPEN = 20_000;
/** A copy under hold begins with the segment that reaches into its range. */
const SEGMENT_US = 10 * MINUTE_US;
/** Officer and auditor look at it within a day. */
const REVIEWED_WITHIN_US = DAY_US;

/** Whose, of which cameras, since and until when; µs UTC. */
interface Allowance {
  readonly account: string;
  readonly cameras: readonly string[];
  readonly fromUs: number;
  readonly untilUs: number;
  readonly actions?: readonly string[];
}

type Emergency = Allowance & { readonly seq: number };
type Opened = Extract<Told, { event: 'viewing.opened' }>;
const usOf = (iso: string | undefined, otherwise: number): number =>
  iso === undefined ? otherwise : Date.parse(iso) * 1000;

/**
 * Nothing is seen after its erasure but copies under hold, every right that is used was granted and not revoked, and
 * nobody approves what is their own.
 *
 * @param siteTime of the certificates; undefined before the first, when nothing is erased
 */
export function createViewingRule(deps: {
  report: Report;
  erased: ErasedDays;
  siteTime: () => SiteTime | undefined;
}): Rule {
  const { report, erased, siteTime } = deps;
  const rights = new Map<string, Allowance>();
  const grants = new Map<string, Allowance>();
  const emergencies = new Map<string, Emergency>();
  const held = new Map<string, Allowance>();
  /** Accounts that may do nothing at the moment. */
  const barred = new Set<string>();

  const keep = <One extends Allowance>(known: Map<string, One>, id: string, one: One, atUs: number) => {
    if (known.size >= MOST_OPEN)
      for (const [old, { untilUs }] of known) if (untilUs < atUs) known.delete(old);
    if (known.size < MOST_OPEN) known.set(id, one);
  };
  const covers = (one: Allowance | undefined, account: string, cameras: readonly string[], atUs: number) =>
    one?.account === account &&
    one.fromUs <= atUs &&
    atUs <= one.untilUs &&
    cameras.every((camera) => one.cameras.includes(camera));
  /** One right, or several that together have all the cameras. */
  const hasRight = (account: string, cameras: readonly string[], action: string, atUs: number) =>
    cameras.every((camera) =>
      [...rights.values()].some(
        (one) => one.actions?.includes(action) && covers(one, account, [camera], atUs),
      ),
    );

  const opened = ({ seq, actor, atUs, facts }: Opened) => {
    const account = actor.startsWith('person:') ? actor.slice('person:'.length) : '';
    const { viewing, cameras, grant, breakglass, kind } = facts;
    const isAllowed =
      grant !== undefined
        ? covers(grants.get(grant), account, cameras, atUs)
        : breakglass !== undefined
          ? covers(emergencies.get(breakglass), account, cameras, atUs)
          : hasRight(account, cameras, kind === 'recorded' ? 'playback' : 'live', atUs);
    if (isAllowed && !barred.has(account)) return;
    report({ code: 'view_without_right', severity: 'serious', entry: seq, facts: { viewing, account } });
  };

  const delivered = ({ seq, facts }: Extract<Told, { event: 'viewing.delivered' }>) => {
    const { viewing, camera } = facts;
    const zone = siteTime();
    const [fromUs, toUs] = [usOf(facts.from, 0), usOf(facts.to, 0)];
    const days = zone ? [...new Set([fromUs, Math.max(fromUs, toUs - 1)].map((us) => zone.dayOf(us)))] : [];
    const day = days.find((one) => erased.has(camera, one));
    const isCopy = [...held.values()].some(
      (one) =>
        one.cameras.includes(camera) && one.fromUs - SEGMENT_US <= fromUs && toUs <= one.untilUs + SEGMENT_US,
    );
    if (day === undefined || isCopy) return;
    report({ code: 'view_after_erasure', severity: 'serious', entry: seq, facts: { viewing, camera, day } });
  };

  const approved = (seq: number, what: string, account: string, approvedBy: string | undefined) => {
    if (approvedBy !== account) return;
    report({ code: 'approved_by_self', severity: 'serious', entry: seq, facts: { what, account } });
  };

  const unreviewed = (breakglass: string, { seq, fromUs, account }: Emergency, untilUs: number) => {
    if (untilUs - fromUs <= REVIEWED_WITHIN_US) return;
    const facts = { breakglass, account, since: isoFromUs(fromUs) };
    report({ code: 'emergency_unreviewed', severity: 'warning', entry: seq, facts });
  };

  return {
    events: [
      'right.granted',
      'right.changed',
      'right.revoked',
      'right.suspended',
      'right.restored',
      'account.closed',
      'grant.made',
      'grant.revoked',
      'breakglass.opened',
      'breakglass.reviewed',
      'viewing.opened',
      'viewing.delivered',
      'hold.made',
      'erase.done',
      'erase.incomplete',
    ],
    see(entry) {
      const { seq, atUs } = entry;
      switch (entry.event) {
        case 'right.granted':
        case 'right.changed': {
          const { right, account, cameras, actions, from, until, requestedBy, approvedBy } = entry.facts;
          const terms = { fromUs: usOf(from, 0), untilUs: usOf(until, Infinity) };
          keep(rights, right, { account, cameras, actions, ...terms }, atUs);
          approved(seq, right, account, approvedBy);
          if (requestedBy !== account) approved(seq, right, requestedBy ?? '', approvedBy);
          return;
        }
        case 'right.revoked':
          return void rights.delete(entry.facts.right);
        case 'right.suspended':
        case 'account.closed':
          return void barred.add(entry.facts.account);
        case 'right.restored':
          return void barred.delete(entry.facts.account);
        case 'grant.made': {
          const { grant, account, basis, cameras, until, approvedBy } = entry.facts;
          const action = entry.facts.from === undefined ? 'live' : 'playback';
          const isOwn = basis === 'right' && !hasRight(account, cameras, action, atUs);
          if (isOwn || (basis === 'approval' && approvedBy === undefined))
            report({ code: 'grant_unfounded', severity: 'serious', entry: seq, facts: { grant, account } });
          approved(seq, grant, account, approvedBy);
          return keep(grants, grant, { account, cameras, fromUs: atUs, untilUs: usOf(until, 0) }, atUs);
        }
        case 'grant.revoked':
          return void grants.delete(entry.facts.grant);
        case 'breakglass.opened': {
          const { breakglass, cameras, until } = entry.facts;
          const account = entry.actor.replace(/^person:/, '');
          const own = { account, cameras, fromUs: atUs, untilUs: usOf(until, 0), seq };
          return void emergencies.set(breakglass, own);
        }
        case 'breakglass.reviewed': {
          const one = emergencies.get(entry.facts.breakglass);
          approved(seq, entry.facts.breakglass, one?.account ?? '', entry.actor.replace(/^person:/, ''));
          if (one) unreviewed(entry.facts.breakglass, one, atUs);
          return void emergencies.delete(entry.facts.breakglass);
        }
        case 'viewing.opened':
          return opened(entry);
        case 'viewing.delivered':
          return delivered(entry);
        case 'hold.made': {
          const { hold, cameras, from, to } = entry.facts;
          if (!Array.isArray(cameras) || typeof from !== 'string' || typeof to !== 'string') return;
          const range = { fromUs: usOf(from, 0), untilUs: usOf(to, 0) };
          return keep(held, hold, { account: '', cameras: cameras.map(String), ...range }, 0);
        }
        case 'erase.done':
        case 'erase.incomplete':
          if (Array.isArray(entry.facts.lockers))
            for (const { hold } of entry.facts.lockers as { hold?: unknown }[]) held.delete(String(hold));
      }
    },
    end({ committedUs }) {
      for (const [breakglass, one] of emergencies) unreviewed(breakglass, one, committedUs);
    },
  };
}
