import type { SourceEnd } from './source.ts';

/**
 * What ffmpeg's last words mean; what the camera itself refuses, the relay knows. Only the phrases on the left
 * are looked for and only those on the right are passed on: its messages can hold what a camera wrote.
 */
const PHRASES: readonly (readonly [RegExp, SourceEnd])[] = [
  [/Connection timed out|Operation timed out/, { cause: 'network', detail: 'the camera does not answer' }],
  [
    /Could not find codec parameters|Could not find tag|matches no streams|does not contain any stream/,
    { cause: 'unusable', detail: 'the camera sends no H.264 or H.265 video' },
  ],
  [
    /Invalid data found/,
    { cause: 'unusable', detail: 'the camera’s description of its stream is unreadable' },
  ],
];

/** What it says when it read for a while and found nothing that it could hand on. */
const BEFORE_ANY_MEDIA: readonly (readonly [RegExp, SourceEnd])[] = [
  [
    /\[(h264|hevc) @/,
    { cause: 'unusable', detail: 'what the camera sends is not the H.264 or H.265 that it announces' },
  ],
  [/dimensions not set/, { cause: 'stalled', detail: 'the camera is connected but sends no pictures' }],
];

/** Any end of a live source is a failure, also one with exit code 0. */
export function explainFfmpegEnd(stderr: string, receivedMedia: boolean): SourceEnd {
  const phrases = receivedMedia ? PHRASES : [...PHRASES, ...BEFORE_ANY_MEDIA];
  const found = phrases.find(([pattern]) => pattern.test(stderr));
  if (found) return found[1];
  return receivedMedia
    ? { cause: 'camera_off', detail: 'the camera ended the stream' }
    : { cause: 'unknown', detail: 'the stream did not begin' };
}
