import { nowMs } from '../../app/clock.ts';
import { language } from '../../app/language.ts';
import { siteTimeText } from '../../app/site-time.ts';
import type { AllRights, Camera, Right, Terms } from './api.ts';
import { lastDayOf } from './days.ts';
import { words } from './words.ts';

export interface TermsWords {
  readonly actions: string;
  readonly cameras: string;
  readonly term: string;
  readonly lookBack: string;
}

/** What a right says, as people read it. */
export function termsWords(terms: Terms, cameras: readonly Camera[]): TermsWords {
  const said = words().rights;
  const nameOf = (id: string) => cameras.find((camera) => camera.id === id)?.name[language.value] ?? id;
  return {
    actions: terms.actions.map((action) => said.actions[action]).join(', '),
    cameras: terms.cameras.length === 0 ? said.site : terms.cameras.map(nameOf).join(', '),
    term: said.fromUntil({
      from: siteTimeText(Date.parse(terms.from), { show: 'date' }),
      until: terms.until === undefined ? undefined : lastDayOf(terms.until),
    }),
    lookBack:
      terms.lookBackHours === undefined ? said.allFootage : said.hours({ hours: terms.lookBackHours }),
  };
}

type RightState = keyof ReturnType<typeof words>['rights']['states'];

/** Its own state, or that its time has not come or is over. */
export function stateOf({ state, terms }: Right): RightState {
  if (state !== 'granted') return state === 'refused' || state === 'revoked' ? state : 'requested';
  if (terms.until !== undefined && Date.parse(terms.until) <= nowMs()) return 'over';
  return Date.parse(terms.from) > nowMs() ? 'later' : 'granted';
}

export const personIn = ({ people }: AllRights, id: string | undefined): string =>
  people.find((person) => person.id === id)?.name ?? words().rights.somebody;
