import { Button } from '../../ui/button.tsx';
import { Actions } from '../../ui/card.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import styles from './people.module.css';
import { words } from './words.ts';

interface FirstPasswordProps {
  readonly name: string;
  readonly password: string;
  readonly onClose: () => void;
}

/** Shown this once: it is in no store and no address, and gone when this is closed. */
export function FirstPassword({ name, password, onClose }: FirstPasswordProps) {
  const said = words().password;
  return (
    <Dialog title={said.title} onClose={onClose}>
      <p>{said.text({ name })}</p>
      <output class={styles.secret} aria-label={said.label}>
        {password}
      </output>
      <Actions>
        <Button kind="primary" onPress={onClose}>
          {said.done}
        </Button>
      </Actions>
    </Dialog>
  );
}
