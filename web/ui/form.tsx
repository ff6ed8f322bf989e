import type { ComponentChildren } from 'preact';
import styles from './form.module.css';

interface FormProps {
  readonly onSubmit: () => void;
  readonly children: ComponentChildren;
}

/** Nothing of a form is ever sent by the browser itself; what is wrong is said by our own words. */
export const Form = ({ onSubmit, children }: FormProps) => (
  <form
    class={styles.form}
    noValidate
    onSubmit={(event) => {
      event.preventDefault();
      onSubmit();
    }}
  >
    {children}
  </form>
);
