import { language } from '../../../app/language.ts';
import { Button } from '../../../ui/button.tsx';
import { Fault } from '../../../ui/field.tsx';
import type { Camera } from '../shapes.ts';
import { words } from '../words.ts';
import { MOST_CAMERAS } from './draft.ts';
import styles from './purpose.module.css';

interface CameraChoiceProps {
  readonly cameras: readonly Camera[];
  readonly chosen: readonly string[];
  readonly coverage: ReadonlyMap<string, number> | undefined;
  readonly onChosen: (cameras: readonly string[]) => void;
  readonly fault: string | undefined;
}

/** Which cameras, by name and place, with how much of the range each has. */
export function CameraChoice({ cameras, chosen, coverage, onChosen, fault }: CameraChoiceProps) {
  const said = words().cameras;
  const speaking = language.value;
  const open = cameras.filter(isEverShown);
  return (
    <fieldset class={styles.cameras}>
      <legend>{said.title}</legend>
      <div class={styles.quick}>
        <Button small onPress={() => onChosen(open.slice(0, MOST_CAMERAS).map(({ id }) => id))}>
          {said.all}
        </Button>
        <Button small onPress={() => onChosen([])}>
          {said.none}
        </Button>
        <span class={styles.count}>{said.count({ count: chosen.length, most: MOST_CAMERAS })}</span>
      </div>
      <ul>
        {cameras.map((camera) => {
          const isChosen = chosen.includes(camera.id);
          const isShut = !isEverShown(camera) || (!isChosen && chosen.length >= MOST_CAMERAS);
          return (
            <li key={camera.id}>
              <label class={styles.camera}>
                <input
                  type="checkbox"
                  checked={isChosen}
                  disabled={isShut}
                  onChange={() =>
                    onChosen(
                      isChosen
                        ? chosen.filter((id) => id !== camera.id)
                        : inOrder(cameras, [...chosen, camera.id]),
                    )
                  }
                />
                <span>
                  <span class={styles.name}>{camera.name[speaking]}</span>
                  <span class={styles.place}>
                    {camera.place[speaking]} · {said.zones[camera.zone]}
                  </span>
                  {note(camera, isChosen ? coverage?.get(camera.id) : undefined)}
                </span>
              </label>
            </li>
          );
        })}
      </ul>
      {fault !== undefined && <Fault sentence={fault} />}
    </fieldset>
  );
}

const isEverShown = ({ zone }: Camera): boolean => zone === 'public' || zone === 'non_public';

const inOrder = (cameras: readonly Camera[], ids: readonly string[]): string[] =>
  cameras.map(({ id }) => id).filter((id) => ids.includes(id));

/** What one has to know of it before asking. */
function note(camera: Camera, share: number | undefined) {
  const said = words().cameras;
  if (!isEverShown(camera)) return <span class={styles.note}>{said.shut}</span>;
  if (share === 0) return <span class={styles.nothing}>{said.nothing}</span>;
  if (share !== undefined && share < 0.995)
    return <span class={styles.note}>{said.partly({ percent: Math.floor(share * 100) })}</span>;
  if (!camera.may.includes('playback')) return <span class={styles.note}>{said.byRequest}</span>;
  return null;
}
