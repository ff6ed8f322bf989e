import { useState } from 'preact/hooks';
import { getBytes } from '../../api/client.ts';
import { useResource } from '../../api/resource.ts';
import { Button } from '../../ui/button.tsx';
import { Actions, Card } from '../../ui/card.tsx';
import { Loaded, Skeleton } from '../../ui/states.tsx';
import styles from './about.module.css';
import { words } from './words.ts';

/** Built beside the pages (web/licences.ts). */
const FILE = '/licences.txt';

/** Under which terms what was used may be used. */
export function Licences() {
  const said = words();
  const [isShown, setShown] = useState(false);
  return (
    <Card title={said.licences}>
      <p>{said.licencesText}</p>
      <Actions>
        <Button small expanded={isShown} onPress={() => setShown(!isShown)}>
          {said.showLicences}
        </Button>
        <a href={FILE} target="_blank" rel="noreferrer">
          {said.openLicences}
        </a>
      </Actions>
      {isShown && <Text />}
    </Card>
  );
}

function Text() {
  const text = useResource(async (signal) =>
    new TextDecoder().decode((await getBytes(FILE, { signal })).bytes),
  );
  return (
    <Loaded of={text} skeleton={<Skeleton lines={10} />}>
      {(value) => (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by the keyboard
        <pre class={styles.text} tabIndex={0} lang="en">
          {value}
        </pre>
      )}
    </Loaded>
  );
}
