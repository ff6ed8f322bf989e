import type { CameraConfig } from './config.ts';

export interface PullDecision {
  /** Whether the recorder opens streams of this camera now. */
  readonly pull: boolean;
  readonly why:
    | 'continuous'
    | 'disabled'
    | 'prohibited'
    | 'waits_for_request'
    | 'asked_for'
    | 'operating_room_unconfirmed'
    | 'operating_room_confirmed';
  /** Stays visible for as long as the file says so. Both name 의료법 §38의2. */
  readonly warning?: 'operating_room_unconfirmed' | 'operating_room_continuous';
}

/**
 * Whether a camera may and should be recorded. Operating rooms: Medical Service Act (의료법) §38의2② and its
 * rule §39의10 allow filming per operation on request, so `continuous` needs a person who answers for it.
 *
 * @param asked something asked for an `on_request` camera now.
 */
export function pullDecision(camera: CameraConfig, asked = false): PullDecision {
  if (camera.zone.class === 'prohibited') return { pull: false, why: 'prohibited' };
  if (!camera.enabled) return { pull: false, why: 'disabled' };
  if (camera.recording === 'on_request')
    return asked ? { pull: true, why: 'asked_for' } : { pull: false, why: 'waits_for_request' };
  if (camera.zone.class !== 'operating_room') return { pull: true, why: 'continuous' };
  return camera.confirmation
    ? { pull: true, why: 'operating_room_confirmed', warning: 'operating_room_continuous' }
    : { pull: false, why: 'operating_room_unconfirmed', warning: 'operating_room_unconfirmed' };
}
