import { useState } from 'preact/hooks';
import { certificateAnswer, type RunView } from '../../../src/contract/retention.ts';
import { sizeText } from '../../../src/i18n/size-text.ts';
import { get } from '../../api/client.ts';
import { useResource } from '../../api/resource.ts';
import { siteTimeText } from '../../app/site-time.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { EmptyState, Loaded } from '../../ui/states.tsx';
import { Table } from '../../ui/table.tsx';
import { figure } from './figure.ts';
import styles from './retention.module.css';
import { words } from './words.ts';

/** Each run that has a certificate, to be opened as it lies in its file. */
export function Runs({ runs }: { readonly runs: readonly RunView[] }) {
  const said = words().runs;
  const [open, setOpen] = useState<RunView>();
  const label = (iso: string) => siteTimeText(Date.parse(iso));
  return (
    <Card title={said.title}>
      {runs.length === 0 ? (
        <EmptyState title={said.none}>{said.noneText}</EmptyState>
      ) : (
        <Table
          caption={said.title}
          rows={runs}
          keyOf={({ run }) => run}
          columns={[
            { title: said.finished, cell: ({ finished }) => label(finished) },
            {
              title: said.state,
              cell: ({ state }) =>
                state === 'complete' ? (
                  <Badge kind="well" icon="check">
                    {said.complete}
                  </Badge>
                ) : (
                  <Badge kind="alarm" icon="alarm">
                    {said.incomplete}
                  </Badge>
                ),
            },
            { title: said.what, cell: ({ cameraDays }) => said.cameraDays({ days: cameraDays }) },
            { title: said.files, number: true, cell: ({ files }) => figure(files) },
            { title: said.size, number: true, cell: ({ bytes }) => sizeText(bytes) },
            {
              title: '',
              cell: (run) => (
                <Button
                  small
                  spoken={said.openSpoken({ at: label(run.finished) })}
                  onPress={() => setOpen(run)}
                >
                  {said.open}
                </Button>
              ),
            },
          ]}
        />
      )}
      {open && <CertificateDialog run={open} onClose={() => setOpen(undefined)} />}
    </Card>
  );
}

function CertificateDialog({ run, onClose }: { readonly run: RunView; readonly onClose: () => void }) {
  const said = words().runs;
  const kept = useResource((signal) => get(`/api/retention/runs/${run.run}`, certificateAnswer, { signal }), {
    of: [run.run],
  });
  return (
    <Dialog title={said.certificate} wide onClose={onClose}>
      <Loaded of={kept}>
        {({ certificate, sha256 }) => (
          <div class={styles.page}>
            <p>
              {siteTimeText(Date.parse(certificate.finishedAt), { seconds: true })} ·{' '}
              {certificate.state === 'complete' ? said.complete : said.incomplete} ·{' '}
              {said.cameraDays({ days: certificate.days.length })}
            </p>
            <p>
              {said.sha256}
              <br />
              <code class={styles.hash}>{sha256}</code>
            </p>
            <details>
              <summary>{said.json}</summary>
              {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by the keyboard */}
              <pre class={styles.json} tabIndex={0}>
                {JSON.stringify(certificate, null, 2)}
              </pre>
            </details>
          </div>
        )}
      </Loaded>
    </Dialog>
  );
}
