import { useState } from 'preact/hooks';
import { z } from 'zod';
import { post } from '../../api/client.ts';
import { withProof } from '../../api/proof.ts';
import { nowMs } from '../../app/clock.ts';
import { siteFields } from '../../app/site-instant.ts';
import { useWorking } from '../../app/working.ts';
import { Button } from '../../ui/button.tsx';
import { Actions } from '../../ui/card.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Fault, Field, Select } from '../../ui/field.tsx';
import { Form } from '../../ui/form.tsx';
import { told } from '../../ui/toast.tsx';
import styles from './retention.module.css';
import { words } from './words.ts';

const done = z.strictObject({ entry: z.int(), row: z.int().optional() });
const METHODS = ['shred', 'burn', 'wipe'] as const;

interface ItemDialogProps {
  readonly item: string;
  readonly how: 'returned' | 'destroyed';
  readonly onClose: () => void;
  readonly onDone: () => void;
}

/** It is back, or it was destroyed: on which day, how, and who was there. */
export function ItemDialog({ item, how, onClose, onDone }: ItemDialogProps) {
  const said = words().items;
  const working = useWorking();
  const [today] = useState(() => siteFields(nowMs()).day);
  const [on, setOn] = useState(today);
  const [method, setMethod] = useState<(typeof METHODS)[number]>('shred');
  const [witness, setWitness] = useState('');
  const [note, setNote] = useState('');
  const isDestroyed = how === 'destroyed';
  const submit = () =>
    working.run(async () => {
      const asked = {
        on,
        ...(isDestroyed && { method }),
        ...(isDestroyed && witness.trim() !== '' && { witness: witness.trim() }),
        ...(note.trim() !== '' && { note: note.trim() }),
      };
      const { entry } = await withProof('approval', () => post(`/api/items/${item}/${how}`, asked, done));
      told(said.done({ entry }));
      onDone();
    });
  return (
    <Dialog
      title={isDestroyed ? said.dialogDestroyed({ item }) : said.dialogReturned({ item })}
      onClose={onClose}
    >
      <Form onSubmit={submit}>
        <div class={styles.row}>
          <Field label={said.on} type="date" value={on} max={today} onValue={setOn} first />
          {isDestroyed && (
            <Select
              label={said.method}
              value={method}
              options={METHODS.map((value) => ({ value, label: said.methods[value] }))}
              onValue={setMethod}
            />
          )}
        </div>
        {isDestroyed && (
          <Field label={said.witness} optional value={witness} maxLength={300} onValue={setWitness} />
        )}
        <Field label={said.note} optional value={note} maxLength={300} onValue={setNote} />
        {working.fault && <Fault sentence={working.fault.sentence} />}
        <Actions>
          <Button kind="primary" type="submit" busy={working.busy}>
            {isDestroyed ? said.submitDestroyed : said.submitReturned}
          </Button>
        </Actions>
      </Form>
    </Dialog>
  );
}
