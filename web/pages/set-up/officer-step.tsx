import { useState } from 'preact/hooks';
import { handedPasswordSchema } from '../../../src/contract/people.ts';
import { post } from '../../api/client.ts';
import { withProof } from '../../api/proof.ts';
import { useWorking } from '../../app/working.ts';
import { Button } from '../../ui/button.tsx';
import { Actions } from '../../ui/card.tsx';
import { Fault, Field } from '../../ui/field.tsx';
import { Form } from '../../ui/form.tsx';
import styles from './set-up.module.css';
import { words } from './words.ts';

interface OfficerStepProps {
  /** The account is there and its password handed over. */
  readonly onMade: () => void;
  readonly onLater: () => void;
}

/** The account of whoever is responsible for the footage: somebody else than whoever runs the machine. */
export function OfficerStep({ onMade, onLater }: OfficerStepProps) {
  const said = words().officer;
  const { login: loginLabel, loginHint, name: nameLabel, nameHint } = words().administrator;
  const [login, setLogin] = useState('');
  const [name, setName] = useState('');
  const [handed, setHanded] = useState<string>();
  const working = useWorking();
  const submit = () =>
    working.run(async () => {
      const opening = { login: login.trim(), name: name.trim(), role: 'officer', kind: 'staff' };
      const { password } = await withProof('account', () =>
        post('/api/people', opening, handedPasswordSchema),
      );
      setHanded(password);
    });
  if (handed !== undefined)
    return (
      <>
        <h2>{said.handed({ name: name.trim() })}</h2>
        <p>{said.handedText}</p>
        <dl class={styles.handed}>
          <dt>{said.handedLogin}</dt>
          <dd>{login.trim()}</dd>
          <dt>{said.handedPassword}</dt>
          <dd>{handed}</dd>
        </dl>
        <Actions>
          <Button kind="primary" onPress={onMade}>
            {said.goOn}
          </Button>
          <Button icon="print" onPress={() => print()}>
            {said.print}
          </Button>
        </Actions>
      </>
    );
  return (
    <Form onSubmit={submit}>
      <p>{said.about}</p>
      <Field
        first
        name="officer-name"
        label={nameLabel}
        hint={nameHint}
        maxLength={60}
        value={name}
        onValue={setName}
      />
      <Field
        name="officer-login"
        label={loginLabel}
        hint={loginHint}
        maxLength={32}
        value={login}
        onValue={setLogin}
      />
      {working.fault && <Fault sentence={working.fault.sentence} />}
      <Actions>
        <Button kind="primary" type="submit" busy={working.busy}>
          {said.submit}
        </Button>
        <Button kind="plain" onPress={onLater}>
          {said.later}
        </Button>
      </Actions>
    </Form>
  );
}
