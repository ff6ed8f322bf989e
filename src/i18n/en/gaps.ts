import type { gaps as ko } from '../ko/gaps.ts';

/** Why there is no footage. */
export const gaps: typeof ko = {
  camera_off: 'camera silent',
  refused: 'camera refused',
  network: 'network',
  we_were_slow: 'server too slow',
  disk: 'disk',
  maintenance: 'maintenance',
  clock_step: 'clock changed',
  recorder_failure: 'recorder failed',
  unknown: 'unknown',
};
