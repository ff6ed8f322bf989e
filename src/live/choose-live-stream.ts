import type { CameraStatus } from '../contract/recorder-status.ts';
import { GirokError } from '../lib/errors.ts';
import type { StreamKind } from '../lib/ids.ts';

/**
 * Which stream of a camera can be shown live where one is wanted: that one if it is recorded as H.264, else the
 * other. Decided before the viewing is entered, so that the entry names what is really shown.
 *
 * @throws GirokError `codec_not_live` (only H.265 is recorded), `live_unavailable` (nothing is being recorded)
 */
export function chooseLiveStream(
  camera: Pick<CameraStatus, 'id' | 'streams'>,
  wanted: StreamKind,
): StreamKind {
  const known = camera.streams.filter(({ codec }) => codec !== undefined);
  const live = known.filter(({ codec }) => codec?.startsWith('avc'));
  const chosen = live.find(({ stream }) => stream === wanted) ?? live[0];
  if (chosen) return chosen.stream;
  throw new GirokError(known.length > 0 ? 'codec_not_live' : 'live_unavailable', { camera: camera.id });
}
