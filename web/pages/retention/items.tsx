import { useState } from 'preact/hooks';
import { z } from 'zod';
import type { Me } from '../../../src/contract/auth.ts';
import { type ItemView, itemSchema } from '../../../src/contract/items.ts';
import { get } from '../../api/client.ts';
import { useResource } from '../../api/resource.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Actions, Card } from '../../ui/card.tsx';
import { EmptyState, Loaded, Skeleton } from '../../ui/states.tsx';
import { Table } from '../../ui/table.tsx';
import { AddItem } from './add-item.tsx';
import { ItemDialog } from './item-dialog.tsx';
import styles from './retention.module.css';
import { words } from './words.ts';

const answer = z.strictObject({ items: z.array(itemSchema) });

/** What left the house, until it is destroyed. */
export function Items({ me }: { readonly me: Me }) {
  const said = words().items;
  const [ending, setEnding] = useState<{ item: string; how: 'returned' | 'destroyed' }>();
  const [isAdding, setAdding] = useState(false);
  const items = useResource((signal) => get('/api/items', answer, { signal }));
  return (
    <Card
      title={said.title}
      aside={
        me.role === 'officer' && (
          <Button kind="primary" icon="out" onPress={() => setAdding(true)}>
            {said.add}
          </Button>
        )
      }
    >
      <p class={styles.quiet}>{said.about}</p>
      <Loaded of={items} skeleton={<Skeleton lines={4} />}>
        {({ items: rows }) =>
          rows.length === 0 ? (
            <EmptyState title={said.none}>{said.noneText}</EmptyState>
          ) : (
            <Table
              caption={said.title}
              rows={[...rows].reverse()}
              keyOf={({ item }) => item}
              columns={[
                { title: said.item, cell: ({ item }) => item },
                { title: said.kindTitle, cell: ({ kind }) => said.kind[kind] ?? kind },
                { title: said.what, cell: ({ what }) => what ?? said.gone },
                { title: said.to, cell: ({ to }) => to ?? said.gone },
                { title: said.handedOut, cell: ({ handedOut }) => handedOut },
                { title: said.due, cell: ({ due }) => due ?? '' },
                { title: said.state, cell: (item) => <State item={item} /> },
                {
                  title: '',
                  cell: ({ item, state }) =>
                    me.role === 'officer' &&
                    state !== 'destroyed' && (
                      <Actions>
                        {state === 'out' && (
                          <Button
                            small
                            spoken={said.returnedSpoken({ item })}
                            onPress={() => setEnding({ item, how: 'returned' })}
                          >
                            {said.returned}
                          </Button>
                        )}
                        <Button
                          small
                          spoken={said.destroyedSpoken({ item })}
                          onPress={() => setEnding({ item, how: 'destroyed' })}
                        >
                          {said.destroyed}
                        </Button>
                      </Actions>
                    ),
                },
              ]}
            />
          )
        }
      </Loaded>
      {isAdding && <AddItem onClose={() => setAdding(false)} onDone={items.reload} />}
      {ending && (
        <ItemDialog
          {...ending}
          onClose={() => setEnding(undefined)}
          onDone={() => {
            setEnding(undefined);
            items.reload();
          }}
        />
      )}
    </Card>
  );
}

function State({ item: { state, overdue } }: { readonly item: ItemView }) {
  const said = words().items;
  if (overdue)
    return (
      <Badge kind="alarm" icon="alarm">
        {said.overdue}
      </Badge>
    );
  return <Badge kind={state === 'destroyed' ? 'well' : 'quiet'}>{said.states[state]}</Badge>;
}
