import { type AboutView, aboutSchema } from '../../../src/contract/about.ts';
import { get } from '../../api/client.ts';
import { useResource } from '../../api/resource.ts';
import { language } from '../../app/language.ts';
import { Link } from '../../app/router.tsx';
import { whoIsIn } from '../../app/session.ts';
import { words as frameWords } from '../../app/words.ts';
import { Card } from '../../ui/card.tsx';
import { PageHead } from '../../ui/page-head.tsx';
import { Loaded, Skeleton } from '../../ui/states.tsx';
import styles from './about.module.css';
import { Licences } from './licences.tsx';
import { words } from './words.ts';

/** What the site publishes, with what its ledger is verified, where the guides are, and whose work was used. */
export default function About() {
  const said = words();
  const about = useResource((signal) => get('/api/about', aboutSchema, { signal }));
  return (
    <>
      <PageHead title={frameWords().pages.about}>{said.lead}</PageHead>
      <div class={styles.cards}>
        <Loaded of={about} skeleton={<Skeleton lines={10} />}>
          {(value) => (
            <>
              <Published about={value} />
              <Verifying about={value} />
            </>
          )}
        </Loaded>
        <Card title={said.guides}>
          <p>{said.guidesText}</p>
          <ul>
            {said.guideList.map(([file, what]) => (
              <li key={file}>
                <code>docs/guide/{file}</code> · {what}
              </li>
            ))}
          </ul>
        </Card>
        <Licences />
      </div>
    </>
  );
}

function Published({ about }: { readonly about: AboutView }) {
  const said = words();
  const { officer, purposes, cameras, retentionDays, version } = about;
  const at = language.value;
  return (
    <Card title={said.published} aside={<span class="figures">{said.version({ version })}</span>}>
      <dl class={styles.facts}>
        <dt>{said.cameras}</dt>
        <dd>{said.cameraCount({ count: cameras })}</dd>
        <dt>{said.retention}</dt>
        <dd>{said.days({ days: retentionDays })}</dd>
        <dt>{said.purposes}</dt>
        <dd>{purposes.map((purpose) => purpose[at]).join(', ')}</dd>
        <dt>{said.officer}</dt>
        <dd>
          {officer.name[at]} · {officer.title[at]} · {officer.department[at]}
        </dd>
        <dt>{said.contact}</dt>
        <dd>
          {officer.phone} · {officer.email}
        </dd>
      </dl>
    </Card>
  );
}

function Verifying({ about: { ledger } }: { readonly about: AboutView }) {
  const said = words();
  const role = whoIsIn()?.role;
  return (
    <Card title={said.verify}>
      <p>{said.verifyText}</p>
      <dl class={styles.facts}>
        <dt>{said.origin}</dt>
        <dd class={styles.mono}>{ledger.origin}</dd>
        <dt>{said.key}</dt>
        <dd class={styles.mono}>{ledger.key}</dd>
        <dt>{said.command}</dt>
        <dd class={styles.mono}>
          girok ledger verify --proof entry.tlog-proof --key '{ledger.key}' --checkpoint printed.txt
        </dd>
      </dl>
      {(role === 'officer' || role === 'auditor') && (
        <p>
          <Link to="/records/checkpoint">{said.checkpoint}</Link>
        </p>
      )}
    </Card>
  );
}
