import { useResource } from '../../api/resource.ts';
import { useWorking } from '../../app/working.ts';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { Fault } from '../../ui/field.tsx';
import { Loaded, Skeleton } from '../../ui/states.tsx';
import { Table } from '../../ui/table.tsx';
import { Time } from '../../ui/time.tsx';
import { told } from '../../ui/toast.tsx';
import { askSessions, endSession } from './api.ts';
import { words } from './words.ts';

/** Where somebody is signed in, to be ended. */
export function SessionsCard({ account }: { readonly account: string }) {
  const said = words().sessions;
  const sessions = useResource((signal) => askSessions(account, signal), { of: [account] });
  const working = useWorking();
  const end = (id: string) =>
    working.run(async () => {
      try {
        await endSession(account, id);
        told(said.ended);
      } finally {
        // It may have ended by itself.
        sessions.reload();
      }
    });
  return (
    <Card title={said.title}>
      {working.fault && <Fault sentence={working.fault.sentence} />}
      <Loaded of={sessions} skeleton={<Skeleton lines={2} />}>
        {(rows) =>
          rows.length === 0 ? (
            <p>{said.none}</p>
          ) : (
            <Table
              caption={said.title}
              rows={rows}
              keyOf={({ id }) => id}
              columns={[
                { title: said.since, cell: ({ since }) => <Time at={since} /> },
                { title: said.used, cell: ({ used }) => <Time at={used} /> },
                {
                  title: said.address,
                  cell: ({ address, outside }) => `${address} · ${outside ? said.outside : said.inside}`,
                },
                {
                  title: said.end,
                  cell: ({ id, address }) => (
                    <Button small kind="danger" spoken={said.endSpoken({ address })} onPress={() => end(id)}>
                      {said.end}
                    </Button>
                  ),
                },
              ]}
            />
          )
        }
      </Loaded>
    </Card>
  );
}
