import type { Role } from '../../../src/contract/roles.ts';
import type { Today } from '../../../src/contract/today.ts';
import { second } from '../../app/clock.ts';
import { Link } from '../../app/router.tsx';
import { PAGES } from '../../app/routes.ts';
import { siteTimeText } from '../../app/site-time.ts';
import { Card } from '../../ui/card.tsx';
import { Icon } from '../../ui/icon.tsx';
import styles from './today.module.css';
import { words } from './words.ts';

type Waiting = Today['waiting'][number];

/** Where each is done; the first of these pages that there is. */
const DONE_AT: Readonly<Record<Waiting['kind'], readonly string[]>> = {
  incident: ['/retention?part=holds'],
  break_glass: ['/approvals', '/review'],
  grant: ['/approvals', '/review'],
  right: ['/people'],
  account: ['/people'],
  confirmation: ['/retention?part=confirmation'],
  hold_review: ['/retention?part=holds'],
  hold_ending: ['/retention?part=holds'],
  item: ['/retention?part=items'],
};

/** What waits for this person, the most pressing first. */
export function WaitingCard({
  waiting,
  role,
}: {
  readonly waiting: readonly Waiting[];
  readonly role: Role;
}) {
  const said = words().waiting;
  return (
    <Card title={said.title}>
      <ul class={styles.waiting}>
        {waiting.map((one) => {
          const to = DONE_AT[one.kind].find((path) =>
            PAGES.some((page) => page.path === path.split('?')[0] && page.who.includes(role)),
          );
          const text = said.one[one.kind]({ count: one.count });
          return (
            <li key={one.kind}>
              {to === undefined ? (
                <span>{text}</span>
              ) : (
                <Link to={to} class={styles.task}>
                  {text} <Icon name="next" size={16} />
                </Link>
              )}
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
