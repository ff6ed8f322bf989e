import { useState } from 'preact/hooks';
import { isApiError } from '../../api/api-error.ts';
import { useWorking } from '../../app/working.ts';
import { RadioGroup } from '../../ui/choice.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { DialogEnd } from '../../ui/dialog-end.tsx';
import { Field } from '../../ui/field.tsx';
import { Form } from '../../ui/form.tsx';
import { told } from '../../ui/toast.tsx';
import { askOutcome, closeViewing } from './api.ts';
import { now, type Shift } from './shift.ts';
import { words } from './words.ts';

type Outcome = 'no_finding' | 'incident';

/** What became of the shift: one click when nothing did. */
export function EndSheet({ shift, onClose }: { readonly shift: Shift; readonly onClose: () => void }) {
  const said = words().end;
  const [outcome, setOutcome] = useState<Outcome>('no_finding');
  const [incident, setIncident] = useState('');
  const working = useWorking();
  const end = () =>
    working.run(async () => {
      try {
        await closeViewing(shift.viewing, outcome, outcome === 'incident' ? incident.trim() : undefined);
      } catch (error) {
        if (!isApiError(error, 'viewing_over')) throw error;
        // It ended by itself meanwhile: how, is what the page says.
        now.value = { at: 'over', shift, outcome: (await askOutcome(shift.viewing)) ?? 'other' };
        return;
      }
      told(said.done);
      now.value = { at: 'over', shift, outcome };
    });
  return (
    <Dialog title={said.title} onClose={onClose}>
      <Form onSubmit={end}>
        <RadioGroup
          label={said.outcome}
          value={outcome}
          options={[
            { value: 'no_finding', label: said.noFinding },
            { value: 'incident', label: said.incident },
          ]}
          onValue={setOutcome}
        />
        {outcome === 'incident' && (
          <Field
            label={said.incidentLabel}
            hint={said.incidentHint}
            optional
            maxLength={64}
            value={incident}
            onValue={setIncident}
          />
        )}
        <p>{said.recorded}</p>
        <DialogEnd working={working} does={said.submit} onClose={onClose} />
      </Form>
    </Dialog>
  );
}
