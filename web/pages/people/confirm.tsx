import { useWorking } from '../../app/working.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { DialogEnd } from '../../ui/dialog-end.tsx';
import { told } from '../../ui/toast.tsx';
import { changing } from './changing.ts';

export interface Step {
  readonly title: string;
  /** What happens. */
  readonly text: string;
  readonly recorded: string;
  readonly button: string;
  readonly danger?: boolean;
  /** Said when it is done; nothing where what it does shows itself. */
  readonly done?: string;
  work(): Promise<unknown>;
}

interface ConfirmProps {
  readonly step: Step;
  readonly onClose: () => void;
  /** It was done, or others were first. */
  readonly onChanged: () => void;
}

/** Before something is done that is recorded: what it does, and what is written down. */
export function Confirm({ step, onClose, onChanged }: ConfirmProps) {
  const working = useWorking();
  const go = () =>
    working.run(async () => {
      await changing(step.work, onChanged);
      if (step.done !== undefined) told(step.done);
      onChanged();
      onClose();
    });
  return (
    <Dialog title={step.title} onClose={onClose}>
      <p>{step.text}</p>
      <p>{step.recorded}</p>
      <DialogEnd working={working} does={step.button} danger={step.danger} onPress={go} onClose={onClose} />
    </Dialog>
  );
}
