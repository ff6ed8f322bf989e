import { useState } from 'preact/hooks';
import { signedInSchema } from '../../../src/contract/auth.ts';
import { post, send } from '../../api/client.ts';
import { askSession } from '../../app/session.ts';
import { useWorking } from '../../app/working.ts';
import { NewPassword } from '../../credentials/new-password.tsx';
import { words as credentialWords } from '../../credentials/words.ts';
import { Button } from '../../ui/button.tsx';
import { Fault, Field } from '../../ui/field.tsx';
import { Form } from '../../ui/form.tsx';
import styles from './set-up.module.css';
import { words } from './words.ts';

/** With the code of the machine whoever sits here becomes the first administrator, and is signed in as such. */
export function AdministratorStep() {
  const said = words().administrator;
  const [code, setCode] = useState('');
  const [login, setLogin] = useState('');
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const working = useWorking();
  const submit = () =>
    working.run(async () => {
      const person = { login: login.trim(), password };
      await send('POST', '/api/first-administrator', { ...person, code: code.trim(), name: name.trim() });
      await post('/api/sign-in', person, signedInSchema);
      await askSession();
    });
  const { fault } = working;
  const isOfPassword = fault?.code === 'password_refused';
  const isOfCode = fault?.code === 'first_code_refused';
  return (
    <Form onSubmit={submit}>
      <p>
        {said.about}
        <code class={styles.command}>{said.command}</code>
      </p>
      <Field
        first
        code
        name="first-code"
        label={said.code}
        maxLength={40}
        fault={isOfCode ? fault.sentence : undefined}
        value={code}
        onValue={setCode}
      />
      <Field
        name="username"
        label={said.login}
        hint={said.loginHint}
        autoComplete="username"
        maxLength={32}
        value={login}
        onValue={setLogin}
      />
      <Field
        name="name"
        label={said.name}
        hint={said.nameHint}
        autoComplete="name"
        maxLength={60}
        value={name}
        onValue={setName}
      />
      <NewPassword
        hasFactor
        label={credentialWords().password.make}
        fault={isOfPassword ? fault.sentence : undefined}
        value={password}
        onValue={setPassword}
      />
      {fault && !isOfPassword && !isOfCode && <Fault sentence={fault.sentence} />}
      <Button kind="primary" type="submit" wide busy={working.busy}>
        {said.submit}
      </Button>
    </Form>
  );
}
