import { second } from '../../app/clock.ts';
import { go } from '../../app/router.tsx';
import { useWorking } from '../../app/working.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { Fault } from '../../ui/field.tsx';
import { EmptyState } from '../../ui/states.tsx';
import { Table } from '../../ui/table.tsx';
import { Time } from '../../ui/time.tsx';
import { openGrant } from './api.ts';
import { cameraName, type Names, purposeName } from './names.ts';
import type { Grant } from './shapes.ts';
import { words } from './words.ts';

interface OwnGrantsProps {
  readonly grants: readonly Grant[];
  readonly names: Names | undefined;
  readonly onChanged: () => void;
}

const MOST = 10;

/** What this person asked an officer for, and what became of it; what was approved is opened here. */
export function OwnGrants({ grants, names, onChanged }: OwnGrantsProps) {
  const said = words().grants;
  const working = useWorking();
  const asked = grants.filter(({ basis, kind }) => basis !== 'right' && kind === 'recorded').slice(0, MOST);
  const open = (id: string) =>
    working.run(async () => {
      try {
        const { viewing } = await openGrant(id);
        go(`/review/${viewing}`);
      } finally {
        onChanged();
      }
    });
  return (
    <Card title={said.title}>
      {working.fault && <Fault sentence={working.fault.sentence} />}
      {asked.length === 0 ? (
        <EmptyState title={said.none}>{said.howTheyCome}</EmptyState>
      ) : (
        <Table
          caption={said.title}
          rows={asked}
          keyOf={({ id }) => id}
          columns={[
            { title: said.asked, cell: (grant) => <Time at={grant.asked} /> },
            { title: said.purpose, cell: (grant) => purposeName(names, grant.purpose) },
            {
              title: said.cameras,
              cell: (grant) => grant.cameras.map((camera) => cameraName(names, camera)).join(', '),
            },
            {
              title: said.range,
              cell: ({ from, to }) =>
                from &&
                to && (
                  <>
                    <Time at={from} seconds /> – <Time at={to} seconds />
                  </>
                ),
            },
            { title: said.state, cell: (grant) => <State grant={grant} /> },
            {
              title: '',
              cell: (grant) =>
                stands(grant, second.value) && (
                  <Button small icon="play" busy={working.busy} onPress={() => open(grant.id)}>
                    {said.open}
                  </Button>
                ),
            },
          ]}
        />
      )}
    </Card>
  );
}

const stands = ({ state, until }: Grant, nowMs: number): boolean =>
  state === 'made' && until !== undefined && Date.parse(until) > nowMs;

function State({ grant }: { readonly grant: Grant }) {
  const said = words().grants;
  if (grant.state === 'made' && !stands(grant, second.value)) return <Badge>{said.over}</Badge>;
  const kind = grant.state === 'made' ? 'well' : grant.state === 'requested' ? 'due' : 'quiet';
  return (
    <>
      <Badge kind={kind}>{said.states[grant.state]}</Badge>
      {grant.state === 'made' && grant.until && (
        <>
          {' '}
          {said.until} <Time at={grant.until} />
        </>
      )}
    </>
  );
}
