import type { StreamKind } from '../lib/ids.ts';
import type { ProbedStream } from './probe.ts';
import type { ResolvedCamera } from './stream-source.ts';

/** What somebody should set otherwise at a camera; `i18n/{ko,en}/cameras.ts` has the sentence of each kind. */
export interface ProbeFinding {
  readonly stream?: StreamKind;
  readonly kind: 'codec' | 'no_sub' | 'clock_offset' | ProbedStream['warnings'][number];
}

/** Key frames 1…2 s apart show a steady interval at least twice in this time. */
export const WATCH_SECONDS = 6;
const CLOCK_LIMIT_MS = 2000;

export function findingsOf(
  { sub, clockOffsetMs = 0 }: Pick<ResolvedCamera, 'sub' | 'clockOffsetMs'>,
  streams: readonly (readonly [StreamKind, ProbedStream])[],
): ProbeFinding[] {
  return [
    ...streams.flatMap(([stream, { codec, warnings }]): ProbeFinding[] => [
      ...(codec === 'h264' || codec === 'h265' ? [] : [{ stream, kind: 'codec' as const }]),
      ...warnings.map((kind) => ({ stream, kind })),
    ]),
    ...(sub ? [] : [{ kind: 'no_sub' as const }]),
    ...(Math.abs(clockOffsetMs) > CLOCK_LIMIT_MS ? [{ kind: 'clock_offset' as const }] : []),
  ];
}
