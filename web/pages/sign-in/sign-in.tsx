import { useState } from 'preact/hooks';
import { type SignedIn, signedInSchema } from '../../../src/contract/auth.ts';
import { isApiError } from '../../api/api-error.ts';
import { post } from '../../api/client.ts';
import { Front } from '../../app/front.tsx';
import { askSession, session } from '../../app/session.ts';
import { useWorking } from '../../app/working.ts';
import { Button } from '../../ui/button.tsx';
import { Fault, Field } from '../../ui/field.tsx';
import { Form } from '../../ui/form.tsx';
import { FactorStep } from './factor-step.tsx';
import { words } from './words.ts';

/** Signing in, in front of everything or in front of what somebody was at when their session ended. */
export default function SignIn() {
  const said = words();
  const now = session.value;
  const [ceremony, setCeremony] = useState<Extract<SignedIn, { state: 'factor' }>>();
  const goOn = async (answer: SignedIn) => {
    if (answer.state === 'factor') setCeremony(answer);
    else await askSession();
  };
  if (ceremony)
    return (
      <Front title={said.factor.title}>
        <FactorStep
          key={ceremony.ceremony}
          ceremony={ceremony.ceremony}
          kinds={ceremony.kinds}
          onAnswer={goOn}
          onAgain={() => setCeremony(undefined)}
        />
      </Front>
    );
  return (
    <Front title={now.state === 'ended' ? said.endedTitle : said.title}>
      {now.state === 'ended' && <p>{said.ended({ name: now.me.name })}</p>}
      <PasswordStep onAnswer={goOn} />
      {now.state === 'ended' && (
        <Button kind="plain" onPress={() => location.replace('/')}>
          {said.notMe}
        </Button>
      )}
    </Front>
  );
}

function PasswordStep({ onAnswer }: { readonly onAnswer: (answer: SignedIn) => Promise<void> }) {
  const said = words();
  const [login, setLogin] = useState('');
  const [password, setPassword] = useState('');
  const working = useWorking();
  const submit = () =>
    working.run(async () => {
      try {
        await onAnswer(await post('/api/sign-in', { login: login.trim(), password }, signedInSchema));
        setPassword('');
      } catch (error) {
        // Refused, it is typed anew; where the server could not even look at it, it need not be.
        if (isApiError(error) && error.status >= 400 && error.status < 500) setPassword('');
        throw error;
      }
    });
  return (
    <Form onSubmit={submit}>
      <Field
        first
        name="username"
        label={said.login}
        autoComplete="username"
        maxLength={64}
        value={login}
        onValue={setLogin}
      />
      <Field
        name="password"
        label={said.password}
        type="password"
        autoComplete="current-password"
        maxLength={512}
        value={password}
        onValue={setPassword}
      />
      {working.fault && (
        <Fault
          sentence={[
            working.fault.sentence,
            working.fault.seconds !== undefined && said.lockedFor({ seconds: working.fault.seconds }),
          ]
            .filter(Boolean)
            .join(' ')}
        />
      )}
      <Button kind="primary" type="submit" wide busy={working.busy}>
        {said.submit}
      </Button>
      <p>{said.notice}</p>
    </Form>
  );
}
