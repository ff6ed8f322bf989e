import type { People } from '../../access/people.ts';
import type { Config } from '../../config/config.ts';
import type { SiteDeps } from '../../http/resources/site.ts';

/** What of the configuration anybody may know who opens the page. */
export function siteOf({ site, access }: Config): SiteDeps['site'] {
  const { length, lengthWithFactor } = access.password;
  return {
    name: site.name,
    timeZone: site.timeZone,
    language: site.language,
    passkeys: access.origin !== undefined,
    password: { length, lengthWithFactor },
  };
}

/** Who has to be there before the site is set up. */
export const settledOf = ({
  firstRun,
  accounts,
}: {
  readonly firstRun: Pick<People['firstRun'], 'hasAdministrator'>;
  readonly accounts: Pick<People['accounts'], 'list'>;
}): ReturnType<SiteDeps['settled']> => ({
  administrator: firstRun.hasAdministrator(),
  officer: accounts.list().some(({ role, state }) => role === 'officer' && state !== 'closed'),
});
