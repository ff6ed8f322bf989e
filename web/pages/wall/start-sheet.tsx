import { useState } from 'preact/hooks';
import { isoNow } from '../../app/clock.ts';
import { language } from '../../app/language.ts';
import { siteTimeText } from '../../app/site-time.ts';
import { useWorking } from '../../app/working.ts';
import { Button } from '../../ui/button.tsx';
import { Actions, Card } from '../../ui/card.tsx';
import { RadioGroup } from '../../ui/choice.tsx';
import { Fault, TextArea } from '../../ui/field.tsx';
import { Form } from '../../ui/form.tsx';
import { type Beginning, type Camera, type OwnViewing, openViewing, type Purpose } from './api.ts';
import { LONGEST_REASON, tooShort, written } from './reason.ts';
import { now, type Shift } from './shift.ts';
import styles from './wall.module.css';
import { words } from './words.ts';

interface StartSheetProps {
  readonly beginning: Beginning;
  /** What was written for the shift before. */
  readonly before?: Shift;
}

/** Ten seconds: for what and why one watches; then it is logged, and begins. */
export function StartSheet({ beginning: { cameras, purposes, open }, before }: StartSheetProps) {
  const said = words().start;
  const [purpose, setPurpose] = useState(
    before?.purpose ?? (purposes.length === 1 ? purposes[0]?.id : undefined),
  );
  const [reason, setReason] = useState(before?.reason ?? '');
  const [isTried, setTried] = useState(false);
  const working = useWorking();
  const chosen = camerasFor(cameras, purpose);
  const leftOut = purpose === undefined ? [] : cameras.filter((camera) => !chosen.includes(camera));
  const short = tooShort(reason);
  const begin = () => {
    setTried(true);
    if (purpose === undefined || short !== undefined || chosen.length === 0) return;
    working.run(async () => {
      const asked = { purpose, reason: written(reason), cameras: chosen.map(({ id }) => id) };
      const { viewing } = await openViewing({ kind: 'shift', ...asked });
      now.value = { at: 'watching', shift: { viewing, ...asked, since: isoNow() } };
    });
  };
  return (
    <div class={styles.sheet}>
      <Card title={said.title}>
        {open && open.viewing.id !== before?.viewing && <OpenShift open={open} purposes={purposes} />}
        <Form onSubmit={begin}>
          <RadioGroup
            label={said.purpose}
            value={purpose}
            options={purposes.map((one) => ({
              value: one.id,
              label: one[language.value],
              hint: said.cameras({ count: camerasFor(cameras, one.id).length }),
            }))}
            onValue={setPurpose}
            fault={isTried && purpose === undefined ? said.purposeMissing : undefined}
          />
          {purpose !== undefined && chosen.length === 0 && <Fault sentence={said.noPurpose} />}
          {leftOut.length > 0 && chosen.length > 0 && (
            <p>{said.leftOut({ names: leftOut.map(({ name }) => name[language.value]).join(', ') })}</p>
          )}
          <TextArea
            label={said.reason}
            hint={said.reasonHint}
            fault={isTried && short !== undefined ? said.reasonShort({ length: short }) : undefined}
            value={reason}
            onValue={setReason}
            maxLength={LONGEST_REASON}
            rows={2}
          />
          <p>{said.recorded}</p>
          {working.fault && <Fault sentence={working.fault.sentence} />}
          <Actions>
            <Button kind="primary" type="submit" busy={working.busy}>
              {said.submit}
            </Button>
          </Actions>
        </Form>
      </Card>
    </div>
  );
}

/** After a reload, or at another desk: it goes on as the same shift. */
function OpenShift({ open, purposes }: { readonly open: OwnViewing; readonly purposes: readonly Purpose[] }) {
  const said = words().start;
  const { viewing, grant } = open;
  return (
    <Actions>
      <span>
        {said.again({
          since: siteTimeText(Date.parse(viewing.opened)),
          purpose: nameOf(purposes, grant.purpose),
        })}
      </span>
      <Button
        onPress={() => {
          const { purpose, cameras } = grant;
          now.value = {
            at: 'watching',
            shift: { viewing: viewing.id, purpose, cameras, since: viewing.opened },
          };
        }}
      >
        {said.goOn}
      </Button>
    </Actions>
  );
}

const camerasFor = (cameras: readonly Camera[], purpose: string | undefined): readonly Camera[] =>
  cameras.filter(({ purposes }) => purpose !== undefined && purposes.includes(purpose));

export const nameOf = (purposes: readonly Purpose[], id: string): string =>
  purposes.find((purpose) => purpose.id === id)?.[language.value] ?? id;
