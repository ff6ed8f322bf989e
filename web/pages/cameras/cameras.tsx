import { z } from 'zod';
import { cameraHealthSchema, cameraSchema } from '../../../src/contract/cameras.ts';
import { isApiError } from '../../api/api-error.ts';
import { get } from '../../api/client.ts';
import { useResource } from '../../api/resource.ts';
import { language } from '../../app/language.ts';
import { go, Link } from '../../app/router.tsx';
import { whoIsIn } from '../../app/session.ts';
import { words as frameWords } from '../../app/words.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { PageHead } from '../../ui/page-head.tsx';
import { EmptyState, Loaded, Skeleton } from '../../ui/states.tsx';
import { Table } from '../../ui/table.tsx';
import { Time } from '../../ui/time.tsx';
import { mayFind } from './may-find.ts';
import { words } from './words.ts';

const listSchema = z.strictObject({ cameras: z.array(cameraSchema) });
const healthListSchema = z.strictObject({ at: z.iso.datetime(), cameras: z.array(cameraHealthSchema) });
type Health = z.output<typeof cameraHealthSchema>;

/** The register as a list, with how each camera is now. Without the recorder it is a register all the same. */
export default function Cameras() {
  const said = words();
  const rows = useResource(
    async (signal) => {
      const { cameras } = await get('/api/cameras', listSchema, { signal });
      const health = await get('/api/cameras/health', healthListSchema, { signal }).catch(
        (error: unknown) => {
          if (isApiError(error, 'recorder_not_running')) return undefined;
          throw error;
        },
      );
      return { cameras, health };
    },
    { everyMs: 10_000 },
  );
  const spoken = language.value;
  return (
    <>
      <PageHead
        title={frameWords().pages.cameras}
        action={
          mayFind(whoIsIn()?.role) && (
            <Button icon="search" onPress={() => go('/cameras/find')}>
              {said.find}
            </Button>
          )
        }
      >
        {said.about}
      </PageHead>
      <Loaded of={rows} skeleton={<Skeleton lines={13} />}>
        {({ cameras, health }) => {
          const healthOf = (id: string) => health?.cameras.find((one) => one.id === id);
          if (cameras.length === 0) return <EmptyState title={said.none}>{said.howTheyCome}</EmptyState>;
          return (
            <>
              {!health && <p role="status">{said.noHealth}</p>}
              <Table
                caption={said.list}
                rows={cameras}
                keyOf={({ id }) => id}
                columns={[
                  {
                    title: said.column.name,
                    cell: ({ id, name }) => <Link to={`/cameras/${id}`}>{`${id} · ${name[spoken]}`}</Link>,
                  },
                  { title: said.column.place, cell: ({ place }) => place[spoken] },
                  { title: said.column.zone, cell: ({ zone }) => said.zone[zone] },
                  { title: said.column.state, cell: ({ id }) => <State health={healthOf(id)} /> },
                  {
                    title: said.column.fps,
                    number: true,
                    cell: ({ id }) => healthOf(id)?.streams[0]?.fps.toFixed(1) ?? '',
                  },
                  {
                    title: said.column.rate,
                    number: true,
                    cell: ({ id }) => rateOf(healthOf(id), said.mbit),
                  },
                  { title: said.column.since, cell: ({ id }) => <Gap health={healthOf(id)} /> },
                ]}
              />
            </>
          );
        }}
      </Loaded>
    </>
  );
}

function State({ health }: { readonly health: Health | undefined }) {
  const said = words();
  if (!health) return <Badge>{said.unknown}</Badge>;
  if (!health.pulled) return <Badge>{said.notPulled}</Badge>;
  return health.recording ? (
    <Badge kind="well" icon="check">
      {said.recording}
    </Badge>
  ) : (
    <Badge kind="alarm" icon="alarm">
      {said.notRecording}
    </Badge>
  );
}

function Gap({ health }: { readonly health: Health | undefined }) {
  const gap = health?.streams.find((stream) => stream.gap)?.gap;
  if (!gap) return null;
  const { gaps } = words();
  return (
    <>
      <Time at={gap.since} seconds /> · {gaps[gap.cause as keyof typeof gaps] ?? gap.cause}
    </>
  );
}

function rateOf(health: Health | undefined, mbit: (facts: { value: string }) => string): string {
  if (!health || health.streams.length === 0) return '';
  const sum = health.streams.reduce((bits, { bitsPerSecond }) => bits + bitsPerSecond, 0);
  return mbit({ value: (sum / 1e6).toFixed(2) });
}
