import { useEffect, useRef, useState } from 'preact/hooks';
import { type SearchView, searchSchema } from '../../../src/contract/camera-search.ts';
import { get, send } from '../../api/client.ts';
import { useResource } from '../../api/resource.ts';
import { Link } from '../../app/router.tsx';
import { useWorking } from '../../app/working.ts';
import { Fault } from '../../ui/field.tsx';
import { PageHead } from '../../ui/page-head.tsx';
import { Loaded, Progress } from '../../ui/states.tsx';
import { Describe } from './describe.tsx';
import { Discovery } from './discovery.tsx';
import styles from './find.module.css';
import { words } from './words.ts';

/** From a network to an entry for cameras.yml. One search at a time on the whole site; nothing is written. */
export default function Find() {
  const said = words().search;
  const asked = useResource((signal) => get('/api/camera-search', searchSchema, { signal }), {
    everyMs: 1000,
  });
  const working = useWorking();
  const [deviceUrl, setDeviceUrl] = useState('');
  const details = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (deviceUrl !== '') details.current?.querySelector('input')?.focus();
  }, [deviceUrl]);
  return (
    <>
      <PageHead title={said.title} action={<Link to="/cameras">{words().one.back}</Link>}>
        {said.about}
      </PageHead>
      <Loaded of={asked}>
        {({ search }) => (
          <div class={styles.steps}>
            <Discovery search={search} onBegun={asked.reload} onChosen={setDeviceUrl} />
            <Running
              search={search}
              onCancel={() =>
                working.run(async () => {
                  await send('DELETE', '/api/camera-search');
                  asked.reload();
                })
              }
            />
            {working.fault && <Fault sentence={working.fault.sentence} />}
            <div ref={details} class={styles.steps}>
              <Describe key={deviceUrl} deviceUrl={deviceUrl} search={search} onBegun={asked.reload} />
            </div>
          </div>
        )}
      </Loaded>
    </>
  );
}

function Running({
  search,
  onCancel,
}: {
  readonly search: SearchView['search'];
  readonly onCancel: () => void;
}) {
  const said = words().search;
  if (search?.state === 'cancelled') return <p role="status">{said.cancelled}</p>;
  if (search?.state === 'failed' && search.error) return <Fault sentence={search.error.message} />;
  if (search?.state !== 'running') return null;
  const done = Math.min(0.95, search.elapsedMs / search.expectedMs);
  return <Progress label={said.running} done={done} onCancel={onCancel} />;
}
