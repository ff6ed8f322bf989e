import { useState } from 'preact/hooks';
import { z } from 'zod';
import { cameraSchema } from '../../../src/contract/cameras.ts';
import { holdSchema } from '../../../src/contract/holds.ts';
import { get, post } from '../../api/client.ts';
import { useResource } from '../../api/resource.ts';
import { nowMs } from '../../app/clock.ts';
import { language } from '../../app/language.ts';
import { siteFields, siteInstant } from '../../app/site-instant.ts';
import { siteTimeText } from '../../app/site-time.ts';
import { useWorking } from '../../app/working.ts';
import { Button } from '../../ui/button.tsx';
import { Actions } from '../../ui/card.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Fault, Field, Select, TextArea } from '../../ui/field.tsx';
import { Form } from '../../ui/form.tsx';
import { EmptyState, Loaded } from '../../ui/states.tsx';
import { told } from '../../ui/toast.tsx';
import styles from './retention.module.css';
import { words } from './words.ts';

const cameras = z.strictObject({ cameras: z.array(cameraSchema) });
const LEAST_REASON = 5;
const HOUR_MS = 3_600_000;

interface AddHoldProps {
  readonly onClose: () => void;
  readonly onDone: () => void;
}

/** Ten seconds at the desk: which camera, when, why. */
export function AddHold({ onClose, onDone }: AddHoldProps) {
  const said = words().add;
  const mine = useResource((signal) => get('/api/cameras', cameras, { signal, query: { may: 'hold' } }));
  return (
    <Dialog title={said.title} onClose={onClose}>
      <p>{said.about}</p>
      <Loaded of={mine}>
        {({ cameras: may }) =>
          may.length === 0 ? <EmptyState title={said.noCamera} /> : <Sheet may={may} onDone={onDone} />
        }
      </Loaded>
    </Dialog>
  );
}

function Sheet({
  may,
  onDone,
}: {
  readonly may: z.output<typeof cameras>['cameras'];
  readonly onDone: () => void;
}) {
  const said = words().add;
  const working = useWorking();
  const [now] = useState(() => siteFields(nowMs()));
  const [camera, setCamera] = useState(may[0]?.id ?? '');
  const [day, setDay] = useState(now.day);
  const [from, setFrom] = useState(() => siteFields(nowMs() - HOUR_MS).time);
  const [to, setTo] = useState(now.time);
  const [reason, setReason] = useState('');
  const [faults, setFaults] = useState<{ time?: string; reason?: string }>({});

  const submit = () => {
    const [fromMs, toMs] = [siteInstant(day, from), siteInstant(day, to)];
    const wrong = {
      ...((fromMs === undefined || toMs === undefined || fromMs >= toMs || toMs > nowMs()) && {
        time: said.badTime,
      }),
      ...(reason.trim().length < LEAST_REASON && { reason: said.badReason }),
    };
    setFaults(wrong);
    if (Object.keys(wrong).length > 0 || fromMs === undefined || toMs === undefined) return;
    working.run(async () => {
      const asked = {
        cameras: [camera],
        from: new Date(fromMs).toISOString(),
        to: new Date(toMs).toISOString(),
        reason: reason.trim(),
      };
      const { end } = await post('/api/holds', asked, holdSchema);
      told(said.done({ end: siteTimeText(Date.parse(end)) }));
      onDone();
    });
  };
  return (
    <Form onSubmit={submit}>
      <Select
        label={said.camera}
        value={camera}
        options={may.map(({ id, name }) => ({ value: id, label: name[language.value] }))}
        onValue={setCamera}
      />
      <div class={styles.row}>
        <Field label={said.day} type="date" value={day} max={now.day} onValue={setDay} />
        <Field label={said.from} type="time" value={from} onValue={setFrom} />
        <Field label={said.to} type="time" value={to} onValue={setTo} />
      </div>
      {faults.time !== undefined && <Fault sentence={faults.time} />}
      <TextArea
        label={said.reason}
        hint={said.reasonHint}
        fault={faults.reason}
        value={reason}
        maxLength={1000}
        rows={3}
        onValue={setReason}
      />
      {working.fault && <Fault sentence={working.fault.sentence} />}
      <Actions>
        <Button kind="primary" type="submit" icon="hold" busy={working.busy}>
          {said.submit}
        </Button>
      </Actions>
    </Form>
  );
}
