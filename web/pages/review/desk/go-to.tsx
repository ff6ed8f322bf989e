import { useState } from 'preact/hooks';
import { timeZone } from '../../../app/site.ts';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { Field } from '../../../ui/field.tsx';
import { Form } from '../../../ui/form.tsx';
import { words } from '../words.ts';
import { clockOf, dayOf, msOf } from '../zone.ts';
import styles from './desk.module.css';

interface GoToProps {
  readonly atUs: number;
  readonly range: { readonly fromUs: number; readonly toUs: number };
  readonly onChosen: (atUs: number) => void;
  readonly onClose: () => void;
}

/** To a date and time, within what was opened. */
export function GoTo({ atUs, range, onChosen, onClose }: GoToProps) {
  const said = words().goTo;
  const zone = timeZone();
  const [day, setDay] = useState(dayOf(zone, atUs / 1000));
  const [clock, setClock] = useState(clockOf(zone, atUs / 1000));
  const [fault, setFault] = useState<string>();
  const submit = () => {
    const ms = msOf(zone, day, clock);
    if (ms === undefined) return setFault(said.malformed);
    const wantedUs = ms * 1000;
    if (wantedUs < range.fromUs - 999_999 || wantedUs >= range.toUs) return setFault(said.outside);
    onChosen(wantedUs);
    onClose();
  };
  return (
    <Dialog title={said.title} onClose={onClose}>
      <Form onSubmit={submit}>
        <div class={styles.goTo}>
          <Field label={said.day} type="date" value={day} onValue={setDay} />
          <Field
            first
            label={said.time}
            type="time"
            step={1}
            value={clock}
            onValue={setClock}
            fault={fault}
          />
        </div>
        <Button kind="primary" type="submit">
          {said.go}
        </Button>
      </Form>
    </Dialog>
  );
}
