import { useRef, useState } from 'preact/hooks';
import { useResource } from '../../api/resource.ts';
import { go } from '../../app/router.tsx';
import { Button } from '../../ui/button.tsx';
import { PageHead } from '../../ui/page-head.tsx';
import { Loaded, Skeleton } from '../../ui/states.tsx';
import { told } from '../../ui/toast.tsx';
import { askCameras, askGrants, askPurposes, askViewings } from './api.ts';
import { OwnGrants } from './own-grants.tsx';
import { PurposeSheet } from './purpose/sheet.tsx';
import { Running } from './running.tsx';
import { cameBack } from './told.ts';
import { words } from './words.ts';

const LOOK_MS = 15_000;

/** Where looking at recordings begins: what for, then what. And what is open, or waits for an officer. */
export default function Review() {
  const said = words();
  const own = useResource(
    async (signal) => ({ grants: await askGrants(signal), viewings: await askViewings(signal) }),
    { everyMs: LOOK_MS },
  );
  const names = useResource(async (signal) => ({
    cameras: await askCameras(signal),
    purposes: await askPurposes(signal),
  }));
  const [chosen, setAsking] = useState<boolean>();
  // Nothing to return to: whoever comes here wants to look. What ends later opens no sheet under anybody's hands.
  const hadNothing = useRef<boolean>(undefined);
  if (own.state === 'ready')
    hadNothing.current ??= own.value.viewings.every(
      ({ closed, kind }) => closed !== undefined || kind !== 'recorded',
    );
  const [isBack] = useState(cameBack);
  const isAsking = chosen ?? (hadNothing.current === true && !isBack);
  const start = (
    <Button kind="primary" icon="play" onPress={() => setAsking(true)}>
      {said.start}
    </Button>
  );
  return (
    <>
      <PageHead title={said.title} action={start}>
        {said.about}
      </PageHead>
      <Loaded of={own} skeleton={<Skeleton lines={6} />}>
        {({ grants, viewings }) => (
          <>
            <Running
              viewings={viewings}
              grants={grants}
              names={names.state === 'ready' ? names.value : undefined}
            />
            <OwnGrants
              grants={grants}
              names={names.state === 'ready' ? names.value : undefined}
              onChanged={own.reload}
            />
          </>
        )}
      </Loaded>
      {isAsking && (
        <PurposeSheet
          onClose={() => setAsking(false)}
          onOpened={(viewing) => go(`/review/${viewing}`)}
          onRequested={() => {
            setAsking(false);
            told(said.requested);
            own.reload();
          }}
        />
      )}
    </>
  );
}
