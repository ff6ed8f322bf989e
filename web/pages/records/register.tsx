import { useState } from 'preact/hooks';
import {
  type RegisterName,
  type RegisterPageView,
  registerPageSchema,
} from '../../../src/contract/registers.ts';
import { get } from '../../api/client.ts';
import { useResource } from '../../api/resource.ts';
import { language } from '../../app/language.ts';
import { useWorking } from '../../app/working.ts';
import { Button } from '../../ui/button.tsx';
import { Fault } from '../../ui/field.tsx';
import { EmptyState, Loaded, Skeleton } from '../../ui/states.tsx';
import { type Column, Table } from '../../ui/table.tsx';
import { type Asked, filterOf } from './asked.ts';
import { EntryDialog } from './entry-dialog.tsx';
import styles from './records.module.css';
import { words } from './words.ts';

type Row = RegisterPageView['rows'][number];

const pageOf = (register: RegisterName, asked: Asked, behind?: number, signal?: AbortSignal) =>
  get(`/api/logs/${register}`, registerPageSchema, {
    query: { ...filterOf(asked), order: asked.order, behind },
    ...(signal && { signal }),
  });

/** The register as the paper one is: the official columns in their order; each row opens with its proof. */
export function Register({ register, asked }: { readonly register: RegisterName; readonly asked: Asked }) {
  const first = useResource((signal) => pageOf(register, asked, undefined, signal), {
    of: [register, JSON.stringify(asked), language.value],
  });
  return (
    <Loaded of={first} skeleton={<Skeleton lines={12} />}>
      {(page) => (
        <Rows key={JSON.stringify([register, asked, language.value])} {...{ register, asked, page }} />
      )}
    </Loaded>
  );
}

interface RowsProps {
  readonly register: RegisterName;
  readonly asked: Asked;
  readonly page: RegisterPageView;
}

function Rows({ register, asked, page }: RowsProps) {
  const said = words();
  const working = useWorking();
  const [more, setMore] = useState<RegisterPageView>();
  const [opened, setOpened] = useState<number>();
  const rows = more ? [...page.rows, ...more.rows] : page.rows;
  const next = (more ?? page).next;
  if (rows.length === 0) return <EmptyState title={said.none}>{said.howTheyCome}</EmptyState>;
  const columns: Column<Row>[] = [
    ...page.titles.map((title, at) => ({
      title,
      number: at === 0,
      cell: ({ cells }: Row) => shown(cells[at] ?? ''),
    })),
    {
      title: said.proof,
      cell: ({ seq, number }: Row) => (
        <span class={styles.unprinted}>
          <Button small icon="seal" spoken={said.proofOf({ number })} onPress={() => setOpened(seq)}>
            {said.proof}
          </Button>
        </span>
      ),
    },
  ];
  const goOn = async () => {
    const after = await pageOf(register, asked, next);
    setMore({ ...after, rows: [...(more?.rows ?? []), ...after.rows] });
  };
  return (
    <div class={styles.register}>
      <p class={`${styles.sentence} figures`} role="status">
        {said.sentence({ shown: rows.length, total: page.total })}
      </p>
      <div class={styles.paper}>
        <Table caption={page.name} captioned columns={columns} rows={rows} keyOf={({ seq }) => seq} />
      </div>
      <div class={styles.unprinted}>
        {next === undefined ? (
          <p class={styles.sentence}>{said.all}</p>
        ) : (
          <Button busy={working.busy} icon="down" onPress={() => working.run(goOn)}>
            {said.more}
          </Button>
        )}
        {working.fault && <Fault sentence={working.fault.sentence} />}
      </div>
      {opened !== undefined && <EntryDialog seq={opened} onClose={() => setOpened(undefined)} />}
    </div>
  );
}

const shown = (cell: string | number): string =>
  typeof cell === 'number' ? cell.toLocaleString('en-US') : cell;
