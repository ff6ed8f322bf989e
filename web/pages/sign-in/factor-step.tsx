import { startAuthentication } from '@simplewebauthn/browser';
import { useState } from 'preact/hooks';
import {
  type FACTOR_KINDS,
  passkeyQuestionSchema,
  type SignedIn,
  signedInSchema,
} from '../../../src/contract/auth.ts';
import { post } from '../../api/client.ts';
import { useWorking } from '../../app/working.ts';
import { Button } from '../../ui/button.tsx';
import { Actions } from '../../ui/card.tsx';
import { RadioGroup } from '../../ui/choice.tsx';
import { Fault, Field } from '../../ui/field.tsx';
import { Form } from '../../ui/form.tsx';
import { words } from './words.ts';

type Kind = (typeof FACTOR_KINDS)[number];

interface FactorStepProps {
  readonly ceremony: string;
  readonly kinds: readonly Kind[];
  readonly onAnswer: (answer: SignedIn) => Promise<void>;
  readonly onAgain: () => void;
}

/** The second factor: one of those that this person has. */
export function FactorStep({ ceremony, kinds, onAnswer, onAgain }: FactorStepProps) {
  const said = words().factor;
  const [kind, setKind] = useState<Kind>(kinds[0] ?? 'totp');
  const [chosen, setChosen] = useState(false);
  const [code, setCode] = useState('');
  const [unseen, setUnseen] = useState(false);
  const working = useWorking();
  const show = (shown: object) => post('/api/sign-in/factor', { ceremony, shown }, signedInSchema);
  const submit = () =>
    working.run(async () => {
      setUnseen(false);
      try {
        if (kind === 'webauthn') {
          const { options } = await post('/api/sign-in/passkey', { ceremony }, passkeyQuestionSchema);
          const passkey = await shownPasskey(options);
          if (passkey === undefined) return setUnseen(true);
          await onAnswer(await show({ passkey }));
        } else await onAnswer(await show({ [kind]: code.replaceAll(' ', '') }));
      } finally {
        setCode('');
      }
    });
  return (
    <Form onSubmit={submit}>
      {kinds.length > 1 && (
        <RadioGroup
          label={said.kinds}
          value={kind}
          options={kinds.map((value) => ({ value, label: said[value] }))}
          onValue={(next) => {
            setKind(next);
            setChosen(true);
            setCode('');
            working.clear();
          }}
        />
      )}
      {kind === 'webauthn' ? (
        <p>{said.passkeyText}</p>
      ) : (
        <Field
          key={kind}
          // Whoever goes through the ways by the arrow keys stays among them.
          first={!chosen}
          code
          label={kind === 'totp' ? said.totpLabel : said.recoveryLabel}
          hint={kind === 'recovery' ? said.recoveryHint : undefined}
          autoComplete={kind === 'totp' ? 'one-time-code' : 'off'}
          inputMode={kind === 'totp' ? 'numeric' : 'text'}
          maxLength={40}
          value={code}
          onValue={setCode}
        />
      )}
      {working.fault && <Fault sentence={working.fault.sentence} />}
      {unseen && <Fault sentence={said.passkeyFailed} />}
      <Actions>
        <Button kind="primary" type="submit" busy={working.busy}>
          {kind === 'webauthn' ? said.passkeyShow : said.submit}
        </Button>
        <Button kind="plain" onPress={onAgain}>
          {said.again}
        </Button>
      </Actions>
    </Form>
  );
}

/** @returns undefined where it was not shown: declined, timed out, or none of this device's */
async function shownPasskey(options: Readonly<Record<string, unknown>>): Promise<object | undefined> {
  try {
    // The server's library made them for this one, which looks at them itself.
    const optionsJSON = options as unknown as Parameters<typeof startAuthentication>[0]['optionsJSON'];
    return await startAuthentication({ optionsJSON });
  } catch (error) {
    console.warn(error);
    return undefined;
  }
}
