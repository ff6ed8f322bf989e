import { useResource } from '../../api/resource.ts';
import type { PageProps } from '../../app/routes.ts';
import { EmptyState, Loaded, Skeleton } from '../../ui/states.tsx';
import { askCameras, askPurposes, askViewing } from './api.ts';
import { Desk } from './desk/desk.tsx';
import { Over } from './desk/over.tsx';
import { words } from './words.ts';

/** Whether it still runs is asked so often, also while nothing is fetched: what was revoked is not left on screen. */
const LOOK_MS = 4000;

/** One viewing, for as long as it is open; a page that is loaded anew goes on with it. */
export default function ViewingPage({ params: { id = '' } }: PageProps) {
  const own = useResource((signal) => askViewing(id, signal), { of: [id], everyMs: LOOK_MS });
  const names = useResource(async (signal) => ({
    cameras: await askCameras(signal),
    purposes: await askPurposes(signal),
  }));
  return (
    <Loaded of={own} skeleton={<Skeleton lines={12} />}>
      {({ viewing, grant }) => {
        if (viewing.closed !== undefined)
          return (
            <Over
              viewing={viewing.id}
              outcome={viewing.outcome}
              grant={grant}
              names={names.state === 'ready' ? names.value : undefined}
            />
          );
        if (viewing.kind !== 'recorded' || grant.from === undefined || grant.to === undefined)
          return <EmptyState title={words().over.notRecorded} />;
        if (!('VideoDecoder' in window))
          return <EmptyState title={words().over.noDecoder}>{words().over.whichBrowser}</EmptyState>;
        return (
          <Loaded of={names} skeleton={<Skeleton lines={12} />}>
            {(known) => (
              <Desk key={viewing.id} viewing={viewing.id} grant={grant} names={known} onEnded={own.reload} />
            )}
          </Loaded>
        );
      }}
    </Loaded>
  );
}
