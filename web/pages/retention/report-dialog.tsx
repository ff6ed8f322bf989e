import { useEffect, useState } from 'preact/hooks';
import type { Me } from '../../../src/contract/auth.ts';
import {
  confirmedSchema,
  type ErasingReportView,
  lookSchema,
  type TaskView,
} from '../../../src/contract/tasks.ts';
import { sizeText } from '../../../src/i18n/size-text.ts';
import { get, post } from '../../api/client.ts';
import { withProof } from '../../api/proof.ts';
import { useResource } from '../../api/resource.ts';
import { useCameraNames } from '../../app/camera-names.tsx';
import { after } from '../../app/clock.ts';
import { siteTimeText } from '../../app/site-time.ts';
import { useWorking } from '../../app/working.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Actions } from '../../ui/card.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Fault, Field } from '../../ui/field.tsx';
import { Form } from '../../ui/form.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Loaded, Progress, Skeleton } from '../../ui/states.tsx';
import { Table } from '../../ui/table.tsx';
import { told } from '../../ui/toast.tsx';
import { figure } from './figure.ts';
import styles from './retention.module.css';
import { words } from './words.ts';

const AGAIN_MS = 1500;

interface ReportDialogProps {
  readonly me: Me;
  readonly task: TaskView;
  readonly onClose: () => void;
  readonly onDone: () => void;
}

/** Two minutes: read what was found, see what will be recorded, confirm exactly that. */
export function ReportDialog({ me, task, onClose, onDone }: ReportDialogProps) {
  const said = words().confirmation;
  const [anew, setAnew] = useState(0);
  const path = `/api/tasks/${task.id}/report`;
  const look = useResource((signal) => get(path, lookSchema, { signal }), { of: [anew] });
  const state = look.state === 'ready' ? look.value.state : undefined;
  const { reload } = look;
  // A look takes longer than one answer; each answer is a new value, and asks for the next.
  useEffect(
    () => (state === 'looking' ? after(AGAIN_MS, reload) : undefined),
    [state, look.state === 'ready' ? look.value : undefined, reload],
  );
  const again = useWorking();
  const lookAgain = () =>
    again.run(async () => {
      await get(path, lookSchema, { query: { anew: 'yes' } });
      setAnew((before) => before + 1);
    });
  return (
    <Dialog title={said.report({ month: task.month })} wide onClose={onClose}>
      <Loaded of={look} skeleton={<Skeleton lines={8} />}>
        {(value) =>
          value.state === 'looking' ? (
            <Progress label={said.looking} done={undefined} />
          ) : value.state === 'failed' ? (
            <>
              <Fault sentence={said.failed} />
              <Actions>
                <Button icon="refresh" busy={again.busy} onPress={lookAgain}>
                  {said.again}
                </Button>
              </Actions>
            </>
          ) : (
            <div class={styles.page}>
              <Report report={value.report} />
              {value.confirmed || me.role !== 'officer' ? (
                <p>
                  {value.confirmed && (
                    <>
                      <Icon name="seal" size={18} /> {said.confirmed}{' '}
                    </>
                  )}
                  {said.sha256} <code class={styles.hash}>{value.sha256}</code>
                </p>
              ) : (
                <Confirm
                  me={me}
                  task={task}
                  report={value.report}
                  sha256={value.sha256}
                  onDone={onDone}
                  onAgain={lookAgain}
                />
              )}
            </div>
          )
        }
      </Loaded>
    </Dialog>
  );
}

function Report({ report }: { readonly report: ErasingReportView }) {
  const said = words().confirmation;
  const nameOf = useCameraNames();
  const { erased, restore } = report;
  const label = (iso: string) => siteTimeText(Date.parse(iso));
  return (
    <>
      <p>{said.at({ at: siteTimeText(Date.parse(report.at), { seconds: true }) })}</p>
      <ul class={styles.checks}>
        {report.checks.map(({ check, passed }) => (
          <li key={check}>
            <Badge kind={passed ? 'well' : 'alarm'} icon={passed ? 'check' : 'alarm'}>
              {passed ? said.passed : said.notPassed}
            </Badge>
            <span>{said.check[check]}</span>
          </li>
        ))}
      </ul>
      {report.tooOld.map(({ camera, day, dueAt }) => (
        <Fault
          key={camera + day}
          sentence={said.tooOld({ camera: nameOf(camera), day, due: label(dueAt) })}
        />
      ))}
      <p>
        {said.erased({
          runs: erased.runs,
          cameraDays: erased.cameraDays,
          files: figure(erased.files),
          size: sizeText(erased.bytes),
        })}
      </p>
      <p>
        {said.restore({
          days: restore.cameraDays.length,
          copies: restore.copies,
          opened: restore.opened,
          files: restore.files,
        })}
      </p>
      {erased.lateDays > 0 && <p>{said.late({ days: erased.lateDays })}</p>}
      {erased.daysWithoutRun.length > 0 && <p>{said.without({ days: erased.daysWithoutRun.join(', ') })}</p>}
      {report.cameras.length > 0 && (
        <details>
          <summary>{said.cameras}</summary>
          <Table
            caption={said.cameras}
            rows={report.cameras}
            keyOf={({ camera }) => camera}
            columns={[
              { title: said.camera, cell: ({ camera }) => nameOf(camera) },
              { title: said.oldestDay, cell: ({ oldestDay }) => oldestDay },
              { title: said.age, number: true, cell: ({ ageDays }) => String(ageDays) },
            ]}
          />
        </details>
      )}
    </>
  );
}

interface ConfirmProps {
  readonly me: Me;
  readonly task: TaskView;
  readonly report: ErasingReportView;
  readonly sha256: string;
  readonly onDone: () => void;
  readonly onAgain: () => void;
}

function Confirm({ me, task, report, sha256, onDone, onAgain }: ConfirmProps) {
  const said = words().confirmation;
  const working = useWorking();
  const [witness, setWitness] = useState('');
  const [note, setNote] = useState('');
  const isInOrder = report.checks.every(({ passed }) => passed);
  const submit = () =>
    working.run(async () => {
      const asked = {
        report: sha256,
        ...(!isInOrder && { notInOrder: true }),
        ...(witness.trim() !== '' && { witness: witness.trim() }),
        ...(note.trim() !== '' && { note: note.trim() }),
      };
      const { entry } = await withProof('approval', () =>
        post(`/api/tasks/${task.id}/confirm`, asked, confirmedSchema),
      );
      told(isInOrder ? said.doneTold({ entry }) : said.faultTold({ entry }));
      onDone();
    });
  return (
    <Form onSubmit={submit}>
      {isInOrder ? (
        <section>
          <h3>{said.records}</h3>
          <p>{said.recordsText({ name: me.name })}</p>
        </section>
      ) : (
        <Fault sentence={said.notYet} />
      )}
      <div class={styles.row}>
        <Field label={said.witness} optional value={witness} maxLength={300} onValue={setWitness} />
        <Field label={said.note} optional value={note} maxLength={300} onValue={setNote} />
      </div>
      {working.fault && <Fault sentence={working.fault.sentence} />}
      <Actions>
        <Button kind={isInOrder ? 'primary' : 'danger'} type="submit" busy={working.busy}>
          {isInOrder ? said.confirm : said.enterFault}
        </Button>
        <Button icon="refresh" onPress={onAgain}>
          {said.again}
        </Button>
      </Actions>
    </Form>
  );
}
