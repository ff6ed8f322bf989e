import { useState } from 'preact/hooks';
import { cameraSchema } from '../../../src/contract/cameras.ts';
import { type Action, MOST } from '../../../src/contract/roles.ts';
import { isoNow, nowMs } from '../../app/clock.ts';
import { useWorking } from '../../app/working.ts';
import { Checkbox } from '../../ui/choice.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { DialogEnd } from '../../ui/dialog-end.tsx';
import { Fault, Field, TextArea } from '../../ui/field.tsx';
import { Form } from '../../ui/form.tsx';
import { told } from '../../ui/toast.tsx';
import {
  type Account,
  type AskedTerms,
  type Camera,
  type Right,
  requestChange,
  requestRight,
} from './api.ts';
import { CameraChoice } from './camera-choice.tsx';
import { changing } from './changing.ts';
import { endOfDay, lastDayOf } from './days.ts';
import styles from './people.module.css';
import { words } from './words.ts';

const LEAST_REASON = 10;
const MOST_DAYS = 3660;
/** What is about one camera; the others are about the site. */
const OF_CAMERAS: readonly string[] = cameraSchema.shape.may.element.options;

interface RightFormProps {
  readonly account: Account;
  readonly cameras: readonly Camera[];
  /** The one that is to be another. */
  readonly right?: Right | undefined;
  readonly onClose: () => void;
  readonly onChanged: () => void;
}

/** Asks for a right, or for a change of one. It allows nothing before another person approves it. */
export function RightForm({ account, cameras, right, onClose, onChanged }: RightFormProps) {
  const { form: said, rights } = words();
  const before = right?.terms;
  const [actions, setActions] = useState<readonly Action[]>(before?.actions ?? []);
  const [chosen, setChosen] = useState<readonly string[]>(before?.cameras ?? []);
  const [days, setDays] = useState(
    before?.lookBackHours === undefined ? '' : String(Math.ceil(before.lookBackHours / 24)),
  );
  const [lastDay, setLastDay] = useState(lastDayOf(before?.until));
  const [reason, setReason] = useState('');
  const [isTried, setTried] = useState(false);
  const working = useWorking();
  const needsCameras = actions.some((action) => OF_CAMERAS.includes(action));
  const written = reason.replace(/\s+/gu, ' ').trim();
  const length = [...written].length;
  const until = lastDay === '' ? undefined : endOfDay(lastDay);
  const faults = {
    actions: actions.length === 0 ? said.noActions : undefined,
    cameras: needsCameras && chosen.length === 0 ? said.noCameras : undefined,
    days: days === '' || isDays(days) ? undefined : said.badDays,
    until: lastDay === '' || (until !== undefined && Date.parse(until) > nowMs()) ? undefined : said.badDay,
    reason: length < LEAST_REASON ? said.reasonShort({ length }) : undefined,
  };
  const faultOf = (field: keyof typeof faults) => (isTried ? faults[field] : undefined);
  const ask = () => {
    setTried(true);
    if (Object.values(faults).some((fault) => fault !== undefined)) return;
    working.run(async () => {
      const terms: AskedTerms = {
        actions,
        cameras: needsCameras ? chosen : [],
        ...(days !== '' && { lookBackHours: Number(days) * 24 }),
        from: before?.from ?? isoNow(),
        ...(until !== undefined && { until }),
      };
      await changing(
        () => (right ? requestChange(right.id, terms, written) : requestRight(account.id, terms, written)),
        onChanged,
      );
      told(rights.done.ask);
      onChanged();
      onClose();
    });
  };
  const title = right ? said.changeTitle({ name: account.name }) : said.title({ name: account.name });
  const possible = MOST[account.role];
  if (possible.length === 0)
    return (
      <Dialog title={title} onClose={onClose}>
        <p>{said.nothing}</p>
      </Dialog>
    );
  return (
    <Dialog title={title} onClose={onClose} wide>
      <Form onSubmit={ask}>
        <fieldset class={styles.choices}>
          <legend>{said.actions}</legend>
          <div class={styles.columns}>
            {possible.map((action) => (
              <Checkbox
                key={action}
                label={rights.actions[action]}
                checked={actions.includes(action)}
                onChecked={(on) =>
                  setActions(on ? [...actions, action] : actions.filter((one) => one !== action))
                }
              />
            ))}
          </div>
        </fieldset>
        {faultOf('actions') !== undefined && <Fault sentence={faults.actions ?? ''} />}
        {needsCameras && <CameraChoice cameras={cameras} chosen={chosen} onChosen={setChosen} />}
        {faultOf('cameras') !== undefined && <Fault sentence={faults.cameras ?? ''} />}
        {needsCameras && (
          <Field
            optional
            inputMode="numeric"
            label={said.lookBack}
            hint={said.lookBackHint}
            fault={faultOf('days')}
            maxLength={4}
            value={days}
            onValue={setDays}
          />
        )}
        <Field
          optional
          type="date"
          label={said.until}
          hint={said.untilHint}
          fault={faultOf('until')}
          value={lastDay}
          onValue={setLastDay}
        />
        <TextArea
          label={said.reason}
          hint={said.reasonHint}
          fault={faultOf('reason')}
          maxLength={500}
          rows={2}
          value={reason}
          onValue={setReason}
        />
        <p>{rights.recorded}</p>
        <DialogEnd working={working} does={said.submit} onClose={onClose} />
      </Form>
    </Dialog>
  );
}

const isDays = (text: string): boolean => /^[1-9]\d{0,3}$/.test(text) && Number(text) <= MOST_DAYS;
