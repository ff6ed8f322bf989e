import type { Today } from '../../../src/contract/today.ts';
import { send } from '../../api/client.ts';
import { siteTimeText } from '../../app/site-time.ts';
import { useWorking } from '../../app/working.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Actions, Card } from '../../ui/card.tsx';
import { Fault } from '../../ui/field.tsx';
import { told } from '../../ui/toast.tsx';
import styles from './today.module.css';
import { words } from './words.ts';

interface AlarmCardProps {
  readonly alarms: NonNullable<Today['alarms']>;
  readonly onDone: () => void;
}

/** The one alarm that matters most: what stands, since when, and what to do, in the server's sentence. */
export function AlarmCard({ alarms: { worst, count }, onDone }: AlarmCardProps) {
  const said = words().alarm;
  const working = useWorking();
  if (!worst) return null;
  return (
    <div class={styles.alarm}>
      <Card
        title={said.title}
        aside={
          <Badge kind={worst.severity === 'serious' ? 'alarm' : 'due'} icon="alarm">
            {said.severity[worst.severity] ?? worst.severity}
          </Badge>
        }
      >
        <p>{worst.sentence}</p>
        <p class={styles.quiet}>
          {said.since({ at: siteTimeText(Date.parse(worst.since), { seconds: true }) })}
          {worst.taken && ` · ${said.taken}`}
          {count > 1 && ` · ${said.more({ count: count - 1 })}`}
        </p>
        {working.fault && <Fault sentence={working.fault.sentence} />}
        <Actions>
          <Button
            busy={working.busy}
            onPress={() =>
              working.run(async () => {
                await send('POST', `/api/alarms/${worst.id}/acknowledge`);
                told(said.acknowledged);
                onDone();
              })
            }
          >
            {said.acknowledge}
          </Button>
        </Actions>
      </Card>
    </div>
  );
}
