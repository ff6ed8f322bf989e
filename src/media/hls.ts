import { isoFromUs, SECOND_US } from '../lib/clock.ts';

/** A group of pictures as a player fetches it. Instants: µs UTC. */
export interface PlayedGop {
  readonly uri: string;
  /** The run it belongs to: media time goes on within one, and begins anew with the next. */
  readonly run: string;
  /** What its run begins with, `ftyp moov`. */
  readonly initUri: string;
  readonly startUs: number;
  readonly durationUs: number;
}

/** Within a run seams of up to this much are rounding; it is what the timeline allows too. */
const SEAM_US = 500_000;
/** Between runs less is no hole that anybody could see. */
const LEAST_GAP_US = 100_000;
/** Holes are told in pieces, so that they do not stretch the target duration. */
const GAP_PIECE_US = 10 * SECOND_US;

/**
 * A media playlist (RFC 8216bis) over from…to: one media segment per group of pictures, each with its wall-clock time,
 * so that several cameras run by one clock. What is not there is said (`EXT-X-GAP`), and takes its time. Media times
 * are left as they were recorded: they are continuous within a run, and a new run begins with a discontinuity.
 *
 * @param gops in the order in which they are played
 * @returns `application/vnd.apple.mpegurl`
 */
export function mediaPlaylist(
  gops: readonly PlayedGop[],
  { fromUs, toUs }: { readonly fromUs: number; readonly toUs: number },
): string {
  const lines: string[] = [];
  let longestUs = SECOND_US;
  let before: PlayedGop | undefined;
  let atUs = fromUs;

  const segment = (startUs: number, durationUs: number, ...last: readonly string[]) => {
    longestUs = Math.max(longestUs, durationUs);
    lines.push(`#EXT-X-PROGRAM-DATE-TIME:${isoFromUs(startUs)}`);
    lines.push(`#EXTINF:${(durationUs / SECOND_US).toFixed(6)},`, ...last);
  };
  const gap = (endUs: number) => {
    for (; atUs < endUs; atUs = Math.min(atUs + GAP_PIECE_US, endUs))
      segment(atUs, Math.min(GAP_PIECE_US, endUs - atUs), '#EXT-X-GAP', 'gap.m4s');
  };

  for (const gop of gops) {
    const isNewRun = before?.run !== gop.run;
    const leastUs = isNewRun ? LEAST_GAP_US : SEAM_US;
    if (gop.startUs - atUs > leastUs) gap(gop.startUs);
    if (isNewRun) {
      if (before) lines.push('#EXT-X-DISCONTINUITY');
      lines.push(`#EXT-X-MAP:URI="${gop.initUri}"`);
    }
    segment(gop.startUs, gop.durationUs, gop.uri);
    // A clock that was set back lays the next run over what was played already.
    atUs = Math.max(atUs, gop.startUs + gop.durationUs);
    before = gop;
  }
  if (toUs - atUs > LEAST_GAP_US) gap(toUs);

  return [
    '#EXTM3U',
    '#EXT-X-VERSION:8',
    `#EXT-X-TARGETDURATION:${Math.ceil(longestUs / SECOND_US)}`,
    '#EXT-X-MEDIA-SEQUENCE:0',
    '#EXT-X-PLAYLIST-TYPE:VOD',
    ...lines,
    '#EXT-X-ENDLIST',
    '',
  ].join('\n');
}
