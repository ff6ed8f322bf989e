import type { ComponentChildren } from 'preact';
import { nowMs } from '../../app/clock.ts';
import { language } from '../../app/language.ts';
import { siteTimeText } from '../../app/site-time.ts';
import { words as frameWords } from '../../app/words.ts';
import { Badge } from '../../ui/badge.tsx';
import { Actions } from '../../ui/card.tsx';
import styles from '../people/people.module.css';
import type { DecidedGrant, Names } from './api.ts';
import { words } from './words.ts';

interface GrantItemProps {
  readonly grant: DecidedGrant;
  readonly names: Names | undefined;
  readonly children?: ComponentChildren;
}

/** What somebody asks for, in their words, and how it stands. */
export function GrantItem({ grant, names, children }: GrantItemProps) {
  const said = words();
  const state = stateOf(grant);
  const purpose = names?.purposes.find(({ id }) => id === grant.purpose)?.[language.value] ?? grant.purpose;
  const cameras = grant.cameras.map(
    (id) => names?.cameras.find((camera) => camera.id === id)?.name[language.value] ?? id,
  );
  const rows: readonly (readonly [string, string | undefined])[] = [
    [said.facts.purpose, purpose],
    [said.facts.cameras, cameras.join(', ')],
    [said.facts.range, rangeOf(grant)],
    [said.facts.reason, textOf(grant.reason)],
    [said.facts.requester, textOf(grant.requester)],
    [said.facts.asked, at(grant.asked)],
    [said.facts.until, grant.until === undefined ? undefined : at(grant.until)],
  ];
  return (
    <div class={styles.right}>
      <div class={styles.rightHead}>
        <Badge kind={state === 'requested' ? 'due' : state === 'made' ? 'well' : 'quiet'}>
          {said.states[state]}
        </Badge>
        {grant.by && (
          <strong>{said.asks({ name: grant.by.name, role: frameWords().roles[grant.by.role] })}</strong>
        )}
      </div>
      <dl class={styles.facts}>
        {rows.map(([name, value]) =>
          value === undefined ? null : [<dt key={name}>{name}</dt>, <dd key={`${name} is`}>{value}</dd>],
        )}
      </dl>
      {children !== undefined && <Actions>{children}</Actions>}
    </div>
  );
}

export const nameOf = ({ by }: DecidedGrant): string => by?.name ?? words().somebody;

const at = (iso: string): string => siteTimeText(Date.parse(iso), { seconds: true });

const rangeOf = ({ from, to }: DecidedGrant): string =>
  from === undefined || to === undefined ? words().live : `${at(from)} – ${at(to)}`;

function textOf(told: DecidedGrant['reason']): string | undefined {
  if (told === undefined) return undefined;
  return typeof told === 'string' ? words()[told] : told.text;
}

const stateOf = ({ state, until }: DecidedGrant) =>
  state === 'made' && until !== undefined && Date.parse(until) <= nowMs() ? 'over' : state;
