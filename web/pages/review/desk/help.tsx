import { Dialog } from '../../../ui/dialog.tsx';
import { words } from '../words.ts';
import styles from './desk.module.css';

/** Every key, by what it does. */
export function Help({ onClose }: { readonly onClose: () => void }) {
  const said = words().help;
  return (
    <Dialog title={said.title} onClose={onClose}>
      <dl class={styles.keys}>
        {said.keys.map(([keys, what]) => (
          <div key={keys}>
            <dt>
              <kbd>{keys}</kbd>
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
