import type { LocalDay, SiteTime } from '../lib/site-time.ts';
import { type Accounts, enterLater, type KeptCertificate, resultOf } from './accounts.ts';
import type { PurgeState } from './journal.ts';
import type { LastLook } from './late-comers.ts';
import { owedAfter } from './owed.ts';

/** What a certificate leaves to the runs after it. */
export function stateAfter(
  state: PurgeState,
  { certificate }: KeptCertificate,
  siteTime: SiteTime,
): PurgeState {
  const atUs = Date.parse(certificate.startedAt) * 1000;
  const { run, epoch } = certificate;
  return {
    ...state,
    lastGood: { run, day: siteTime.dayOf(atUs), atUs, epoch },
    intent: undefined,
    owed: owedAfter(state.owed, certificate, siteTime),
  };
}

/**
 * A run whose certificate is kept is over, whatever the journal says: it was broken off between the two, and the
 * ledger gets the same result again under the same name. A journal that is lost is made again from the newest
 * certificate, so that brake and late-comers go on from there.
 */
export async function recover(
  state: PurgeState,
  accounts: Accounts,
  siteTime: SiteTime,
): Promise<PurgeState> {
  const finished = state.intent && (await accounts.kept(state.intent.run));
  const isLost = state.lastGood === undefined && state.intent === undefined;
  const kept = finished ?? (isLost ? await accounts.newest() : undefined);
  if (!kept) return state;
  const { run, startedAt, look, late } = kept.certificate;
  const looked: LastLook = state.looked ?? {
    day: (look?.day ?? siteTime.dayOf(Date.parse(startedAt) * 1000)) as LocalDay,
    cameraDays: 'all',
    late: late.map(({ camera, day, seenOn }) => ({
      camera,
      day: day as LocalDay,
      seenOn: seenOn as LocalDay,
    })),
    upTo: look?.upTo,
  };
  const unaccounted = await enterLater(accounts, state.unaccounted, run, [resultOf(kept)]);
  return { ...stateAfter(state, kept, siteTime), looked, unaccounted };
}
