import { useId } from 'preact/hooks';
import styles from './controls.module.css';
import { Fault, type Option } from './field.tsx';

interface ChoicesProps<T extends string> {
  readonly label: string;
  readonly value: T | undefined;
  readonly options: readonly (Option<T> & { readonly hint?: string; readonly blocked?: boolean })[];
  readonly onValue: (value: T) => void;
  readonly fault?: string | undefined;
}

/** One of a few, all of them to be seen. */
export function RadioGroup<T extends string>({ label, value, options, onValue, fault }: ChoicesProps<T>) {
  const id = useId();
  return (
    <fieldset class={styles.choices} aria-describedby={fault === undefined ? undefined : `${id}-fault`}>
      <legend>{label}</legend>
      {options.map((option) => (
        <label class={styles.choice} key={option.value}>
          <input
            type="radio"
            name={id}
            value={option.value}
            checked={option.value === value}
            disabled={option.blocked}
            onChange={() => onValue(option.value)}
          />
          <span>
            {option.label}
            {option.hint !== undefined && <span class={styles.hint}> · {option.hint}</span>}
          </span>
        </label>
      ))}
      {fault !== undefined && <Fault id={`${id}-fault`} sentence={fault} />}
    </fieldset>
  );
}

interface CheckboxProps {
  readonly label: string;
  readonly checked: boolean;
  readonly onChecked: (checked: boolean) => void;
  readonly hint?: string | undefined;
  readonly disabled?: boolean;
}

export function Checkbox({ label, checked, onChecked, hint, disabled = false }: CheckboxProps) {
  return (
    <label class={styles.choice}>
      <input
        type="checkbox"
        checked={checked}
        disabled={disabled}
        onChange={(event) => onChecked(event.currentTarget.checked)}
      />
      <span>
        {label}
        {hint !== undefined && <span class={styles.hint}> · {hint}</span>}
      </span>
    </label>
  );
}
