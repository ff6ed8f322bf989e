import { useResource } from '../../api/resource.ts';
import { whoIsIn } from '../../app/session.ts';
import { words as frameWords } from '../../app/words.ts';
import { Card } from '../../ui/card.tsx';
import { PageHead } from '../../ui/page-head.tsx';
import { Loaded, Skeleton } from '../../ui/states.tsx';
import styles from '../people/people.module.css';
import { askNames, askOwn, type Names } from './api.ts';
import { GrantItem } from './grant-item.tsx';
import { GrantsCards } from './grants-card.tsx';
import { RightsWaiting } from './rights-card.tsx';
import { words } from './words.ts';

/** What waits for this person, and what they wait for. */
export default function Approvals() {
  const role = whoIsIn()?.role;
  const names = useResource(askNames);
  const known = names.state === 'ready' ? names.value : undefined;
  return (
    <>
      <PageHead title={frameWords().pages.approvals}>{words().about}</PageHead>
      <div class={styles.stack}>
        {(role === 'officer' || role === 'auditor') && (
          <GrantsCards names={known} mayApprove={role === 'officer'} />
        )}
        {(role === 'officer' || role === 'administrator') && <RightsWaiting names={known} />}
        {(role === 'officer' || role === 'security') && <Own names={known} />}
      </div>
    </>
  );
}

function Own({ names }: { readonly names: Names | undefined }) {
  const said = words();
  const grants = useResource(askOwn);
  return (
    <Card title={said.own}>
      <Loaded of={grants} skeleton={<Skeleton lines={4} />}>
        {(all) => {
          // What one opened within one's own rights was no request.
          const asked = all.filter(({ basis }) => basis !== 'right');
          if (asked.length === 0) return <p>{said.noOwn}</p>;
          return asked.map((grant) => <GrantItem key={grant.id} grant={grant} names={names} />);
        }}
      </Loaded>
    </Card>
  );
}
