import { useState } from 'preact/hooks';
import { language } from '../app/language.ts';
import { site } from '../app/site.ts';
import { Button } from '../ui/button.tsx';
import { Actions } from '../ui/card.tsx';
import { Checkbox } from '../ui/choice.tsx';
import { saveText } from '../ui/save-text.ts';
import styles from './credentials.module.css';
import { words } from './words.ts';

interface RecoveryCodesProps {
  readonly codes: readonly string[];
  readonly onKept: () => void;
}

/** Shown this once: whoever goes on says that they are written down. */
export function RecoveryCodes({ codes, onKept }: RecoveryCodesProps) {
  const said = words().recovery;
  const [kept, setKept] = useState(false);
  const save = () => {
    const name = site.value?.name[language.value] ?? '';
    saveText('girok-recovery-codes.txt', [said.file({ site: name }), '', ...codes, ''].join('\r\n'));
  };
  return (
    <>
      <p>{said.about}</p>
      <ol class={styles.codes} aria-label={said.title}>
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ol>
      <Actions>
        <Button icon="print" onPress={() => print()}>
          {said.print}
        </Button>
        <Button icon="download" onPress={save}>
          {said.save}
        </Button>
      </Actions>
      <Checkbox label={said.kept} checked={kept} onChecked={setKept} />
      <Actions>
        <Button kind="primary" blocked={kept ? undefined : said.kept} onPress={onKept}>
          {said.goOn}
        </Button>
      </Actions>
    </>
  );
}
