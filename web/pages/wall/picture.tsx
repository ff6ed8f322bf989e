import { Icon } from '../../ui/icon.tsx';
import { type LiveState, useLive } from './live/use-live.ts';
import styles from './picture.module.css';
import { Watermark } from './watermark.tsx';
import { words } from './words.ts';

interface PictureProps {
  readonly viewing: string;
  readonly camera: string;
  readonly stream: 'main' | 'sub';
  /** In the site's words, for the watermark. */
  readonly purpose: string;
  readonly wanted: boolean;
  readonly codecNotLive: boolean;
  readonly onDoubt: () => void;
}

/** A live picture with what is to be known of it; black while nothing may be shown. */
export function Picture({ viewing, camera, stream, purpose, wanted, codecNotLive, onDoubt }: PictureProps) {
  const { video, state } = useLive({
    address: `/api/viewings/${viewing}/live/${camera}?stream=${stream}`,
    wanted: wanted && !codecNotLive,
    onDoubt,
  });
  const said = stateWords(state, codecNotLive);
  return (
    <span class={styles.picture} data-camera={camera} data-state={state.at}>
      <video ref={video} class={styles.video} muted playsInline disablePictureInPicture tabIndex={-1} />
      <Watermark purpose={purpose} />
      {said !== undefined && (
        <span class={`${styles.state} ${state.at === 'stalled' ? styles.over : ''}`}>
          {state.at !== 'connecting' && <Icon name="alarm" size={18} />}
          <span>{said}</span>
        </span>
      )}
    </span>
  );
}

/** undefined where the picture speaks for itself. */
function stateWords(state: LiveState, codecNotLive: boolean): string | undefined {
  const said = words().state;
  if (codecNotLive) return said.why.codec_not_live;
  switch (state.at) {
    case 'playing':
      return undefined;
    case 'away':
      return `${said.why[state.why]} ${said.again({ seconds: state.seconds })}`;
    default:
      return said[state.at];
  }
}
