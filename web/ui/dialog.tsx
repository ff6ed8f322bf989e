import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import { words } from '../app/words.ts';
import { Button } from './button.tsx';
import styles from './surfaces.module.css';

interface DialogProps {
  readonly title: string;
  /** Escape, the cross, a button within: whoever opened it stops showing it. */
  readonly onClose: () => void;
  readonly wide?: boolean;
  readonly children: ComponentChildren;
}

/** Modal while it is shown: the browser's own `<dialog>` keeps the focus in it, and it goes back to where it was. */
export function Dialog({ title, onClose, wide = false, children }: DialogProps) {
  const id = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const opener = document.activeElement;
    const shown = dialog.current;
    if (shown && !shown.open) shown.showModal();
    // The browser would begin at the cross, and whoever writes there closes it with the first blank.
    shown?.querySelector<HTMLElement>('[data-first]')?.focus();
    return () => {
      shown?.close();
      if (opener instanceof HTMLElement && opener.isConnected) opener.focus();
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      class={`${styles.dialog} ${wide ? styles.dialogWide : ''}`}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      <div class={styles.dialogBody}>
        <div class={styles.dialogHead}>
          <h2 id={id}>{title}</h2>
          <Button kind="plain" small icon="close" spoken={words().close} onPress={onClose} />
        </div>
        {children}
      </div>
    </dialog>
  );
}
