import type { Me } from '../../../src/contract/auth.ts';
import { sessionsSchema } from '../../../src/contract/people.ts';
import { get, send } from '../../api/client.ts';
import { useResource } from '../../api/resource.ts';
import { siteTimeText } from '../../app/site-time.ts';
import { useWorking } from '../../app/working.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { Fault } from '../../ui/field.tsx';
import { Loaded, Skeleton } from '../../ui/states.tsx';
import { Table } from '../../ui/table.tsx';
import { Time } from '../../ui/time.tsx';
import { told } from '../../ui/toast.tsx';
import { words } from './words.ts';

/** Where this person is signed in, to be ended. */
export function Sessions({ me }: { readonly me: Me }) {
  const said = words().sessions;
  const { factors } = words();
  const sessions = useResource((signal) => get('/api/me/sessions', sessionsSchema, { signal }));
  const working = useWorking();
  const end = (id: string) =>
    working.run(async () => {
      await send('DELETE', `/api/me/sessions/${id}`);
      told(said.ended);
      sessions.reload();
    });
  return (
    <Card title={said.title}>
      <p>{said.text}</p>
      {working.fault && <Fault sentence={working.fault.sentence} />}
      <Loaded of={sessions} skeleton={<Skeleton lines={3} />}>
        {({ sessions: rows }) => (
          <Table
            caption={said.title}
            rows={rows}
            keyOf={({ id }) => id}
            columns={[
              { title: said.since, cell: ({ since }) => <Time at={since} /> },
              { title: said.used, cell: ({ used }) => <Time at={used} /> },
              { title: said.ends, cell: ({ ends }) => <Time at={ends} /> },
              {
                title: said.address,
                cell: ({ address, outside }) => `${address} · ${outside ? said.outside : said.inside}`,
              },
              { title: said.factor, cell: ({ factor }) => factorName(factor, factors) ?? said.noFactor },
              {
                title: said.end,
                untitled: true,
                cell: ({ id, address, since }) =>
                  id === me.session.id ? (
                    <Badge kind="well">{said.here}</Badge>
                  ) : (
                    <Button
                      small
                      kind="danger"
                      spoken={said.endSpoken({ address, since: siteTimeText(Date.parse(since)) })}
                      onPress={() => end(id)}
                    >
                      {said.end}
                    </Button>
                  ),
              },
            ]}
          />
        )}
      </Loaded>
    </Card>
  );
}

const factorName = (kind: string | undefined, names: Readonly<Record<string, string>>): string | undefined =>
  kind === undefined ? undefined : (names[kind] ?? kind);
