import { type RegisterName, registerChoicesSchema } from '../../../src/contract/registers.ts';
import { get } from '../../api/client.ts';
import { useResource } from '../../api/resource.ts';
import { language } from '../../app/language.ts';
import { Button } from '../../ui/button.tsx';
import { Field, type Option, Select } from '../../ui/field.tsx';
import { type Asked, EVERYTHING } from './asked.ts';
import styles from './records.module.css';
import { words } from './words.ts';

interface FiltersProps {
  readonly register: RegisterName;
  readonly asked: Asked;
  readonly onAsked: (asked: Asked) => void;
}

/** Which records are shown, to be read as a sentence from left to right. */
export function Filters({ register, asked, onAsked }: FiltersProps) {
  const said = words().filter;
  const choices = useResource(
    (signal) => get(`/api/logs/${register}/choices`, registerChoicesSchema, { signal }),
    { of: [register, language.value] },
  );
  const there = choices.state === 'ready' ? choices.value : undefined;
  const withAll = (options: readonly Option<string>[] | undefined, all: string) => [
    { value: '', label: all },
    ...(options ?? []),
  ];
  const set = (change: Partial<Asked>) => onAsked({ ...asked, ...change });
  const one = (key: 'person' | 'kind' | 'camera' | 'outcome', options: typeof there, all: string) => {
    const values = options?.[KEYS[key]] ?? [];
    // What the register does not have is not asked about.
    if (there && values.length === 0) return null;
    return (
      <Select
        label={said[key]}
        value={asked[key]}
        options={withAll(values, all)}
        onValue={(value) => set({ [key]: value })}
      />
    );
  };
  const isAny = Object.entries(EVERYTHING).some(([key, value]) => asked[key as keyof Asked] !== value);
  return (
    <fieldset class={styles.filters}>
      <legend class="only-spoken">{said.legend}</legend>
      <Field label={said.from} type="date" optional value={asked.from} onValue={(from) => set({ from })} />
      <Field label={said.to} type="date" optional value={asked.to} onValue={(to) => set({ to })} />
      {one('person', there, said.anybody)}
      {one('camera', there, said.anywhere)}
      {one('kind', there, said.anything)}
      {one('outcome', there, said.whatever)}
      <Select
        label={said.order}
        value={asked.order}
        options={[
          { value: 'newest', label: said.newest },
          { value: 'oldest', label: said.oldest },
        ]}
        onValue={(order) => set({ order })}
      />
      {isAny && (
        <Button kind="plain" icon="close" onPress={() => onAsked(EVERYTHING)}>
          {said.clear}
        </Button>
      )}
    </fieldset>
  );
}

const KEYS = { person: 'persons', kind: 'kinds', camera: 'cameras', outcome: 'outcomes' } as const;
