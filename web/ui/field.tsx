import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';
import { words } from '../app/words.ts';
import styles from './controls.module.css';
import { Icon } from './icon.tsx';

interface About {
  readonly label: string;
  readonly hint?: string | undefined;
  /** What is wrong with what was typed, and what to do. */
  readonly fault?: string | undefined;
  readonly optional?: boolean;
}

interface FieldProps extends About {
  readonly value: string;
  readonly onValue: (value: string) => void;
  readonly type?: 'text' | 'password' | 'date' | 'time' | 'number' | 'search' | 'datetime-local';
  /** For password managers and telephones: `username`, `current-password`, `one-time-code`, `off`, … */
  readonly autoComplete?: string;
  readonly inputMode?: 'text' | 'numeric' | 'search';
  readonly maxLength?: number;
  readonly min?: string;
  readonly max?: string;
  readonly step?: number;
  /** It is what the page begins with. */
  readonly first?: boolean;
  readonly disabled?: boolean;
  /** Codes are read letter by letter. */
  readonly code?: boolean;
  readonly name?: string;
}

/** One line of text, with its label above and what is wrong below. */
export function Field({
  value,
  onValue,
  type = 'text',
  autoComplete = 'off',
  first = false,
  code = false,
  label,
  hint,
  fault,
  optional = false,
  ...rest
}: FieldProps) {
  const id = useId();
  // Preact's types of an input are one for each `type`: which, is known only here.
  const input: object = { ...rest, ...described(id, hint, fault), type };
  return (
    <Labelled id={id} label={label} hint={hint} fault={fault} optional={optional}>
      <input
        {...input}
        id={id}
        class={`${styles.input} ${code ? styles.code : ''}`}
        value={value}
        autocomplete={autoComplete}
        autocapitalize="none"
        spellcheck={false}
        required={!optional}
        ref={first ? focusOnce : null}
        {...(first && { 'data-first': '' })}
        onInput={(event) => onValue(event.currentTarget.value)}
      />
    </Labelled>
  );
}

interface TextAreaProps extends About {
  readonly value: string;
  readonly onValue: (value: string) => void;
  readonly maxLength?: number;
  readonly rows?: number;
}

export function TextArea({ value, onValue, label, hint, fault, optional = false, ...rest }: TextAreaProps) {
  const id = useId();
  return (
    <Labelled id={id} label={label} hint={hint} fault={fault} optional={optional}>
      <textarea
        {...rest}
        {...described(id, hint, fault)}
        id={id}
        class={`${styles.input} ${styles.area}`}
        value={value}
        required={!optional}
        onInput={(event) => onValue(event.currentTarget.value)}
      />
    </Labelled>
  );
}

export interface Option<T extends string> {
  readonly value: T;
  readonly label: string;
}

interface SelectProps<T extends string> extends About {
  readonly value: T;
  readonly options: readonly Option<T>[];
  readonly onValue: (value: T) => void;
}

export function Select<T extends string>({
  value,
  options,
  onValue,
  label,
  hint,
  fault,
  optional = false,
}: SelectProps<T>) {
  const id = useId();
  return (
    <Labelled id={id} label={label} hint={hint} fault={fault} optional={optional}>
      <select
        {...described(id, hint, fault)}
        id={id}
        class={styles.input}
        value={value}
        onChange={({ currentTarget }) => {
          const chosen = options.find((option) => option.value === currentTarget.value);
          if (chosen) onValue(chosen.value);
        }}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    </Labelled>
  );
}

function Labelled({
  id,
  label,
  hint,
  fault,
  optional,
  children,
}: About & { readonly id: string; readonly children: ComponentChildren }) {
  return (
    <div class={styles.field}>
      <label class={styles.label} for={id}>
        {label}
        {optional && <span class={styles.optional}> · {words().optional}</span>}
      </label>
      {children}
      {hint !== undefined && (
        <p class={styles.hint} id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {fault !== undefined && <Fault id={`${id}-fault`} sentence={fault} />}
    </div>
  );
}

export function Fault({ id, sentence }: { readonly id?: string; readonly sentence: string }) {
  return (
    <p class={styles.fault} id={id} role="alert">
      <Icon name="alarm" size={18} />
      <span>{sentence}</span>
    </p>
  );
}

const described = (id: string, hint: string | undefined, fault: string | undefined) => ({
  'aria-invalid': fault !== undefined,
  'aria-describedby':
    [fault !== undefined && `${id}-fault`, hint !== undefined && `${id}-hint`].filter(Boolean).join(' ') ||
    undefined,
});

const seen = new WeakSet<Element>();

/** When it appears, and never again: whoever has gone on is not called back. */
function focusOnce(element: HTMLElement | null): void {
  if (!element || seen.has(element)) return;
  seen.add(element);
  element.focus();
}
