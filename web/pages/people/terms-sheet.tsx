import { useState } from 'preact/hooks';
import { useWorking } from '../../app/working.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { DialogEnd } from '../../ui/dialog-end.tsx';
import { Field } from '../../ui/field.tsx';
import { Form } from '../../ui/form.tsx';
import { told } from '../../ui/toast.tsx';
import { type Account, setTerms } from './api.ts';
import { changing } from './changing.ts';
import { endOfDay, lastDayOf } from './days.ts';
import { words } from './words.ts';

interface TermsSheetProps {
  readonly account: Account;
  readonly onClose: () => void;
  readonly onChanged: () => void;
}

/** Until when contract and training last. */
export function TermsSheet({ account, onClose, onChanged }: TermsSheetProps) {
  const { terms: said, make, account: steps } = words();
  const [contract, setContract] = useState(lastDayOf(account.contractUntil));
  const [training, setTraining] = useState(lastDayOf(account.trainingUntil));
  const [isTried, setTried] = useState(false);
  const working = useWorking();
  const isMissing = account.kind === 'trustee' && endOfDay(contract) === undefined;
  const change = () => {
    setTried(true);
    if (isMissing) return;
    working.run(async () => {
      const terms = {
        contractUntil: endOfDay(contract) ?? null,
        trainingUntil: endOfDay(training) ?? null,
      };
      const seen = {
        contractUntil: account.contractUntil ?? null,
        trainingUntil: account.trainingUntil ?? null,
      };
      await changing(() => setTerms(account.id, terms, seen), onChanged);
      told(steps.done.terms);
      onChanged();
      onClose();
    });
  };
  return (
    <Dialog title={said.title} onClose={onClose}>
      <Form onSubmit={change}>
        <p>{said.text}</p>
        <Field
          type="date"
          label={make.contract}
          optional={account.kind !== 'trustee'}
          value={contract}
          onValue={setContract}
          fault={isTried && isMissing ? make.contractMissing : undefined}
        />
        <Field type="date" optional label={make.training} value={training} onValue={setTraining} />
        <p>{said.recorded}</p>
        <DialogEnd working={working} does={said.submit} onClose={onClose} />
      </Form>
    </Dialog>
  );
}
