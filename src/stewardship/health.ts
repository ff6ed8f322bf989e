import type { CameraStatus, RecorderStatus, StreamStatus } from '../contract/recorder-status.ts';

/** Something that should not be so, whoever asks: `/healthz`, `girok status`. */
export type Ailment =
  | { readonly kind: 'camera_not_recording'; readonly camera: string; readonly stream?: string }
  | { readonly kind: 'disk_full' }
  | { readonly kind: 'recovery_failed' };

/** Pictures arrive, and are kept: where a hole stands open, for want of room say, they are not. */
export const isKept = ({ state, gap }: StreamStatus): boolean => state === 'recording' && gap === undefined;

/** A camera records when every stream it has does; one that was never reached has none. */
export const isRecording = (camera: CameraStatus): boolean =>
  camera.streams.length > 0 && camera.streams.every(isKept);

/** Empty when all pulled cameras record. Pure. */
export function ailmentsOf(status: RecorderStatus): Ailment[] {
  const silent = status.cameras
    .filter((camera) => camera.pulled && !isRecording(camera))
    .flatMap((camera): Ailment[] => {
      const streams = camera.streams.filter((stream) => !isKept(stream));
      if (streams.length === 0) return [{ kind: 'camera_not_recording', camera: camera.id }];
      return streams.map(({ stream }) => ({ kind: 'camera_not_recording', camera: camera.id, stream }));
    });
  return [
    ...silent,
    ...(status.disk.room ? [] : [{ kind: 'disk_full' as const }]),
    ...(status.recovery.state === 'failed' ? [{ kind: 'recovery_failed' as const }] : []),
  ];
}
