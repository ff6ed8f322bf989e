import { useState } from 'preact/hooks';
import type { ProofReason } from '../../src/contract/auth.ts';
import { send } from '../api/client.ts';
import { type ProofAsked, proofAsked } from '../api/proof.ts';
import { errorOf } from '../api/resource.ts';
import { words } from '../app/words.ts';
import { Button } from './button.tsx';
import { Actions } from './card.tsx';
import { RadioGroup } from './choice.tsx';
import { Dialog } from './dialog.tsx';
import { Field } from './field.tsx';
import { Form } from './form.tsx';

/** Once in the page: asks whoever sits there to prove it once more, when something needs it. */
export function ProofDialog() {
  const asked = proofAsked.value;
  return asked ? <Asking asked={asked} /> : null;
}

type Way = 'password' | 'totp';

function Asking({ asked }: { readonly asked: ProofAsked }) {
  const said = words().proof;
  const [way, setWay] = useState<Way>('password');
  const [isChosen, setIsChosen] = useState(false);
  const [shown, setShown] = useState('');
  const [fault, setFault] = useState<string>();
  const [busy, setBusy] = useState(false);
  const prove = async () => {
    setBusy(true);
    try {
      await provenWith(way, shown, asked.reason);
      asked.answer(true);
    } catch (error) {
      setShown('');
      setFault(errorOf(error).sentence);
      setBusy(false);
    }
  };
  return (
    <Dialog title={said.title} onClose={() => asked.answer(false)}>
      <Form onSubmit={() => void prove()}>
        <p>{said.reasons[asked.reason]}</p>
        <RadioGroup
          label={said.with}
          value={way}
          options={[
            { value: 'password', label: said.password },
            { value: 'totp', label: said.totp },
          ]}
          onValue={(chosen) => {
            setWay(chosen);
            setIsChosen(true);
            setShown('');
            setFault(undefined);
          }}
        />
        <Field
          key={way}
          first={!isChosen}
          label={way === 'password' ? said.passwordLabel : said.totpLabel}
          type={way === 'password' ? 'password' : 'text'}
          autoComplete={way === 'password' ? 'current-password' : 'one-time-code'}
          inputMode={way === 'password' ? 'text' : 'numeric'}
          hint={said.lasts}
          fault={fault}
          value={shown}
          onValue={setShown}
        />
        <Actions>
          <Button kind="primary" type="submit" busy={busy}>
            {said.confirm}
          </Button>
          <Button onPress={() => asked.answer(false)}>{words().cancel}</Button>
        </Actions>
      </Form>
    </Dialog>
  );
}

const provenWith = (way: Way, shown: string, reason: ProofReason): Promise<void> =>
  send('POST', '/api/proof', {
    proof: way === 'password' ? { password: shown } : { totp: shown.replaceAll(' ', '') },
    for: reason,
  });
