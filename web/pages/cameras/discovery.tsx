import { useState } from 'preact/hooks';
import { z } from 'zod';
import type { SearchView } from '../../../src/contract/camera-search.ts';
import { post } from '../../api/client.ts';
import { useWorking } from '../../app/working.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { Checkbox } from '../../ui/choice.tsx';
import { Fault, Field } from '../../ui/field.tsx';
import { Form } from '../../ui/form.tsx';
import { EmptyState } from '../../ui/states.tsx';
import { Table } from '../../ui/table.tsx';
import { words } from './words.ts';

export const begunSchema = z.strictObject({ id: z.string() });

interface DiscoveryProps {
  readonly search: SearchView['search'];
  readonly onBegun: () => void;
  readonly onChosen: (deviceUrl: string) => void;
}

/** Asks the allowed networks for cameras, and lists those that answered. */
export function Discovery({ search, onBegun, onChosen }: DiscoveryProps) {
  const said = words().search;
  const [targets, setTargets] = useState('');
  const [multicast, setMulticast] = useState(true);
  const working = useWorking();
  const begin = () =>
    working.run(async () => {
      const asked = targets.split(/[\s,]+/).filter((one) => one !== '');
      await post('/api/camera-search/discovery', { targets: asked, multicast }, begunSchema);
      onBegun();
    });
  const found = search?.found?.kind === 'discovery' ? search.found.devices : undefined;
  return (
    <Card title={said.title}>
      <Form onSubmit={begin}>
        <Field
          label={said.targets}
          hint={said.targetsHint}
          optional
          value={targets}
          onValue={setTargets}
          maxLength={2000}
        />
        <Checkbox label={said.multicast} checked={multicast} onChecked={setMulticast} />
        {working.fault && <Fault sentence={working.fault.sentence} />}
        <Button type="submit" kind="primary" icon="search" busy={working.busy || search?.state === 'running'}>
          {said.find}
        </Button>
      </Form>
      {found?.length === 0 && <EmptyState title={said.foundNone}>{said.foundNoneHow}</EmptyState>}
      {found && found.length > 0 && (
        <Table
          caption={said.found}
          captioned
          rows={found}
          keyOf={({ deviceUrl }) => deviceUrl}
          columns={[
            { title: said.address, cell: ({ address }) => address },
            { title: said.model, cell: ({ name, model }) => [name, model].filter(Boolean).join(' · ') },
            {
              title: '',
              cell: ({ registered }) =>
                registered ? <Badge>{said.registered}</Badge> : <Badge kind="well">{said.fresh}</Badge>,
            },
            {
              title: ' ',
              cell: ({ registered, address, deviceUrl }) =>
                !registered && (
                  <Button small spoken={said.chooseSpoken({ address })} onPress={() => onChosen(deviceUrl)}>
                    {said.choose}
                  </Button>
                ),
            },
          ]}
        />
      )}
    </Card>
  );
}
