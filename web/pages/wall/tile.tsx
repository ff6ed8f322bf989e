import { language } from '../../app/language.ts';
import type { Camera, Health } from './api.ts';
import { cannotBeLive, HealthBadge } from './health.tsx';
import { Picture } from './picture.tsx';
import styles from './wall.module.css';
import { words } from './words.ts';

export interface TileProps {
  readonly camera: Camera;
  readonly health: Health | undefined;
  readonly viewing: string;
  readonly purpose: string;
  readonly wanted: boolean;
  /** The one of all tiles that the Tab key reaches. */
  readonly isCurrent: boolean;
  readonly isEnlarged: boolean;
  readonly onFocus: () => void;
  readonly onEnlarge: () => void;
  readonly onDoubt: () => void;
}

/** One camera of the wall: its picture, its name, whether it records. */
export function Tile(props: TileProps) {
  const { camera, health, viewing, purpose, wanted, isCurrent, isEnlarged, onFocus, onEnlarge, onDoubt } =
    props;
  const name = camera.name[language.value];
  return (
    <li class={styles.cell}>
      <button
        type="button"
        class={styles.tile}
        data-tile={camera.id}
        tabIndex={isCurrent ? 0 : -1}
        aria-current={isEnlarged}
        onFocus={onFocus}
        onClick={onEnlarge}
      >
        <Picture
          viewing={viewing}
          camera={camera.id}
          stream="sub"
          purpose={purpose}
          wanted={wanted}
          codecNotLive={cannotBeLive(health)}
          onDoubt={onDoubt}
        />
        <span class={styles.caption}>
          <span class={styles.name}>{name}</span>
          <HealthBadge health={health} />
        </span>
        <span class="only-spoken">{words().enlarge}</span>
      </button>
    </li>
  );
}
