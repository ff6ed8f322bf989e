import { useState } from 'preact/hooks';
import { isApiError } from '../../../api/api-error.ts';
import type { Working } from '../../../app/working.ts';
import { Button } from '../../../ui/button.tsx';
import { Actions } from '../../../ui/card.tsx';
import { Fault } from '../../../ui/field.tsx';
import { words } from '../words.ts';
import styles from './purpose.module.css';

interface RefusedProps {
  readonly working: Working;
  readonly onRequest: () => void;
  readonly onBreakGlass: () => void;
}

/** What an officer may allow where one's own rights do not reach (viewing/grants, `mayAsk`). */
const ASKABLE: readonly (string | undefined)[] = ['no_right', 'beyond_look_back'];

/** Why it was not opened, and what can be done instead: ask, or the night without an officer. */
export function Refused({ working, onRequest, onBreakGlass }: RefusedProps) {
  const said = words().refused;
  const [isSure, setSure] = useState(false);
  const { fault, busy } = working;
  if (!fault) return null;
  if (!isApiError(fault, 'viewing_refused') || !ASKABLE.includes(fault.why))
    return <Fault sentence={fault.sentence} />;
  return (
    <div class={styles.warning} role="alert">
      <p>{fault.sentence}</p>
      <Actions>
        <Button kind="primary" busy={busy} onPress={onRequest}>
          {said.request}
        </Button>
        {!isSure && <Button onPress={() => setSure(true)}>{said.breakGlass}</Button>}
      </Actions>
      {isSure && (
        <>
          <p>{said.consequences}</p>
          <Actions>
            <Button kind="danger" icon="alarm" busy={busy} onPress={onBreakGlass}>
              {said.breakGlassNow}
            </Button>
            <Button onPress={() => setSure(false)}>{said.notNow}</Button>
          </Actions>
        </>
      )}
    </div>
  );
}
