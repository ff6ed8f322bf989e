import { useState } from 'preact/hooks';
import { Button } from '../../ui/button.tsx';
import { Actions } from '../../ui/card.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { TextArea } from '../../ui/field.tsx';
import { Form } from '../../ui/form.tsx';
import { LONGEST_REASON, tooShort, written } from './reason.ts';
import { words } from './words.ts';

interface ReasonSheetProps {
  readonly onReason: (reason: string) => void;
  readonly onClose: () => void;
}

/** Of a shift that was begun before this page was: what was written then, nobody is told again. */
export function ReasonSheet({ onReason, onClose }: ReasonSheetProps) {
  const said = words();
  const [reason, setReason] = useState('');
  const [isTried, setTried] = useState(false);
  const short = tooShort(reason);
  return (
    <Dialog title={said.full.reasonTitle} onClose={onClose}>
      <Form
        onSubmit={() => {
          setTried(true);
          if (short === undefined) onReason(written(reason));
        }}
      >
        <TextArea
          label={said.start.reason}
          hint={said.start.reasonHint}
          fault={isTried && short !== undefined ? said.start.reasonShort({ length: short }) : undefined}
          value={reason}
          onValue={setReason}
          maxLength={LONGEST_REASON}
          rows={2}
        />
        <Actions>
          <Button kind="primary" type="submit">
            {said.full.submit}
          </Button>
        </Actions>
      </Form>
    </Dialog>
  );
}
