/** Why there is no footage. The database checks the same list. */
export const GAP_CAUSES = [
  'camera_off',
  'refused',
  'network',
  'we_were_slow',
  'disk',
  'maintenance',
  'clock_step',
  'recorder_failure',
  'unknown',
] as const;
export type GapCause = (typeof GAP_CAUSES)[number];

/** Why something is missing from footage that was kept. `camera`: it left it out itself. */
export const LOSS_CAUSES = ['network', 'camera', 'we_were_slow'] as const;
export type LossCause = (typeof LOSS_CAUSES)[number];

/** Why a run ended: what opened the gap after it, or a reason to begin anew without losing anything. */
export const RUN_END_CAUSES = [...GAP_CAUSES, 'parameter_change', 'configuration'] as const;
export type RunEndCause = (typeof RUN_END_CAUSES)[number];

export const isRunEndCause = (text: string | undefined): text is RunEndCause =>
  RUN_END_CAUSES.includes(text as RunEndCause);

const DETAIL_CHARACTERS = 200;

/** A detail may repeat what a camera or ffmpeg said: one line, printable, bounded, no user info of a URL. */
export function sanitiseDetail(text: string): string {
  return text
    .toWellFormed()
    .replace(/(:\/\/)[^\s/@]*@/g, '$1')
    .replace(/[\p{C}\p{Z}]+/gu, ' ')
    .trim()
    .slice(0, DETAIL_CHARACTERS)
    .toWellFormed();
}
