import { useEffect, useRef, useState } from 'preact/hooks';
import { Button } from '../../../ui/button.tsx';
import { Icon } from '../../../ui/icon.tsx';
import type { TileState } from '../player/tile-player.ts';
import { words } from '../words.ts';
import styles from './desk.module.css';
import type { Playing } from './playing.ts';
import { Watermark } from './watermark.tsx';

interface TileProps {
  readonly playing: Playing;
  readonly camera: string;
  readonly name: string;
  /** It has the whole desk. */
  readonly alone: boolean;
  /** There is another camera to go back to. */
  readonly canAlone: boolean;
  readonly purpose: string;
  /** Why there is no footage at the playhead, where that is known. */
  readonly cause: () => string | undefined;
  readonly onAlone: () => void;
  readonly onEnded: () => void;
}

const ENDING: readonly string[] = ['viewing_over', 'viewing_refused', 'viewing_unknown'];
const SCALES = [1, 1.5, 2, 3, 4, 6] as const;

/** One camera: its picture, or in words why there is none. */
export function Tile(props: TileProps) {
  const { playing, camera, name, alone, canAlone, purpose, cause, onAlone, onEnded } = props;
  const said = words().tile;
  const canvas = useRef<HTMLCanvasElement>(null);
  const [state, setState] = useState<TileState>({ is: 'loading' });
  const [zoom, setZoom] = useState(0);
  const ended = useRef(onEnded);
  ended.current = onEnded;
  useEffect(() => {
    const { current } = canvas;
    if (!current) return;
    return playing.mount(camera, {
      canvas: current,
      alone,
      onState(next) {
        setState(next);
        if (next.is === 'failed' && ENDING.includes(next.error.code)) ended.current();
      },
    });
  }, [playing, camera, alone]);
  const scale = SCALES[zoom] ?? 1;
  const zoomBy = (by: number) => setZoom((before) => Math.min(SCALES.length - 1, Math.max(0, before + by)));
  return (
    <figure class={styles.tile} data-camera={camera} data-state={state.is}>
      <div class={styles.picture}>
        <Zoomed scale={scale} label={said.zoomed({ name })}>
          <canvas
            ref={canvas}
            role="img"
            aria-label={said.picture({ name })}
            width={16}
            height={9}
            style={{ width: `${scale * 100}%` }}
            onDblClick={canAlone ? onAlone : undefined}
          />
        </Zoomed>
        <Watermark purpose={purpose} />
        <Shown state={state} cause={cause} />
      </div>
      <figcaption class={styles.caption}>
        <span>{name}</span>
        <span class={styles.tileActions}>
          {scale > 1 && <span class="figures">{scale}×</span>}
          <Button small kind="plain" spoken={said.smaller({ name })} onPress={() => zoomBy(-1)}>
            −
          </Button>
          <Button small kind="plain" spoken={said.larger({ name })} onPress={() => zoomBy(1)}>
            +
          </Button>
          {canAlone && (
            <Button small kind="plain" pressed={alone} spoken={said.alone({ name })} onPress={onAlone}>
              {alone ? said.all : said.one}
            </Button>
          )}
        </span>
      </figcaption>
    </figure>
  );
}

interface ZoomedProps {
  readonly scale: number;
  readonly label: string;
  readonly children: preact.ComponentChildren;
}

/** What is enlarged is moved by dragging, by scrolling, or by the arrow keys while it has the focus. */
function Zoomed({ scale, label, children }: ZoomedProps) {
  const region = useRef<HTMLDivElement>(null);
  const isLarge = scale > 1;
  return (
    <div
      ref={region}
      class={`${styles.zoomed} ${isLarge ? styles.large : ''}`}
      {...(isLarge && { role: 'region', tabIndex: 0, 'aria-label': label, 'data-scrolls': '' })}
      onPointerMove={(event) => {
        if (!isLarge || event.buttons !== 1 || !region.current) return;
        region.current.scrollBy(-event.movementX, -event.movementY);
      }}
    >
      {children}
    </div>
  );
}

function Shown({ state, cause }: { readonly state: TileState; readonly cause: () => string | undefined }) {
  const said = words().tile;
  if (state.is === 'picture') return null;
  if (state.is === 'loading') return <div class={styles.loading}>{said.loading}</div>;
  const because = state.is === 'gap' ? cause() : undefined;
  // The picture of this moment stays in sight while nobody answers.
  const looks = state.is === 'away' ? styles.away : state.is === 'gap' ? styles.hatched : '';
  return (
    <div class={`${styles.nothing} ${looks}`} role="status">
      <Icon name={state.is === 'waiting' ? 'refresh' : 'info'} />
      <p>
        {state.is === 'failed' ? state.error.sentence : said.states[state.is]}
        {because !== undefined && <strong> · {because}</strong>}
      </p>
    </div>
  );
}
