import type { z } from 'zod';
import type { entrySchema } from '../../../src/contract/camera-search.ts';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { Fault } from '../../ui/field.tsx';
import { told } from '../../ui/toast.tsx';
import styles from './entry.module.css';
import { words } from './words.ts';

/** The entry to paste, or why cameras.yml would not take it. */
export function Entry({ id, made }: { readonly id: string; readonly made: z.output<typeof entrySchema> }) {
  const said = words().search;
  if (made.faults.length > 0)
    return (
      <Card title={said.faulty}>
        {made.faults.map(({ path, sentence }) => (
          <Fault key={`${path} ${sentence}`} sentence={`${path}: ${sentence}`} />
        ))}
      </Card>
    );
  const copy = () => void navigator.clipboard.writeText(made.entry).then(() => told(said.copied));
  return (
    <Card title={said.ready}>
      <p>{said.readyHow({ id })}</p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways must be reachable by the keyboard */}
      <pre class={styles.entry} tabIndex={0}>
        {made.entry}
      </pre>
      <Button onPress={copy}>{said.copy}</Button>
    </Card>
  );
}
