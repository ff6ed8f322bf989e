import { z } from 'zod';
import type { Principal } from '../../access/policy.ts';
import { cameraText, idText } from '../../contract/inputs.ts';
import type { CameraStatus, RecorderStatus } from '../../contract/recorder-status.ts';
import { GirokError } from '../../lib/errors.ts';
import type { StreamKind } from '../../lib/ids.ts';
import { chooseLiveStream } from '../../live/choose-live-stream.ts';
import type { Asked } from '../../viewing/gate.ts';
import type { LivePicture } from '../../viewing/live-picture.ts';
import { pictures, type Route } from '../route.ts';

export interface LiveDeps {
  /** @throws GirokError `recorder_not_running` */
  readStatus(): Promise<RecorderStatus>;
  /** Refuses whoever may not see it, before anything of the camera is told. @throws as the gate's `live` */
  admit(asked: Asked): void;
  /** Opens it through the gate. @throws as `openLivePicture` */
  open(asked: Asked): LivePicture;
  /** As they are at this moment; undefined once the session is over. */
  principalOf(session: string): Principal | undefined;
}

/** Live pictures of a viewing that is open. */
export function liveRoutes({ readStatus, admit, open, principalOf }: LiveDeps): Route[] {
  return [
    pictures({
      path: '/api/viewings/:id/live/:camera',
      access: 'gate',
      summary:
        "A camera's live picture as FLV over a WebSocket: its sub-stream, or the main one where that is asked for. Close codes: docs/design/live.md.",
      params: z.strictObject({ id: idText, camera: cameraText }),
      query: z.strictObject({ stream: z.enum(['main', 'sub']).optional() }),
      async open({ params: { id, camera }, query, session }) {
        const wanted = query.stream ?? 'sub';
        const asked = { principal: () => principalOf(session.id), viewing: id, camera };
        admit({ ...asked, stream: wanted });
        return open({ ...asked, stream: chosen((await readStatus()).cameras, camera, wanted) });
      },
    }),
  ];
}

function chosen(cameras: readonly CameraStatus[], camera: string, wanted: StreamKind): StreamKind {
  const status = cameras.find(({ id }) => id === camera);
  if (!status) throw new GirokError('unknown_camera', { camera });
  return chooseLiveStream(status, wanted);
}
