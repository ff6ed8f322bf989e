import { REGISTER_FILES, type RegisterName } from '../../../src/contract/registers.ts';
import { download } from '../../api/download.ts';
import { withProof } from '../../api/proof.ts';
import { go } from '../../app/router.tsx';
import { useWorking } from '../../app/working.ts';
import { Button } from '../../ui/button.tsx';
import { Actions, Card } from '../../ui/card.tsx';
import { Fault } from '../../ui/field.tsx';
import { type Asked, filterOf } from './asked.ts';
import styles from './records.module.css';
import { words } from './words.ts';

/** The register as it is narrowed down, taken out of the house: each time with a fresh proof, and on the record. */
export function TakeOut({ register, asked }: { readonly register: RegisterName; readonly asked: Asked }) {
  const said = words().take;
  const working = useWorking();
  return (
    <Card title={said.title}>
      <p class={styles.sentence}>{said.about}</p>
      <Actions>
        {REGISTER_FILES.map((format) => (
          <Button
            key={format}
            icon="download"
            busy={working.busy}
            onPress={() =>
              working.run(() =>
                withProof('export', () =>
                  download(
                    `/api/logs/${register}/export`,
                    { ...filterOf(asked), format },
                    `${register}.${format}`,
                  ),
                ),
              )
            }
          >
            {said[format]}
          </Button>
        ))}
        <Button icon="print" onPress={() => print()}>
          {said.print}
        </Button>
        <Button icon="seal" onPress={() => go('/records/checkpoint')}>
          {said.checkpoint}
        </Button>
      </Actions>
      {working.fault && <Fault sentence={working.fault.sentence} />}
    </Card>
  );
}
