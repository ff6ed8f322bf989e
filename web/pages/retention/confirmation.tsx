import { useState } from 'preact/hooks';
import { z } from 'zod';
import type { Me } from '../../../src/contract/auth.ts';
import { type TaskView, taskSchema } from '../../../src/contract/tasks.ts';
import { get } from '../../api/client.ts';
import { useResource } from '../../api/resource.ts';
import { siteTimeText } from '../../app/site-time.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { EmptyState, Loaded, Skeleton } from '../../ui/states.tsx';
import { Table } from '../../ui/table.tsx';
import { ReportDialog } from './report-dialog.tsx';
import styles from './retention.module.css';
import { words } from './words.ts';

const answer = z.strictObject({ tasks: z.array(taskSchema) });

/** Each month that is over, to be vouched for by a person. */
export function Confirmation({ me }: { readonly me: Me }) {
  const said = words().confirmation;
  const [open, setOpen] = useState<TaskView>();
  const tasks = useResource((signal) => get('/api/tasks', answer, { signal }));
  return (
    <Card title={said.title}>
      <p class={styles.quiet}>{said.about}</p>
      <Loaded of={tasks} skeleton={<Skeleton lines={4} />}>
        {({ tasks: rows }) =>
          rows.length === 0 ? (
            <EmptyState title={said.none}>{said.noneText}</EmptyState>
          ) : (
            <Table
              caption={said.title}
              rows={[...rows].reverse()}
              keyOf={({ id }) => id}
              columns={[
                { title: said.month, cell: ({ month }) => month },
                { title: said.due, cell: ({ due }) => siteTimeText(Date.parse(due), { show: 'date' }) },
                { title: said.state, cell: (task) => <State task={task} /> },
                {
                  title: '',
                  cell: (task) => {
                    const waits = task.done === undefined && me.role === 'officer';
                    return (
                      <Button
                        small
                        kind={waits ? 'primary' : 'secondary'}
                        spoken={`${waits ? said.start : said.show} · ${said.spoken({ month: task.month })}`}
                        onPress={() => setOpen(task)}
                      >
                        {waits ? said.start : said.show}
                      </Button>
                    );
                  },
                },
              ]}
            />
          )
        }
      </Loaded>
      {open && (
        <ReportDialog
          me={me}
          task={open}
          onClose={() => setOpen(undefined)}
          onDone={() => {
            setOpen(undefined);
            tasks.reload();
          }}
        />
      )}
    </Card>
  );
}

function State({ task: { done, overdue, foundNotInOrder } }: { readonly task: TaskView }) {
  const said = words().confirmation;
  if (done !== undefined)
    return (
      <Badge kind="well" icon="check">
        {said.done({ at: siteTimeText(Date.parse(done), { show: 'date' }) })}
      </Badge>
    );
  if (foundNotInOrder !== undefined)
    return (
      <Badge kind="alarm" icon="alarm">
        {said.notInOrder}
      </Badge>
    );
  return overdue ? (
    <Badge kind="alarm" icon="alarm">
      {said.overdue}
    </Badge>
  ) : (
    <Badge kind="due">{said.open}</Badge>
  );
}
