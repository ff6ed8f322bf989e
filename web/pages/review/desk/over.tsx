import { useState } from 'preact/hooks';
import type { HoldView } from '../../../../src/contract/holds.ts';
import { useResource } from '../../../api/resource.ts';
import { language } from '../../../app/language.ts';
import { go, Link } from '../../../app/router.tsx';
import { Button } from '../../../ui/button.tsx';
import { Actions, Card } from '../../../ui/card.tsx';
import { Time } from '../../../ui/time.tsx';
import { told } from '../../../ui/toast.tsx';
import { askAbout, usOf } from '../api.ts';
import { cameraName, type Names } from '../names.ts';
import { begunOf } from '../purpose/begun.ts';
import { PurposeSheet } from '../purpose/sheet.tsx';
import { sentOf } from '../sent.ts';
import type { Grant } from '../shapes.ts';
import { words } from '../words.ts';
import styles from './desk.module.css';
import { spanText } from './incident-sheet.tsx';

interface OverProps {
  readonly viewing: string;
  readonly outcome: string | undefined;
  readonly grant: Grant;
  readonly names: Names | undefined;
}

/** Why this viewing is over, and what can be done: the same once more, with everything filled in. */
export function Over({ viewing, outcome, grant, names }: OverProps) {
  const said = words().over;
  const [isAsking, setAsking] = useState(false);
  const sent = sentOf(viewing);
  const reasons: Readonly<Record<string, string>> = said.outcomes;
  return (
    <Card>
      <h1>{said.title}</h1>
      <p role="alert">{(outcome !== undefined && reasons[outcome]) || said.other}</p>
      <p>{said.kept}</p>
      {sent && <Sent hold={sent} names={names} />}
      <Actions>
        <Button kind="primary" icon="refresh" onPress={() => setAsking(true)}>
          {said.again}
        </Button>
        <Link to="/review">{said.list}</Link>
      </Actions>
      {isAsking && (
        <PurposeSheet
          begun={begunOf(grant)}
          onClose={() => setAsking(false)}
          onOpened={(viewing) => go(`/review/${viewing}`)}
          onRequested={() => {
            told(words().requested);
            go('/review');
          }}
        />
      )}
    </Card>
  );
}

/** What was sent, to whom, and what becomes of it. */
function Sent({ hold, names }: { readonly hold: HoldView; readonly names: Names | undefined }) {
  const said = words().incident.sent;
  const about = useResource(askAbout);
  const officer = about.state === 'ready' ? about.value.officer : undefined;
  const at = language.value;
  const cameras = hold.cameras.map((camera) => cameraName(names, camera)).join(', ');
  return (
    <section class={styles.sentTo}>
      <h2>{said.title}</h2>
      <dl class={styles.sent}>
        <dt>{said.to}</dt>
        <dd>
          {said.officer}
          {officer && ` · ${officer.name[at]} (${officer.title[at]}) ${officer.phone}`}
        </dd>
        <dt>{said.cameras}</dt>
        <dd>{cameras}</dd>
        <dt>{said.range}</dt>
        <dd class="figures">{spanText({ fromUs: usOf(hold.from), toUs: usOf(hold.to) })}</dd>
        <dt>{said.until}</dt>
        <dd>
          <Time at={hold.end} />
        </dd>
      </dl>
      <p>{said.next}</p>
    </section>
  );
}
