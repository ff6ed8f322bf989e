import { useRef, useState } from 'preact/hooks';
import { HOLD_DAYS } from '../../../../src/contract/hold-kinds.ts';
import type { HoldView } from '../../../../src/contract/holds.ts';
import { isApiError } from '../../../api/api-error.ts';
import { siteTimeText } from '../../../app/site-time.ts';
import { useWorking } from '../../../app/working.ts';
import { Button } from '../../../ui/button.tsx';
import { Actions } from '../../../ui/card.tsx';
import { Checkbox, RadioGroup } from '../../../ui/choice.tsx';
import controls from '../../../ui/controls.module.css';
import { Dialog } from '../../../ui/dialog.tsx';
import { Fault, TextArea } from '../../../ui/field.tsx';
import { Form } from '../../../ui/form.tsx';
import { closeViewing, isoOf, reportIncident } from '../api.ts';
import { rememberSent } from '../sent.ts';
import { words } from '../words.ts';
import type { IncidentRanges, RangeKind } from './incident-ranges.ts';

interface IncidentSheetProps {
  readonly viewing: string;
  readonly purpose: string;
  readonly cameras: readonly { readonly id: string; readonly name: string }[];
  /** The one that is looked at, where it is one. */
  readonly camera: string | undefined;
  readonly ranges: IncidentRanges;
  readonly onOver: () => void;
  readonly onClose: () => void;
}

const LEAST_REASON = 5;
const KINDS: readonly RangeKind[] = ['marked', 'watched', 'whole'];

/** What was seen, for an officer to decide on: it is held at once, told at once, and the viewing ends with it. */
export function IncidentSheet(props: IncidentSheetProps) {
  const { viewing, purpose, cameras, ranges, onOver, onClose } = props;
  const said = words().incident;
  const offered = KINDS.flatMap((value) => {
    const span = ranges[value];
    return span ? [{ value, label: said.ranges[value], hint: spanText(span) }] : [];
  });
  const [chosen, setChosen] = useState<readonly string[]>(() =>
    props.camera === undefined ? cameras.map(({ id }) => id) : [props.camera],
  );
  const [kind, setKind] = useState(offered[0]?.value ?? 'whole');
  const [reason, setReason] = useState('');
  const [isTried, setTried] = useState(false);
  const working = useWorking();
  /** Held already: what failed was the end of the viewing, and nothing is held twice. */
  const made = useRef<HoldView>(undefined);

  const submit = () => {
    setTried(true);
    const range = ranges[kind];
    if (chosen.length === 0 || reason.trim().length < LEAST_REASON || !range) return;
    working.run(async () => {
      made.current ??= await reportIncident(viewing, {
        cameras: chosen,
        from: isoOf(range.fromUs),
        to: isoOf(range.toUs),
        reason: reason.trim(),
      });
      rememberSent(viewing, made.current);
      await closeViewing(viewing, 'incident', made.current.id);
      onOver();
    });
  };
  const endWithoutHold = () =>
    working.run(async () => {
      await closeViewing(viewing, 'incident');
      onOver();
    });
  return (
    <Dialog title={said.title} onClose={onClose}>
      <Form onSubmit={submit}>
        <p>
          {words().bar.purpose} {purpose}
        </p>
        <fieldset class={controls.choices}>
          <legend>{said.cameras}</legend>
          {cameras.map(({ id, name }) => (
            <Checkbox
              key={id}
              label={name}
              checked={chosen.includes(id)}
              onChecked={(is) => setChosen(is ? [...chosen, id] : chosen.filter((one) => one !== id))}
            />
          ))}
        </fieldset>
        {isTried && chosen.length === 0 && <Fault sentence={said.faults.cameras} />}
        <RadioGroup
          label={said.range}
          value={kind}
          options={offered}
          onValue={setKind}
          fault={offered.length === 0 ? said.faults.range : undefined}
        />
        <TextArea
          label={said.reason}
          hint={said.reasonHint}
          fault={isTried && reason.trim().length < LEAST_REASON ? said.faults.reason : undefined}
          value={reason}
          maxLength={1000}
          rows={3}
          onValue={setReason}
        />
        <section>
          <h3>{said.records}</h3>
          <ul>
            {said.what({ days: HOLD_DAYS.desk.usual }).map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
        </section>
        {working.fault && <Fault sentence={working.fault.sentence} />}
        <Actions>
          <Button kind="danger" type="submit" icon="alarm" busy={working.busy}>
            {said.send}
          </Button>
          {isApiError(working.fault, 'not_allowed') && (
            <Button busy={working.busy} onPress={endWithoutHold}>
              {said.withoutHold}
            </Button>
          )}
        </Actions>
      </Form>
    </Dialog>
  );
}

/** `2026-11-22 (일) 03:14:05 – 03:16:10` */
export const spanText = ({ fromUs, toUs }: { readonly fromUs: number; readonly toUs: number }): string =>
  `${siteTimeText(fromUs / 1000, { seconds: true })} – ${siteTimeText(toUs / 1000, { show: 'clock', seconds: true })}`;
