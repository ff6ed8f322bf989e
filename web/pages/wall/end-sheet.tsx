import { useState } from 'preact/hooks';
import { isApiError } from '../../api/api-error.ts';
import { words as frameWords } from '../../app/words.ts';
import { useWorking } from '../../app/working.ts';
import { Button } from '../../ui/button.tsx';
import { Actions } from '../../ui/card.tsx';
import { RadioGroup } from '../../ui/choice.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Fault, Field } from '../../ui/field.tsx';
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
        {working.fault && <Fault sentence={working.fault.sentence} />}
        <Actions>
          <Button kind="primary" type="submit" busy={working.busy}>
            {said.submit}
          </Button>
          <Button onPress={onClose}>{frameWords().cancel}</Button>
        </Actions>
      </Form>
    </Dialog>
  );
}
