import type { Today } from '../../../src/contract/today.ts';
import { second } from '../../app/clock.ts';
import { Link } from '../../app/router.tsx';
import { siteTimeText } from '../../app/site-time.ts';
import { Card } from '../../ui/card.tsx';
import { Icon } from '../../ui/icon.tsx';
import styles from './today.module.css';
import { words } from './words.ts';

type Waiting = Today['waiting'][number];

/** Where each is done. */
const DONE_AT: Readonly<Record<Waiting['kind'], string>> = {
  incident: '/retention?part=holds',
  break_glass: '/approvals',
  grant: '/approvals',
  right: '/approvals',
  account: '/people',
  confirmation: '/retention?part=confirmation',
  hold_review: '/retention?part=holds',
  hold_ending: '/retention?part=holds',
  item: '/retention?part=items',
};

/** The very one, where there is one alone and it has a place of its own. */
function doneAt({ kind, subject }: Waiting): string {
  if (subject === undefined) return DONE_AT[kind];
  switch (kind) {
    case 'incident':
    case 'hold_review':
    case 'hold_ending':
      return `${DONE_AT[kind]}&hold=${subject}`;
    case 'account':
      return `${DONE_AT[kind]}/${subject}`;
    default:
      return DONE_AT[kind];
  }
}

/** What waits for this person, the most pressing first. */
export function WaitingCard({ waiting }: { readonly waiting: readonly Waiting[] }) {
  const said = words().waiting;
  return (
    <Card title={said.title}>
      <ul class={styles.waiting}>
        {waiting.map((one) => {
          const text = said.one[one.kind]({ count: one.count });
          return (
            <li key={one.kind}>
              <Link to={doneAt(one)} class={styles.task}>
                {text} <Icon name="next" size={16} />
              </Link>
              <When waiting={one} />
            </li>
          );
        })}
      </ul>
    </Card>
  );
}

function When({ waiting: { due, since } }: { readonly waiting: Waiting }) {
  const said = words().waiting;
  const label = (iso: string) => siteTimeText(Date.parse(iso));
  if (due !== undefined) {
    const isOver = Date.parse(due) <= second.value;
    return (
      <span class={isOver ? styles.overdue : styles.quiet}>
        {isOver ? said.overdue({ at: label(due) }) : said.due({ at: label(due) })}
      </span>
    );
  }
  return since === undefined ? null : <span class={styles.quiet}>{said.since({ at: label(since) })}</span>;
}
