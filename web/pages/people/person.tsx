import { useResource } from '../../api/resource.ts';
import { Link } from '../../app/router.tsx';
import type { PageProps } from '../../app/routes.ts';
import { whoIsIn } from '../../app/session.ts';
import { PageHead } from '../../ui/page-head.tsx';
import { EmptyState, Loaded, Skeleton } from '../../ui/states.tsx';
import { AccountCard } from './account-card.tsx';
import { askCameras, askPeople, askRights } from './api.ts';
import styles from './people.module.css';
import { RightsCard } from './rights-card.tsx';
import { SessionsCard } from './sessions-card.tsx';
import { nameOf } from './state-badge.tsx';
import { words } from './words.ts';

/** One person: the account, what they may, where they are signed in. */
export default function Person({ params }: PageProps) {
  const said = words();
  const people = useResource(askPeople);
  const rights = useResource(askRights);
  const cameras = useResource(askCameras);
  const known = cameras.state === 'ready' ? cameras.value : [];
  return (
    <Loaded of={people} skeleton={<Skeleton lines={8} />}>
      {(accounts) => {
        const account = accounts.find(({ id }) => id === params.id);
        if (!account)
          return (
            <EmptyState title={said.notThere.title} action={<Link to="/people">{said.toList}</Link>}>
              {said.notThere.text}
            </EmptyState>
          );
        const isOwn = whoIsIn()?.account === account.id;
        const changed = () => {
          people.reload();
          rights.reload();
        };
        return (
          <>
            <PageHead title={nameOf(account)} action={<Link to="/people">{said.toList}</Link>} />
            <div class={styles.stack}>
              <AccountCard account={account} isOwn={isOwn} onChanged={changed} />
              <RightsCard account={account} rights={rights} cameras={known} isOwn={isOwn} />
              {account.state !== 'closed' && <SessionsCard account={account.id} />}
            </div>
          </>
        );
      }}
    </Loaded>
  );
}
