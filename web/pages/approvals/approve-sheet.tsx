import { useState } from 'preact/hooks';
import { nowMs } from '../../app/clock.ts';
import { useWorking } from '../../app/working.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { DialogEnd } from '../../ui/dialog-end.tsx';
import { Select } from '../../ui/field.tsx';
import { told } from '../../ui/toast.tsx';
import { approve, type DecidedGrant } from './api.ts';
import { nameOf } from './grant-item.tsx';
import { words } from './words.ts';

const HOURS = { h8: 8, h24: 24, h72: 72, h168: 168 } as const;
type Choice = keyof typeof HOURS;
/** The longest that the server allows is counted from when it gets there. */
const ON_THE_WAY_MS = 60_000;
const HOUR_MS = 3_600_000;

interface ApproveSheetProps {
  readonly grant: DecidedGrant;
  readonly onClose: () => void;
  readonly onChanged: () => void;
}

/** Approves for as long as is chosen. */
export function ApproveSheet({ grant, onClose, onChanged }: ApproveSheetProps) {
  const said = words();
  const [choice, setChoice] = useState<Choice>('h24');
  const working = useWorking();
  const go = () =>
    working.run(async () => {
      const until = new Date(nowMs() + HOURS[choice] * HOUR_MS - ON_THE_WAY_MS).toISOString();
      try {
        await approve(grant.id, until);
      } finally {
        onChanged();
      }
      told(said.done);
      onClose();
    });
  return (
    <Dialog title={said.approve} onClose={onClose}>
      <p>{said.sure.approve({ name: nameOf(grant) })}</p>
      <Select
        label={said.until}
        value={choice}
        options={(Object.keys(HOURS) as Choice[]).map((value) => ({ value, label: said.hours[value] }))}
        onValue={setChoice}
      />
      <p>{said.recorded}</p>
      <DialogEnd working={working} does={said.approve} onPress={go} onClose={onClose} />
    </Dialog>
  );
}
