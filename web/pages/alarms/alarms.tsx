import { useState } from 'preact/hooks';
import { alarmsSchema } from '../../../src/contract/alarms.ts';
import { get } from '../../api/client.ts';
import { useResource } from '../../api/resource.ts';
import { language } from '../../app/language.ts';
import { words as frameWords } from '../../app/words.ts';
import { RadioGroup } from '../../ui/choice.tsx';
import { PageHead } from '../../ui/page-head.tsx';
import { EmptyState, Loaded, Skeleton } from '../../ui/states.tsx';
import { AlarmCard } from './alarm-card.tsx';
import styles from './alarms.module.css';
import { words } from './words.ts';

const LOOK_MS = 10_000;

/** What needs a person: the alarms that stand, or all of the last ones. */
export default function Alarms() {
  const said = words();
  const [shown, setShown] = useState<'standing' | 'over'>('standing');
  const alarms = useResource(
    (signal) =>
      get('/api/alarms', alarmsSchema, { signal, query: { over: shown === 'over' ? 'yes' : undefined } }),
    { of: [shown, language.value], everyMs: LOOK_MS },
  );
  return (
    <div class={styles.alarms}>
      <PageHead title={frameWords().pages.alarms}>{said.about}</PageHead>
      <RadioGroup
        label={said.show}
        value={shown}
        options={[
          { value: 'standing', label: said.standing },
          { value: 'over', label: said.over },
        ]}
        onValue={setShown}
      />
      <Loaded of={alarms} skeleton={<Skeleton lines={6} />}>
        {({ alarms: list }) =>
          list.length === 0 ? (
            <EmptyState title={shown === 'standing' ? said.none : said.noneOver}>
              {said.howTheyCome}
            </EmptyState>
          ) : (
            <ul class={styles.list}>
              {list.map((alarm) => (
                <li key={alarm.id}>
                  <AlarmCard alarm={alarm} onHandled={alarms.reload} />
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </div>
  );
}
