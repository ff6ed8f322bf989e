import { useEffect, useState } from 'preact/hooks';
import { useResource } from '../../../api/resource.ts';
import { after, nowMs } from '../../../app/clock.ts';
import { language } from '../../../app/language.ts';
import { timeZone } from '../../../app/site.ts';
import { useWorking } from '../../../app/working.ts';
import { Button } from '../../../ui/button.tsx';
import { RadioGroup } from '../../../ui/choice.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { Field, TextArea } from '../../../ui/field.tsx';
import { Form } from '../../../ui/form.tsx';
import { Loaded, Skeleton } from '../../../ui/states.tsx';
import {
  askCalendar,
  askCameras,
  askPurposes,
  askTimeline,
  breakGlass,
  openViewing,
  requestGrant,
} from '../api.ts';
import type { Asking, Camera } from '../shapes.ts';
import { recentReasons, remember, rememberReason } from '../told.ts';
import { words } from '../words.ts';
import { CameraChoice } from './camera-choice.tsx';
import { coverageOf } from './coverage.ts';
import { askingOf, type Draft, faultsOf, LONGEST_REASON, rangeOf, sharedPurposes } from './draft.ts';
import styles from './purpose.module.css';
import { quickRange } from './quick-range.ts';
import { RangeChoice } from './range-choice.tsx';
import { Refused } from './refused.tsx';

interface SheetProps {
  /** What is known already: asking for more of a range, or for the same once more. */
  readonly begun?: Partial<Draft> | undefined;
  readonly onClose: () => void;
  readonly onOpened: (viewing: string) => void;
  readonly onRequested: () => void;
}

/** Purpose, cameras, range: what stands in the viewing log before a picture is shown. */
export function PurposeSheet(props: SheetProps) {
  const known = useResource(async (signal) => ({
    cameras: (await askCameras(signal)).filter(({ enabled }) => enabled),
    purposes: await askPurposes(signal),
  }));
  return (
    <Dialog title={words().sheet.title} wide onClose={props.onClose}>
      <Loaded of={known} skeleton={<Skeleton lines={10} />}>
        {({ cameras, purposes }) => <Sheet {...props} cameras={cameras} purposes={purposes} />}
      </Loaded>
    </Dialog>
  );
}

interface KnownProps extends SheetProps {
  readonly cameras: readonly Camera[];
  readonly purposes: readonly { readonly id: string; readonly ko: string; readonly en: string }[];
}

