import { useState } from 'preact/hooks';
import type { AlarmView } from '../../../src/contract/alarms.ts';
import { send } from '../../api/client.ts';
import { useWorking } from '../../app/working.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Actions, Card } from '../../ui/card.tsx';
import { Fault, TextArea } from '../../ui/field.tsx';
import { Time } from '../../ui/time.tsx';
import styles from './alarms.module.css';
import { words } from './words.ts';

const BADGE: Readonly<Record<string, 'alarm' | 'due'>> = { serious: 'alarm', warning: 'due' };

interface AlarmCardProps {
  readonly alarm: AlarmView;
  readonly onHandled: () => void;
}

/** What, since when, what it means and what to do, and whose it is. */
export function AlarmCard({ alarm, onHandled }: AlarmCardProps) {
  const said = words();
  const working = useWorking();
  const [note, setNote] = useState('');
  const { id, severity, sentence, since, ended, count, taken, acknowledged } = alarm;
  const stands = ended === undefined;
  const handle = (does: 'take' | 'acknowledge') =>
    working.run(async () => {
      const written = note.trim();
      await send('POST', `/api/alarms/${id}/${does}`, written === '' ? {} : { note: written });
      setNote('');
      onHandled();
    });
  return (
    <Card>
      <p class={styles.head}>
        <Badge kind={stands ? (BADGE[severity] ?? 'quiet') : 'quiet'} icon={stands ? 'alarm' : 'check'}>
          {said.severity[severity] ?? severity}
        </Badge>
        <span class={styles.soft}>
          {said.since} <Time at={since} seconds />
          {!stands && (
            <>
              {' · '}
              {said.ended} <Time at={ended} seconds />
            </>
          )}
          {count > 1 && ` · ${said.count({ count })}`}
        </span>
        {taken && <Badge icon="account">{said.taken}</Badge>}
        {acknowledged && (
          <Badge kind="well" icon="check">
            {said.acknowledged}
          </Badge>
        )}
      </p>
      <p class={styles.sentence}>{sentence}</p>
      {stands && !(taken && acknowledged) && (
        <>
          <TextArea
            label={said.note}
            hint={said.noteHint}
            optional
            maxLength={300}
            rows={2}
            value={note}
            onValue={setNote}
          />
          <Actions>
            {!acknowledged && (
              <Button kind="primary" icon="check" busy={working.busy} onPress={() => handle('acknowledge')}>
                {said.acknowledge}
              </Button>
            )}
            {!taken && (
              <Button icon="account" busy={working.busy} onPress={() => handle('take')}>
                {said.take}
              </Button>
            )}
          </Actions>
        </>
      )}
      {working.fault && <Fault sentence={working.fault.sentence} />}
    </Card>
  );
}
