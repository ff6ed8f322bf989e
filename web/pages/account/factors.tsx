import { useState } from 'preact/hooks';
import type { z } from 'zod';
import { recoveryCodesSchema } from '../../../src/contract/auth.ts';
import { factorsSchema } from '../../../src/contract/people.ts';
import { get, post, send } from '../../api/client.ts';
import { withProof } from '../../api/proof.ts';
import { useResource } from '../../api/resource.ts';
import { askSession } from '../../app/session.ts';
import { useWorking } from '../../app/working.ts';
import { AddFactor } from '../../credentials/add-factor.tsx';
import { RecoveryCodes } from '../../credentials/recovery-codes.tsx';
import { words as credentialWords } from '../../credentials/words.ts';
import { Button } from '../../ui/button.tsx';
import { Actions, Card } from '../../ui/card.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Fault } from '../../ui/field.tsx';
import { EmptyState, Loaded } from '../../ui/states.tsx';
import { Table } from '../../ui/table.tsx';
import { Time } from '../../ui/time.tsx';
import { told } from '../../ui/toast.tsx';
import { words } from './words.ts';

type Factor = z.infer<typeof factorsSchema>['factors'][number];
/** What is being done in front of the page. */
type Doing =
  | { readonly what: 'add' }
  | { readonly what: 'remove'; readonly factor: Factor }
  | { readonly what: 'codes'; readonly codes: readonly string[] };

/** The second factors of this person. Who has one changes them only in a session that showed one. */
export function Factors() {
  const said = words().factor;
  const factors = useResource((signal) => get('/api/me/factors', factorsSchema, { signal }));
  const working = useWorking();
  const [doing, setDoing] = useState<Doing>();
  const done = () => {
    setDoing(undefined);
    factors.reload();
    working.run(askSession);
  };
  const newCodes = () =>
    working.run(async () => {
      const { recoveryCodes } = await withProof('account', () =>
        post('/api/me/recovery-codes', {}, recoveryCodesSchema),
      );
      setDoing({ what: 'codes', codes: recoveryCodes });
    });
  return (
    <Card
      title={said.title}
      aside={
        <Button small icon="add" onPress={() => setDoing({ what: 'add' })}>
          {said.add}
        </Button>
      }
    >
      {working.fault && <Fault sentence={working.fault.sentence} />}
      <Loaded of={factors}>
        {({ factors: all }) => (
          <FactorList
            all={all}
            onRemove={(factor) => setDoing({ what: 'remove', factor })}
            onNewCodes={newCodes}
          />
        )}
      </Loaded>
      {doing?.what === 'add' && (
        <Dialog title={said.title} onClose={() => setDoing(undefined)}>
          <AddFactor
            label={said.ways}
            passkeysOff={said.passkeysOff}
            onDone={() => {
              told(said.added);
              done();
            }}
          />
        </Dialog>
      )}
      {doing?.what === 'codes' && (
        <Dialog title={credentialWords().recovery.title} onClose={done}>
          <RecoveryCodes codes={doing.codes} onKept={done} />
        </Dialog>
      )}
      {doing?.what === 'remove' && (
        <RemoveDialog factor={doing.factor} onDone={done} onClose={() => setDoing(undefined)} />
      )}
    </Card>
  );
}

interface FactorListProps {
  readonly all: readonly Factor[];
  readonly onRemove: (factor: Factor) => void;
  readonly onNewCodes: () => void;
}

function FactorList({ all, onRemove, onNewCodes }: FactorListProps) {
  const said = words().factor;
  const names = words().factors;
  const shown = all.filter(({ kind }) => kind !== 'recovery');
  if (shown.length === 0) return <EmptyState title={said.none}>{said.noneText}</EmptyState>;
  return (
    <>
      <Table
        caption={said.title}
        rows={shown}
        keyOf={({ id }) => id}
        columns={[
          { title: said.kind, cell: ({ kind }) => names[kind] },
          { title: said.since, cell: ({ since }) => <Time at={since} /> },
          { title: said.used, cell: ({ used }) => (used === undefined ? said.never : <Time at={used} />) },
          {
            title: said.remove,
            untitled: true,
            cell: (factor) => (
              <Button
                small
                kind="danger"
                spoken={said.removeSpoken({ kind: names[factor.kind] })}
                onPress={() => onRemove(factor)}
              >
                {said.remove}
              </Button>
            ),
          },
        ]}
      />
      <p>{said.recoveryLeft({ count: all.length - shown.length })}</p>
      <Actions>
        <Button small icon="key" onPress={onNewCodes}>
          {said.newCodes}
        </Button>
        <span>{said.newCodesText}</span>
      </Actions>
    </>
  );
}

interface RemoveProps {
  readonly factor: Factor;
  readonly onDone: () => void;
  readonly onClose: () => void;
}

function RemoveDialog({ factor, onDone, onClose }: RemoveProps) {
  const said = words().factor;
  const working = useWorking();
  const remove = () =>
    working.run(async () => {
      await withProof('account', () => send('DELETE', `/api/me/factors/${factor.id}`));
      told(said.removed);
      onDone();
    });
  return (
    <Dialog title={said.removeTitle({ kind: words().factors[factor.kind] })} onClose={onClose}>
      <p>{said.removeText}</p>
      {working.fault && <Fault sentence={working.fault.sentence} />}
      <Actions>
        <Button kind="danger" busy={working.busy} onPress={remove}>
          {said.removeConfirm}
        </Button>
      </Actions>
    </Dialog>
  );
}
