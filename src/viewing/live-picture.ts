import type { Clock } from '../lib/clock.ts';
import type { CameraId } from '../lib/ids.ts';
import { type LiveSocket, type PipeEnd, pipeToWebSocket } from '../live/pipe-to-web-socket.ts';
import type { LiveFeeds } from '../live/wall.ts';
import type { Asked, Gate } from './gate.ts';

export interface LivePictureDeps {
  readonly gate: Pick<Gate, 'live'>;
  readonly feeds: Pick<LiveFeeds, 'open'>;
  readonly clock: Clock;
}

/** A live picture that the gate has let through; nothing has been sent yet. */
export interface LivePicture {
  /** Sends it until the socket, the right or the picture ends. To be called once. */
  show(socket: LiveSocket): Promise<PipeEnd>;
  /** There is nobody to show it to. */
  drop(): void;
}

/**
 * Opens a camera's live picture through the gate. What is sent is handed out in the gate's sense first, as footage of
 * the time since what was sent before: a picture is at most a second old, in the first moment a group of pictures.
 *
 * @throws GirokError as {@link Gate.live}, and `live_busy`
 */
export function openLivePicture({ gate, feeds, clock }: LivePictureDeps, asked: Asked): LivePicture {
  const passage = gate.live(asked);
  const open = () => {
    try {
      return feeds.open(asked.camera as CameraId, asked.stream, passage.signal);
    } catch (error) {
      passage.end();
      throw error;
    }
  };
  const viewing = open();
  void viewing.ended.then(() => passage.end());
  let fromUs = clock.utcUs();
  return {
    drop: () => viewing.cut(),
    show: (socket) =>
      pipeToWebSocket(viewing, socket, {
        clock,
        onBytes(bytes) {
          const toUs = clock.utcUs();
          // The clock may have been set back meanwhile.
          passage.handOut({ fromUs: Math.min(fromUs, toUs), toUs, bytes });
          fromUs = toUs;
        },
        recheck: () => !passage.signal.aborted,
      }),
  };
}
