import { useState } from 'preact/hooks';
import { z } from 'zod';
import type { Me } from '../../../src/contract/auth.ts';
import { type HoldView, holdReasonSchema, holdSchema } from '../../../src/contract/holds.ts';
import { sizeText } from '../../../src/i18n/size-text.ts';
import { get } from '../../api/client.ts';
import { useResource } from '../../api/resource.ts';
import { useCameraNames } from '../../app/camera-names.tsx';
import { siteTimeText } from '../../app/site-time.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { Icon } from '../../ui/icon.tsx';
import { EmptyState, Loaded, Skeleton } from '../../ui/states.tsx';
import { Table } from '../../ui/table.tsx';
import { AddHold } from './add-hold.tsx';
import { HoldDialog } from './hold-dialog.tsx';
import { rangeText } from './range-text.ts';
import styles from './retention.module.css';
import { words } from './words.ts';

const EVERY_MS = 20_000;
const answer = z.strictObject({ holds: z.array(holdSchema) });
const reasonsAnswer = z.strictObject({ reasons: z.array(holdReasonSchema) });
type Reason = z.output<typeof holdReasonSchema>;

interface HoldsProps {
  readonly me: Me;
  /** The one that somebody comes for. */
  readonly shown: string | undefined;
}

/** What is kept beyond its day, why and until when. */
export function Holds({ me, shown }: HoldsProps) {
  const said = words().holds;
  const seesWhy = me.role === 'officer' || me.role === 'auditor';
  const mayAdd = me.role === 'officer' || me.role === 'security';
  const [adding, setAdding] = useState(false);
  const [open, setOpen] = useState(seesWhy ? shown : undefined);
  const holds = useResource((signal) => get('/api/holds', answer, { signal }), { everyMs: EVERY_MS });
  // Each time that reasons are shown is entered: they are asked for once, and when a hold comes or goes.
  const ids =
    holds.state === 'ready' ? holds.value.holds.map(({ id, revision }) => `${id}${revision}`).join() : '';
  const reasons = useResource(
    async (signal): Promise<readonly Reason[]> =>
      seesWhy && ids !== '' ? (await get('/api/holds/reasons', reasonsAnswer, { signal })).reasons : [],
    { of: [ids] },
  );
  const why = new Map(reasons.state === 'ready' ? reasons.value.map((one) => [one.hold, one]) : []);
  return (
    <Card
      title={said.title}
      aside={
        mayAdd && (
          <Button kind="primary" icon="hold" onPress={() => setAdding(true)}>
            {said.add}
          </Button>
        )
      }
    >
      <p class={styles.quiet}>{said.about}</p>
      <Loaded of={holds} skeleton={<Skeleton lines={5} />}>
        {({ holds: rows }) =>
          rows.length === 0 ? (
            <EmptyState title={said.none}>{said.noneText}</EmptyState>
          ) : (
            <HoldTable rows={rows} why={why} seesWhy={seesWhy} onOpen={setOpen} />
          )
        }
      </Loaded>
      {adding && (
        <AddHold
          onClose={() => setAdding(false)}
          onDone={() => {
            setAdding(false);
            holds.reload();
          }}
        />
      )}
      {open !== undefined && (
        <HoldDialog me={me} id={open} onClose={() => setOpen(undefined)} onChanged={holds.reload} />
      )}
    </Card>
  );
}

interface HoldTableProps {
  readonly rows: readonly HoldView[];
  readonly why: ReadonlyMap<string, Reason>;
  readonly seesWhy: boolean;
  readonly onOpen: (id: string) => void;
}

function HoldTable({ rows, why, seesWhy, onOpen }: HoldTableProps) {
  const said = words().holds;
  const { column } = said;
  const nameOf = useCameraNames();
  const camerasOf = ({ cameras }: HoldView) => cameras.map(nameOf).join(', ');
  return (
    <Table
      caption={said.title}
      rows={rows}
      keyOf={({ id }) => id}
      columns={[
        {
          title: column.what,
          cell: (hold) => (
            <span class={styles.held}>
              <span class={styles.heldName}>
                <Icon name="hold" size={16} /> {camerasOf(hold)}
              </span>
              <span class="figures">{rangeText(hold)}</span>
            </span>
          ),
        },
        { title: column.kind, cell: ({ kind }) => said.kind[kind] },
        { title: column.state, cell: (hold) => <State hold={hold} /> },
        {
          title: column.reason,
          cell: ({ id }) => {
            const reason = why.get(id);
            return reason ? (
              said.reasonBy(reason)
            ) : (
              <span class={styles.quiet}>{seesWhy ? '' : said.sealed}</span>
            );
          },
        },
        {
          title: column.end,
          cell: ({ end, endsSoon }) => (
            <span class={styles.badges}>
              {siteTimeText(Date.parse(end))} {endsSoon && <Badge kind="due">{said.endsSoon}</Badge>}
            </span>
          ),
        },
        {
          title: column.size,
          number: true,
          cell: ({ bytes }) => <span class={styles.oneLine}>{sizeText(bytes)}</span>,
        },
        {
          title: '',
          cell: (hold) =>
            seesWhy && (
              <span class={styles.oneLine}>
                <Button
                  small
                  spoken={said.openSpoken({ what: `${camerasOf(hold)} ${rangeText(hold)}` })}
                  onPress={() => onOpen(hold.id)}
                >
                  {said.open}
                </Button>
              </span>
            ),
        },
      ]}
    />
  );
}

function State({ hold: { state, kind, reported, reviewDue, missed } }: { readonly hold: HoldView }) {
  const said = words().holds;
  return (
    <span class={styles.badges}>
      <Badge kind={state === 'ended' ? 'due' : 'hold'} icon={state === 'ended' ? 'erasing' : 'hold'}>
        {said.state[state]}
      </Badge>
      {reported && kind === 'desk' && (
        <Badge kind="alarm" icon="alarm">
          {said.reported}
        </Badge>
      )}
      {reviewDue && <Badge kind="due">{said.reviewDue}</Badge>}
      {missed > 0 && (
        <Badge kind="alarm" icon="alarm">
          {said.missed({ count: missed })}
        </Badge>
      )}
    </span>
  );
}
