import { useState } from 'preact/hooks';
import type { Me } from '../../src/contract/auth.ts';
import { send } from '../api/client.ts';
import { useWorking } from '../app/working.ts';
import { Button } from '../ui/button.tsx';
import { Fault, Field } from '../ui/field.tsx';
import { Form } from '../ui/form.tsx';
import { NewPassword } from './new-password.tsx';
import { words } from './words.ts';

interface ChangePasswordProps {
  readonly me: Me;
  /** It is changed; all other sessions are over. */
  readonly onChanged: () => Promise<void>;
  readonly first?: boolean;
}

export function ChangePassword({ me, onChanged, first = false }: ChangePasswordProps) {
  const said = words().password;
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const working = useWorking();
  const submit = () =>
    working.run(async () => {
      await send('POST', '/api/me/password', { current, next });
      setCurrent('');
      setNext('');
      await onChanged();
    });
  const isOfNext = working.fault?.code === 'password_refused';
  return (
    <Form onSubmit={submit}>
      <Field
        first={first}
        name="password"
        label={said.current}
        type="password"
        autoComplete="current-password"
        maxLength={512}
        value={current}
        onValue={setCurrent}
      />
      <NewPassword
        label={said.next}
        value={next}
        onValue={setNext}
        hasFactor={me.session.factor}
        fault={isOfNext ? working.fault?.sentence : undefined}
      />
      {working.fault && !isOfNext && <Fault sentence={working.fault.sentence} />}
      <div>
        <Button kind="primary" type="submit" busy={working.busy}>
          {said.change}
        </Button>
      </div>
    </Form>
  );
}
