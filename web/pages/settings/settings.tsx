import { useState } from 'preact/hooks';
import { settingsSchema } from '../../../src/contract/settings.ts';
import { get } from '../../api/client.ts';
import { useResource } from '../../api/resource.ts';
import { words as frameWords } from '../../app/words.ts';
import { PageHead } from '../../ui/page-head.tsx';
import { Loaded, Skeleton } from '../../ui/states.tsx';
import { Tabs } from '../../ui/tabs.tsx';
import { Changes } from './changes.tsx';
import { InForce } from './in-force.tsx';
import { OnDisk } from './on-disk.tsx';
import styles from './settings.module.css';
import { words } from './words.ts';

/** cameras.yml as it is in force, what of the file is not, and when it was edited. */
export default function Settings() {
  const said = words();
  const { pages } = frameWords();
  const [tab, setTab] = useState<'settings' | 'changes'>('settings');
  const view = useResource((signal) => get('/api/settings', settingsSchema, { signal }), { everyMs: 30_000 });
  return (
    <>
      <PageHead title={pages.settings}>
        {said.about({ file: view.state === 'ready' ? view.value.file : 'cameras.yml' })}
      </PageHead>
      <Tabs
        label={pages.settings}
        chosen={tab}
        onChosen={setTab}
        tabs={(['settings', 'changes'] as const).map((id) => ({ id, title: said.tabs[id] }))}
      >
        {tab === 'changes' ? (
          <Changes />
        ) : (
          <Loaded of={view} skeleton={<Skeleton lines={20} />}>
            {(known) => (
              <div class={styles.cards}>
                <OnDisk file={known.onDisk} />
                <InForce settings={known.settings} />
              </div>
            )}
          </Loaded>
        )}
      </Tabs>
    </>
  );
}
