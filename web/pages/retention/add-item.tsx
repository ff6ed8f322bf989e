import { useState } from 'preact/hooks';
import { z } from 'zod';
import { holdSchema } from '../../../src/contract/holds.ts';
import { handedOutSchema, ITEM_KINDS } from '../../../src/contract/items.ts';
import { get, post } from '../../api/client.ts';
import { withProof } from '../../api/proof.ts';
import { useResource } from '../../api/resource.ts';
import { useCameraNames } from '../../app/camera-names.tsx';
import { nowMs } from '../../app/clock.ts';
import { siteFields } from '../../app/site-instant.ts';
import { useWorking } from '../../app/working.ts';
import { Button } from '../../ui/button.tsx';
import { Actions } from '../../ui/card.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Fault, Field, Select } from '../../ui/field.tsx';
import { Form } from '../../ui/form.tsx';
import { rangeText } from './range-text.ts';
import styles from './retention.module.css';
import { words } from './words.ts';

const holdsAnswer = z.strictObject({ holds: z.array(holdSchema) });
const NO_HOLD = '';

interface AddItemProps {
  readonly onClose: () => void;
  readonly onDone: () => void;
}

/** Something leaves the house: what, on what, to whom, until when. Its number has to be written on it. */
export function AddItem({ onClose, onDone }: AddItemProps) {
  const said = words().items;
  const nameOf = useCameraNames();
  const working = useWorking();
  const holds = useResource((signal) => get('/api/holds', holdsAnswer, { signal }));
  const [today] = useState(() => siteFields(nowMs()).day);
  const [kind, setKind] = useState<(typeof ITEM_KINDS)[number]>('usb');
  const [what, setWhat] = useState('');
  const [to, setTo] = useState('');
  const [due, setDue] = useState('');
  const [hold, setHold] = useState(NO_HOLD);
  const [isTried, setTried] = useState(false);
  const [given, setGiven] = useState<z.output<typeof handedOutSchema>>();
  const missing = (text: string) => (isTried && text.trim() === '' ? said.missing : undefined);
  const submit = () => {
    setTried(true);
    if (what.trim() === '' || to.trim() === '') return;
    working.run(async () => {
      const asked = {
        kind,
        what: what.trim(),
        to: to.trim(),
        ...(due !== '' && { due }),
        ...(hold !== NO_HOLD && { hold }),
      };
      setGiven(await withProof('approval', () => post('/api/items', asked, handedOutSchema)));
      onDone();
    });
  };
  if (given)
    return (
      <Dialog title={said.given} onClose={onClose}>
        <p class={`${styles.big} figures`} role="status">
          {said.number({ item: given.item })}
        </p>
        <p>{said.writeIt({ entry: given.entry })}</p>
        <Actions>
          <Button kind="primary" icon="check" onPress={onClose}>
            {said.written}
          </Button>
        </Actions>
      </Dialog>
    );
  const rows = holds.state === 'ready' ? holds.value.holds : [];
  return (
    <Dialog title={said.add} onClose={onClose}>
      <Form onSubmit={submit}>
        <Select
          label={said.kindTitle}
          value={kind}
          options={ITEM_KINDS.map((value) => ({ value, label: said.kind[value] ?? value }))}
          onValue={setKind}
        />
        <Field
          label={said.what}
          hint={said.whatHint}
          fault={missing(what)}
          value={what}
          maxLength={300}
          onValue={setWhat}
        />
        <Field label={said.to} fault={missing(to)} value={to} maxLength={300} onValue={setTo} />
        <div class={styles.row}>
          <Field label={said.due} optional type="date" value={due} min={today} onValue={setDue} />
          <Select
            label={said.fromHold}
            optional
            value={hold}
            options={[
              { value: NO_HOLD, label: said.noHold },
              ...rows.map((one) => ({
                value: one.id,
                label: `${one.cameras.map(nameOf).join(', ')} ${rangeText(one)}`,
              })),
            ]}
            onValue={setHold}
          />
        </div>
        <p>{said.recorded}</p>
        {working.fault && <Fault sentence={working.fault.sentence} />}
        <Actions>
          <Button kind="primary" type="submit" icon="out" busy={working.busy}>
            {said.submitAdd}
          </Button>
        </Actions>
      </Form>
    </Dialog>
  );
}
