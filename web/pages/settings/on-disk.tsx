import type { SettingsView } from '../../../src/contract/settings.ts';
import { Card } from '../../ui/card.tsx';
import { Fault } from '../../ui/field.tsx';
import { Table } from '../../ui/table.tsx';
import { words } from './words.ts';

/** The file as it lies on disk, held against what runs. */
export function OnDisk({ file }: { readonly file: SettingsView['onDisk'] }) {
  const said = words();
  return (
    <Card title={said.file}>
      {file.state === 'same' && <p>{said.same}</p>}
      {file.state === 'unreadable' && <Fault sentence={said.unreadable} />}
      {file.state === 'differs' && (
        <>
          <p>{said.differs}</p>
          <ul>
            {(['added', 'removed', 'changed', 'applied', 'needsRestart'] as const).map(
              (kind) =>
                file.differences[kind].length > 0 && (
                  <li key={kind}>{`${said[kind]}: ${file.differences[kind].join(', ')}`}</li>
                ),
            )}
          </ul>
        </>
      )}
      {file.state === 'faulty' && (
        <>
          <Fault sentence={said.faulty({ count: file.faults.length + file.more })} />
          <Table
            caption={said.fault}
            rows={file.faults}
            keyOf={({ line, column, path }) => `${line}:${column} ${path}`}
            columns={[
              { title: said.line, number: true, cell: ({ line, column }) => `${line}:${column}` },
              { title: said.path, cell: ({ path }) => <code>{path}</code> },
              { title: said.fault, cell: ({ sentence }) => sentence },
            ]}
          />
          {file.more > 0 && <p>{said.moreFaults({ count: file.more })}</p>}
        </>
      )}
    </Card>
  );
}
