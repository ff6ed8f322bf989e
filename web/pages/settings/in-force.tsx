import type { SettingsView } from '../../../src/contract/settings.ts';
import { Card } from '../../ui/card.tsx';
import { Table } from '../../ui/table.tsx';
import { type Row, rowsOf } from './rows.ts';
import { words } from './words.ts';

/** Every section, with the keys that one would edit. */
export function InForce({ settings }: { readonly settings: SettingsView['settings'] }) {
  const said = words();
  const shown = ({ key, value }: Row) => {
    if (typeof value === 'boolean') return value ? said.yes : said.no;
    if (value === '') return said.nothing;
    const isSecret = /(?:^|\.)(?:password|rootKey|monitor)$/.test(key);
    return isSecret ? (said.keptIn[value as keyof typeof said.keptIn] ?? value) : value;
  };
  return (
    <>
      {(Object.keys(said.sections) as (keyof typeof said.sections)[]).map((name) => {
        const rows = rowsOf(settings[name]);
        if (rows.length === 0) return null;
        const whole = (key: string) => (key === '' || key.startsWith('[') ? name + key : `${name}.${key}`);
        return (
          <Card key={name} title={said.sections[name]}>
            <Table
              caption={said.sections[name]}
              rows={rows}
              keyOf={({ key }) => key}
              columns={[
                { title: said.key, cell: ({ key }) => <code>{whole(key)}</code> },
                { title: said.value, cell: shown },
              ]}
            />
          </Card>
        );
      })}
    </>
  );
}
