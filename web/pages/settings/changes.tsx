import { settingsChangesSchema } from '../../../src/contract/settings.ts';
import { get } from '../../api/client.ts';
import { useResource } from '../../api/resource.ts';
import { Card } from '../../ui/card.tsx';
import { EmptyState, Loaded, Skeleton } from '../../ui/states.tsx';
import { Table } from '../../ui/table.tsx';
import { Time } from '../../ui/time.tsx';
import { words } from './words.ts';

const KINDS = ['added', 'removed', 'changed', 'applied', 'needsRestart'] as const;

/** Edits that came into force, as the ledger has them. */
export function Changes() {
  const said = words();
  const changes = useResource((signal) => get('/api/settings/changes', settingsChangesSchema, { signal }));
  return (
    <Card title={said.changes}>
      <p>{said.changesHow}</p>
      <Loaded of={changes} skeleton={<Skeleton lines={6} />}>
        {({ changes: rows }) =>
          rows.length === 0 ? (
            <EmptyState title={said.noChanges}>{said.noChangesHow}</EmptyState>
          ) : (
            <Table
              caption={said.changes}
              rows={rows}
              keyOf={({ seq }) => seq}
              columns={[
                {
                  title: said.when,
                  cell: ({ at, atStart }) => (
                    <>
                      <Time at={at} seconds />
                      {atStart && ` · ${said.atStart}`}
                    </>
                  ),
                },
                ...KINDS.map((kind) => ({
                  title: said[kind],
                  cell: (row: (typeof rows)[number]) => row[kind].join(', '),
                })),
              ]}
            />
          )
        }
      </Loaded>
    </Card>
  );
}
