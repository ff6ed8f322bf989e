import { language } from '../../app/language.ts';
import { Checkbox } from '../../ui/choice.tsx';
import type { Camera } from './api.ts';
import styles from './people.module.css';
import { words } from './words.ts';

interface CameraChoiceProps {
  readonly cameras: readonly Camera[];
  readonly chosen: readonly string[];
  readonly onChosen: (cameras: readonly string[]) => void;
}

/** Cameras by zone, each or a zone at once. */
export function CameraChoice({ cameras, chosen, onChosen }: CameraChoiceProps) {
  const said = words().form;
  const zones = [...new Set(cameras.map(({ zone }) => zone))];
  const set = (ids: readonly string[], on: boolean) =>
    onChosen([...chosen.filter((id) => !ids.includes(id)), ...(on ? ids : [])]);
  return (
    <fieldset class={styles.choices}>
      <legend>{said.cameras}</legend>
      {zones.map((zone) => {
        const here = cameras.filter((camera) => camera.zone === zone);
        const ids = here.map(({ id }) => id);
        return (
          <div class={styles.zone} key={zone}>
            <Checkbox
              label={said.wholeZone({ zone: said.zones[zone] })}
              checked={ids.every((id) => chosen.includes(id))}
              onChecked={(on) => set(ids, on)}
            />
            <div class={styles.columns}>
              {here.map(({ id, name }) => (
                <Checkbox
                  key={id}
                  label={`${name[language.value]} (${id})`}
                  checked={chosen.includes(id)}
                  onChecked={(on) => set([id], on)}
                />
              ))}
            </div>
          </div>
        );
      })}
    </fieldset>
  );
}
