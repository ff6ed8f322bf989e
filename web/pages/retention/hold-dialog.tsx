import { useState } from 'preact/hooks';
import { z } from 'zod';
import type { Me } from '../../../src/contract/auth.ts';
import { TAKING_OVER } from '../../../src/contract/hold-kinds.ts';
import { type HoldView, holdPageSchema, holdSchema } from '../../../src/contract/holds.ts';
import { purposeSchema } from '../../../src/contract/viewings.ts';
import { isApiError } from '../../api/api-error.ts';
import { get, post } from '../../api/client.ts';
import { withProof } from '../../api/proof.ts';
import { useResource } from '../../api/resource.ts';
import { useCameraNames } from '../../app/camera-names.tsx';
import { language } from '../../app/language.ts';
import { siteTimeText } from '../../app/site-time.ts';
import { useWorking } from '../../app/working.ts';
import { Button } from '../../ui/button.tsx';
import { Actions } from '../../ui/card.tsx';
import { RadioGroup } from '../../ui/choice.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Fault, Select, TextArea } from '../../ui/field.tsx';
import { Form } from '../../ui/form.tsx';
import { Loaded, Skeleton } from '../../ui/states.tsx';
import { told } from '../../ui/toast.tsx';
import { rangeText } from './range-text.ts';
import styles from './retention.module.css';
import { words } from './words.ts';

const purposesAnswer = z.strictObject({ purposes: z.array(purposeSchema) });
const LEAST_REASON = 5;

interface HoldDialogProps {
  readonly me: Me;
  readonly id: string;
  readonly onClose: () => void;
  readonly onChanged: () => void;
}

/** One hold with all that was done to it, and what an officer can do now. */
export function HoldDialog({ me, id, onClose, onChanged }: HoldDialogProps) {
  const said = words();
  const known = useResource((signal) => get(`/api/holds/${id}`, holdPageSchema, { signal }), { of: [id] });
  const nameOf = useCameraNames();
  const purposes = useResource((signal) => get('/api/purposes', purposesAnswer, { signal }));
  const purposeName = (purpose: string) =>
    (purposes.state === 'ready' &&
      purposes.value.purposes.find((one) => one.id === purpose)?.[language.value]) ||
    purpose;
  return (
    <Dialog title={said.hold.title} wide onClose={onClose}>
      <Loaded of={known} skeleton={<Skeleton lines={6} />}>
        {({ hold, purpose, history, missed }) => (
          <div class={styles.page}>
            <p class={styles.held}>
              <strong>
                {hold.cameras.map(nameOf).join(', ')} · {said.holds.kind[hold.kind]} ·{' '}
                {said.holds.state[hold.state]}
              </strong>
              <span class="figures">{rangeText(hold)}</span>
              <span>
                {said.holds.column.end} {siteTimeText(Date.parse(hold.end))} ·{' '}
                {said.holds.files({ files: hold.files })}
              </span>
            </p>
            {purpose !== undefined && <p>{said.hold.reported({ purpose: purposeName(purpose) })}</p>}
            <section>
              <h3>{said.hold.history}</h3>
              {history.length === 0 && <p>{said.hold.noHistory}</p>}
              <ul class={styles.history}>
                {history.map(({ at, did, by, reason }) => (
                  <li key={at + did}>
                    <span class={`figures ${styles.quiet}`}>{siteTimeText(Date.parse(at))}</span>{' '}
                    <strong>{said.hold.did[did]}</strong> {reason} · {by}
                  </li>
                ))}
              </ul>
            </section>
            {missed.length > 0 && (
              <details>
                <summary>{said.hold.missedFiles}</summary>
                <ul>
                  {missed.map(({ file, code }) => (
                    <li key={file}>
                      {file} ({code})
                    </li>
                  ))}
                </ul>
              </details>
            )}
            {me.role === 'officer' && (hold.state === 'held' || hold.state === 'copying') && (
              <Change
                key={hold.revision}
                hold={hold}
                onDone={() => {
                  onChanged();
                  onClose();
                }}
                onSeeNow={() => {
                  onChanged();
                  known.reload();
                }}
              />
            )}
          </div>
        )}
      </Loaded>
    </Dialog>
  );
}

type Act = 'take_over' | 'renew' | 'review' | 'end';
const PATH: Readonly<Record<Act, string>> = {
  take_over: 'take-over',
  renew: 'renew',
  review: 'review',
  end: 'end',
};

interface ChangeProps {
  readonly hold: HoldView;
  readonly onDone: () => void;
  readonly onSeeNow: () => void;
}

function Change({ hold, onDone, onSeeNow }: ChangeProps) {
  const said = words();
  const working = useWorking();
  const acts: readonly Act[] = hold.renewable
    ? ['take_over', 'renew', 'review', 'end']
    : ['take_over', 'review', 'end'];
  const kinds = TAKING_OVER.filter((kind) => kind !== hold.kind);
  const [act, setAct] = useState<Act>('take_over');
  // What was reported as an incident is most likely one.
  const [kind, setKind] = useState(hold.reported ? 'incident' : (kinds[0] ?? 'incident'));
  const [reason, setReason] = useState('');
  const [fault, setFault] = useState<string>();
  const submit = () => {
    const isShort = reason.trim().length < LEAST_REASON;
    setFault(isShort ? said.hold.badReason : undefined);
    if (isShort) return;
    working.run(async () => {
      const asked = { seen: hold.revision, reason: reason.trim(), ...(act === 'take_over' && { kind }) };
      await withProof('approval', () => post(`/api/holds/${hold.id}/${PATH[act]}`, asked, holdSchema));
      told(said.hold.done[act]);
      onDone();
    });
  };
  return (
    <Form onSubmit={submit}>
      <RadioGroup
        label={said.hold.act}
        value={act}
        options={acts.map((value) => ({ value, label: said.hold.acts[value], hint: said.hold.hints[value] }))}
        onValue={setAct}
      />
      {act === 'take_over' && (
        <Select
          label={said.hold.kind}
          value={kind}
          options={kinds.map((value) => ({ value, label: said.holds.kind[value] }))}
          onValue={setKind}
        />
      )}
      <TextArea
        label={said.hold.reason}
        fault={fault}
        value={reason}
        maxLength={1000}
        rows={2}
        onValue={setReason}
      />
      {working.fault && <Fault sentence={working.fault.sentence} />}
      <Actions>
        <Button kind={act === 'end' ? 'danger' : 'primary'} type="submit" busy={working.busy}>
          {said.hold.submit[act]}
        </Button>
        {isApiError(working.fault, 'hold_changed') && <Button onPress={onSeeNow}>{said.hold.seeNow}</Button>}
      </Actions>
    </Form>
  );
}
