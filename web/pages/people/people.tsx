import { useState } from 'preact/hooks';
import { useResource } from '../../api/resource.ts';
import { Link } from '../../app/router.tsx';
import { words as frameWords } from '../../app/words.ts';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { PageHead } from '../../ui/page-head.tsx';
import { EmptyState, Loaded, Skeleton } from '../../ui/states.tsx';
import { Table } from '../../ui/table.tsx';
import { Time } from '../../ui/time.tsx';
import { type Account, askPeople } from './api.ts';
import { NewAccount } from './new-account.tsx';
import styles from './people.module.css';
import { nameOf, StateBadge } from './state-badge.tsx';
import { words } from './words.ts';

/** Everybody who has an account; whom the clinic has hired apart from whom it has outsourced to. */
export default function People() {
  const said = words();
  const people = useResource(askPeople);
  const [isMaking, setMaking] = useState(false);
  return (
    <>
      <PageHead
        title={frameWords().pages.people}
        action={
          <Button kind="primary" icon="add" onPress={() => setMaking(true)}>
            {said.create}
          </Button>
        }
      >
        {said.about}
      </PageHead>
      <div class={styles.stack}>
        <Loaded of={people} skeleton={<Skeleton lines={8} />}>
          {(accounts) => (
            <>
              <Card title={said.staff}>
                <Accounts title={said.staff} accounts={accounts.filter(({ kind }) => kind === 'staff')} />
              </Card>
              <Card title={said.trustees}>
                <p>{said.trusteesAbout}</p>
                <Accounts
                  title={said.trustees}
                  accounts={accounts.filter(({ kind }) => kind === 'trustee')}
                />
              </Card>
            </>
          )}
        </Loaded>
      </div>
      {isMaking && <NewAccount onClose={() => setMaking(false)} onMade={people.reload} />}
    </>
  );
}

function Accounts({ title, accounts }: { readonly title: string; readonly accounts: readonly Account[] }) {
  const said = words();
  const { roles } = frameWords();
  const { columns } = said;
  if (accounts.length === 0) return <EmptyState title={said.none} />;
  const day = (at: string | undefined) => (at === undefined ? said.never : <Time at={at} show="date" />);
  return (
    <Table
      caption={title}
      rows={accounts}
      keyOf={({ id }) => id}
      columns={[
        {
          title: columns.name,
          cell: (account) => <Link to={`/people/${account.id}`}>{nameOf(account)}</Link>,
        },
        { title: columns.login, cell: ({ login }) => login || '–' },
        { title: columns.role, cell: ({ role }) => roles[role] },
        { title: columns.state, cell: (account) => <StateBadge account={account} /> },
        { title: columns.used, cell: ({ used }) => (used === undefined ? said.never : <Time at={used} />) },
        { title: columns.contract, cell: ({ contractUntil }) => day(contractUntil) },
        { title: columns.training, cell: ({ trainingUntil }) => day(trainingUntil) },
      ]}
    />
  );
}