function Sheet({ begun, cameras, purposes, onOpened, onRequested }: KnownProps) {
  const said = words().sheet;
  const zone = timeZone();
  const [draft, setDraft] = useState<Draft>(() => ({
    purpose: undefined,
    reason: '',
    requester: '',
    cameras: [],
    ...quickRange('lastHour', zone, nowMs()),
    ...begun,
  }));
  const [isTried, setTried] = useState(false);
  const working = useWorking();
  const calendar = useResource(askCalendar);
  const coverage = useCoverage(draft);
  const change = (to: Partial<Draft>) => {
    working.clear();
    setDraft((before) => ({ ...before, ...to }));
  };

  const chosen = cameras.filter(({ id }) => draft.cameras.includes(id));
  const offered = sharedPurposes(purposes, chosen);
  const purpose = offered.some(({ id }) => id === draft.purpose) ? draft.purpose : undefined;
  const asked: Draft = { ...draft, purpose };
  const faults = isTried ? faultsOf(asked, { zone, nowMs: nowMs() }) : {};

  const run = (work: (asking: Asking) => Promise<void>) => {
    setTried(true);
    const now = { zone, nowMs: nowMs() };
    const asking = askingOf(asked, now);
    if (!asking || Object.keys(faultsOf(asked, now)).length > 0) return;
    working.run(() => work(asking));
  };
  const open = (way: typeof openViewing) =>
    run(async (asking) => {
      const { viewing } = await way(asking);
      remember(viewing, { reason: asking.reason, requester: asking.requester ?? '' });
      onOpened(viewing);
    });
  const request = () =>
    run(async (asking) => {
      await requestGrant(asking);
      rememberReason(asking.reason);
      onRequested();
    });

  const isEmpty =
    coverage !== undefined && draft.cameras.length > 0 && draft.cameras.every((id) => coverage.get(id) === 0);
  return (
    <Form onSubmit={() => open(openViewing)}>
      <div class={styles.sheet}>
        <div class={styles.column}>
          <CameraChoice
            cameras={cameras}
            chosen={draft.cameras}
            coverage={coverage}
            onChosen={(ids) => change({ cameras: ids })}
            fault={faults.cameras && said.faults.cameras}
          />
          <RadioGroup
            label={said.purpose}
            value={purpose}
            options={offered.map(({ id, ...name }) => ({ value: id, label: name[language.value] }))}
            onValue={(id) => change({ purpose: id })}
            fault={offered.length === 0 ? said.noSharedPurpose : faults.purpose && said.faults.purpose}
          />
          <TextArea
            label={said.reason}
            hint={said.reasonHint({ count: draft.reason.trim().length, most: LONGEST_REASON })}
            value={draft.reason}
            rows={2}
            maxLength={LONGEST_REASON}
            onValue={(reason) => change({ reason: reason.replace(/\s/g, ' ') })}
            fault={faults.reason && said.faults.reason}
          />
          <Recent onChosen={(reason) => change({ reason })} />
          <Field
            label={said.requester}
            optional
            maxLength={200}
            value={draft.requester}
            onValue={(requester) => change({ requester })}
          />
        </div>
        <RangeChoice
          draft={draft}
          calendar={calendar.state === 'ready' ? calendar.value : undefined}
          nowMs={nowMs()}
          fault={faults.range && said.faults[faults.range === 'future' ? 'future' : 'range']}
          onChange={change}
        />
        <div class={styles.foot}>
          {isEmpty && (
            <p class={styles.warning} role="status">
              {said.nothingRecorded}
            </p>
          )}
          <Refused working={working} onRequest={request} onBreakGlass={() => open(breakGlass)} />
          <Button kind="primary" type="submit" icon="play" busy={working.busy}>
            {said.start}
          </Button>
        </div>
      </div>
    </Form>
  );
}

/** What was written today, so that it need not be typed again. */
function Recent({ onChosen }: { readonly onChosen: (reason: string) => void }) {
  const reasons = recentReasons();
  if (reasons.length === 0) return null;
  return (
    <div class={styles.reasonHead}>
      <span class={styles.hint}>{words().sheet.recent}</span>
      {reasons.map((reason) => (
        <Button key={reason} small onPress={() => onChosen(reason)}>
          {reason.length > 30 ? `${reason.slice(0, 30)}…` : reason}
        </Button>
      ))}
    </div>
  );
}

const SETTLED_MS = 300;
const LONGEST_MS = 8 * 86_400_000;

/** How much of the range is recorded, by camera, before anything is opened; undefined while nobody knows. */
function useCoverage(draft: Draft): ReadonlyMap<string, number> | undefined {
  const [known, setKnown] = useState<ReadonlyMap<string, number>>();
  const range = rangeOf(draft, timeZone());
  const key = JSON.stringify([draft.cameras, range]);
  useEffect(() => {
    setKnown(undefined);
    const toMs = Math.min(range?.toMs ?? 0, nowMs());
    if (!range || draft.cameras.length === 0 || toMs <= range.fromMs || toMs - range.fromMs > LONGEST_MS)
      return;
    const aborting = new AbortController();
    const { signal } = aborting;
    const bucketSeconds = Math.min(86_400, Math.max(60, Math.ceil((toMs - range.fromMs) / 1e6)));
    const cancel = after(SETTLED_MS, () => {
      const asked = { cameras: draft.cameras, fromUs: range.fromMs * 1000, toUs: toMs * 1000, bucketSeconds };
      askTimeline(asked, signal).then(
        (timeline) => setKnown(coverageOf(timeline)),
        // Only a hint: what is really there, opening it shows.
        () => undefined,
      );
    });
    return () => {
      cancel();
      aborting.abort();
    };
  }, [key]);
  return known;
}
