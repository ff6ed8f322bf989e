import { type Signal, signal } from '@preact/signals';
import { after } from '../app/clock.ts';
import { words } from '../app/words.ts';
import { Button } from './button.tsx';
import styles from './surfaces.module.css';

interface Toast {
  readonly id: number;
  readonly sentence: string;
  readonly kind: 'done' | 'fault';
}

const SHOWN_MS = 8000;
const toasts: Signal<readonly Toast[]> = signal([]);
let last = 0;

/** Says that something is done, and goes by itself. */
export const told = (sentence: string): void => show(sentence, 'done');

/** Says that something did not work, and stays until it is read. What belongs to a field stands at the field. */
export const toldFault = (sentence: string): void => show(sentence, 'fault');

function show(sentence: string, kind: Toast['kind']): void {
  const toast: Toast = { id: ++last, sentence, kind };
  toasts.value = [...toasts.peek().slice(-3), toast];
  if (kind === 'done') after(SHOWN_MS, () => drop(toast.id));
}

const drop = (id: number): void => {
  toasts.value = toasts.peek().filter((toast) => toast.id !== id);
};

/** Once in the page: it is there before anything is said, so that it is spoken. */
export function Toasts() {
  return (
    <div class={styles.toasts} role="status" aria-live="polite">
      {toasts.value.map(({ id, sentence, kind }) => (
        <div key={id} class={`${styles.toast} ${kind === 'fault' ? styles.toastFault : ''}`}>
          <p>{sentence}</p>
          <Button kind="plain" small icon="close" spoken={words().close} onPress={() => drop(id)} />
        </div>
      ))}
    </div>
  );
}
