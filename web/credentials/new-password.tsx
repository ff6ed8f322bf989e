import { useState } from 'preact/hooks';
import { site } from '../app/site.ts';
import { Checkbox } from '../ui/choice.tsx';
import { Field } from '../ui/field.tsx';
import { words } from './words.ts';

interface NewPasswordProps {
  readonly label: string;
  readonly value: string;
  readonly onValue: (value: string) => void;
  /** With a second factor it may be shorter. */
  readonly hasFactor: boolean;
  readonly fault?: string | undefined;
}

/** Typed once, to be looked at: typing it twice only makes people choose shorter ones (NIST SP 800-63B-4, 3.1.1.2). */
export function NewPassword({ hasFactor, ...field }: NewPasswordProps) {
  const said = words().password;
  const [shown, setShown] = useState(false);
  const { length = 15, lengthWithFactor = 8 } = site.value?.password ?? {};
  return (
    <>
      <Field
        {...field}
        name="new-password"
        type={shown ? 'text' : 'password'}
        autoComplete="new-password"
        maxLength={128}
        hint={said.hint({ length: hasFactor ? lengthWithFactor : length })}
      />
      <Checkbox label={said.show} checked={shown} onChecked={setShown} />
    </>
  );
}
