import { type CameraView, cameraViewSchema } from '../../../src/contract/camera-views.ts';
import { get, post } from '../../api/client.ts';
import { useResource } from '../../api/resource.ts';
import { lazily } from '../../app/lazily.tsx';
import { useWorking } from '../../app/working.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Actions, Card } from '../../ui/card.tsx';
import { Fault } from '../../ui/field.tsx';
import { EmptyState, Loaded, Skeleton } from '../../ui/states.tsx';
import { Table } from '../../ui/table.tsx';
import { Time } from '../../ui/time.tsx';
import styles from './camera.module.css';
import { Facts } from './facts.tsx';
import { words } from './words.ts';

const ViewPlot = lazily<{ readonly scores: CameraView['scores'] }>(() => import('./view-plot.tsx'));

const percent = (agreement: number | undefined) =>
  agreement === undefined ? '—' : `${Math.round(agreement * 100)} %`;

/** Whether the camera still shows what it showed: a score, and no picture. */
export function View({ id }: { readonly id: string }) {
  const said = words().view;
  const path = `/api/cameras/${encodeURIComponent(id)}/view`;
  const view = useResource((signal) => get(path, cameraViewSchema, { signal }), {
    of: [id],
    everyMs: 60_000,
  });
  const working = useWorking();
  const ask = (what: 'look' | 'accept', body: object) =>
    working.run(async () => {
      await post(`${path}/${what}`, body, cameraViewSchema);
      view.reload();
    });
  return (
    <Loaded of={view} skeleton={<Skeleton lines={6} />}>
      {({ watched, reference, last, scores, mayAccept }) => (
        <Card title={said.title} aside={<State watched={watched} last={last} />}>
          {!watched && <p>{said.notWatched}</p>}
          {last ? (
            <Facts
              of={[
                [
                  said.agreement,
                  last.at === reference ? (
                    said.isReference
                  ) : (
                    <strong class="figures">{percent(scores.at(-1)?.agreement)}</strong>
                  ),
                ],
                [said.looked, <Time at={last.at} seconds />],
                [said.reference, reference ? <Time at={reference} seconds /> : said.noReference],
              ]}
            />
          ) : (
            watched && <EmptyState title={said.never}>{said.neverHow}</EmptyState>
          )}
          {mayAccept && watched && (
            <>
              <Actions>
                <Button busy={working.busy} onPress={() => ask('look', {})}>
                  {said.look}
                </Button>
                {last?.state === 'changed' && (
                  <Button icon="check" busy={working.busy} onPress={() => ask('accept', { at: last.at })}>
                    {said.accept}
                  </Button>
                )}
              </Actions>
              {last?.state === 'changed' && <p class={styles.hint}>{said.acceptHow}</p>}
              {last?.state === 'covered' && <p class={styles.hint}>{said.coveredHow}</p>}
            </>
          )}
          {working.fault && <Fault sentence={working.fault.sentence} />}
          {scores.some(({ agreement }) => agreement !== undefined) && <ViewPlot scores={scores} />}
          {scores.length > 0 && <Scores scores={scores} />}
          <p class={styles.hint}>{said.about}</p>
        </Card>
      )}
    </Loaded>
  );
}

function State({ watched, last }: Pick<CameraView, 'watched' | 'last'>) {
  const said = words().view;
  if (!watched) return <Badge>{said.off}</Badge>;
  if (!last) return <Badge>{said.none}</Badge>;
  return last.state === 'same' ? (
    <Badge kind="well" icon="check">
      {said.states.same}
    </Badge>
  ) : (
    <Badge kind={last.alarm ? 'alarm' : 'due'} icon="alarm">
      {said.states[last.state]}
    </Badge>
  );
}

/** What the plot shows, for whoever reads or hears it. */
function Scores({ scores }: Pick<CameraView, 'scores'>) {
  const said = words().view;
  return (
    <details>
      <summary>{said.asTable}</summary>
      <Table
        caption={said.title}
        rows={[...scores].reverse()}
        keyOf={({ day }) => day}
        columns={[
          { title: said.day, cell: ({ day }) => day },
          { title: said.agreement, number: true, cell: ({ agreement }) => percent(agreement) },
          { title: said.state, cell: ({ state }) => said.states[state] },
        ]}
      />
    </details>
  );
}
