import type { SocketEnd } from './loader.ts';

/** Why a picture is away for now. */
export type Away = 'too_slow' | 'live_unavailable' | 'codec_not_live' | 'closing' | 'lost' | 'player';

const BY_REASON: readonly Away[] = ['too_slow', 'live_unavailable', 'codec_not_live', 'closing'];
const BACK_OFF_SECONDS = [1, 2, 4, 8, 15] as const;
/** Nothing changes by itself: somebody has to set the camera otherwise. */
const CODEC_SECONDS = 60;

/** @param failures in a row, this one included */
export function retryIn(why: Away, failures: number): number {
  if (why === 'codec_not_live') return CODEC_SECONDS;
  return BACK_OFF_SECONDS[Math.min(failures, BACK_OFF_SECONDS.length) - 1] ?? 1;
}

export function awayFor(end: SocketEnd | 'player'): Away {
  if (end === 'player') return 'player';
  return BY_REASON.find((reason) => reason === end.reason) ?? 'lost';
}

/**
 * Whether the viewing itself may be over: it was refused before there was a socket, or cut. That is for the viewing to
 * say; a socket that never stood does not tell a browser why.
 */
export const isDoubtful = (end: SocketEnd | 'player'): boolean =>
  end !== 'player' && (end.code === 1006 || end.code === 1008);
