import { words } from '../app/words.ts';
import type { Working } from '../app/working.ts';
import { Button } from './button.tsx';
import { Actions } from './card.tsx';
import { Fault } from './field.tsx';

interface DialogEndProps {
  readonly working: Working;
  /** What the button does, in its own words. */
  readonly does: string;
  readonly danger?: boolean | undefined;
  /** Absent: the form around it is sent. */
  readonly onPress?: (() => void) | undefined;
  readonly onClose: () => void;
}

/** How a dialog ends: what went wrong, the one thing that it is for, and the way out without doing it. */
export const DialogEnd = ({ working, does, danger, onPress, onClose }: DialogEndProps) => (
  <>
    {working.fault && <Fault sentence={working.fault.sentence} />}
    <Actions>
      <Button
        kind={danger ? 'danger' : 'primary'}
        busy={working.busy}
        {...(onPress ? { onPress } : { type: 'submit' as const })}
      >
        {does}
      </Button>
      <Button onPress={onClose}>{words().cancel}</Button>
    </Actions>
  </>
);
