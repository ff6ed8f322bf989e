import { type CodedPicture, readGroup } from './group.ts';
import { readInitSegment, type Track } from './init-segment.ts';
import { type KeyPicture, readKeyPicture } from './key-picture.ts';
import type { Pictures } from './next-step.ts';
import { type Piece, readPlaylist, SEAM_US } from './playlist.ts';

/** Fetches what the server has of a viewing. @throws ApiError; the signal's reason */
export type FootageFetching = (
  path: string,
  signal: AbortSignal,
) => Promise<{ readonly bytes: Uint8Array; header(name: string): string | null }>;

export interface SourceDeps {
  readonly fetching: FootageFetching;
  readonly isMade: boolean;
  /** `/api/viewings/…/footage/CAMERA/STREAM`, where `playlist.m3u8` lies. */
  readonly base: string;
  /** What was granted; µs UTC. */
  readonly range: { readonly fromUs: number; readonly toUs: number };
}

/** One recorded stream of one camera, a few minutes and a few groups of pictures at a time, in memory alone. */
export interface StreamSource {
  /** What is known of the time around an instant; `isOpen`: its end was not recorded yet when it was asked for. */
  known(atUs: number): Window | undefined;
  /** Asks for it, again where it was open. @throws ApiError; the signal's reason */
  ask(atUs: number, signal: AbortSignal): Promise<Window>;
  /** What a run begins with. @throws ApiError; RangeError where it is not to be read */
  track(initUri: string, signal: AbortSignal): Promise<Track>;
  /** The same, where it is known. */
  knownTrack(initUri: string): Track | undefined;
  group(piece: Pictures): readonly CodedPicture[] | undefined;
  /** Fetches a group, and what its run begins with. @throws ApiError; RangeError where it is not to be read */
  load(piece: Pictures, signal: AbortSignal): Promise<void>;
  /** Made into H.264 when it is asked for; there are no single pictures of it. */
  readonly isMade: boolean;
  /** The last key frame at or before an instant. @throws ApiError; RangeError where it is not to be read */
  keyPicture(atUs: number, signal: AbortSignal): Promise<KeyPicture>;
  /** What lies here was found not to be there: it is a gap from now on. */
  isMissing(piece: Pictures): void;
  forget(): void;
}

export interface Window {
  readonly pieces: readonly Piece[];
  readonly isOpen: boolean;
}

/** Short enough that its playlist comes in an instant; each is asked for once. */
const WINDOW_US = 5 * 60 * 1_000_000;
const MOST_WINDOWS = 6;
/** The one that is shown, the next, and the last ones for steps back. */
const MOST_GROUPS = 4;
const MOST_TRACKS = 16;

export function createStreamSource({ base, range, fetching, isMade }: SourceDeps): StreamSource {
  const windows = new Map<number, Window>();
  const groups = new Map<string, readonly CodedPicture[]>();
  const tracks = new Map<string, Track>();
  const bytes = async (path: string, signal: AbortSignal) =>
    (await fetching(`${base}/${path}`, signal)).bytes;
  const numberOf = (atUs: number) => Math.floor((atUs - range.fromUs) / WINDOW_US);

  const trackOf = async (initUri: string, signal: AbortSignal): Promise<Track> => {
    const known = tracks.get(initUri);
    if (known) return known;
    const track = readInitSegment(await bytes(initUri, signal));
    keep(tracks, initUri, track, MOST_TRACKS);
    return track;
  };

  return {
    known: (atUs) => windows.get(numberOf(atUs)),
    async ask(atUs, signal) {
      const number = numberOf(atUs);
      const fromUs = range.fromUs + number * WINDOW_US;
      const toUs = Math.min(range.toUs, fromUs + WINDOW_US);
      const asked = new URLSearchParams({ from: isoOf(fromUs), to: isoOf(toUs) });
      const text = new TextDecoder().decode(await bytes(`playlist.m3u8?${asked}`, signal));
      const pieces = readPlaylist(text);
      const window = { pieces, isOpen: (pieces.at(-1)?.toUs ?? fromUs) < toUs - SEAM_US };
      keep(windows, number, window, MOST_WINDOWS);
      return window;
    },
    track: trackOf,
    knownTrack: (initUri) => tracks.get(initUri),
    group: (piece) => groups.get(piece.uri),
    async load(piece, signal) {
      // Side by side: the first picture waits for both.
      const [track, media] = await Promise.all([trackOf(piece.initUri, signal), bytes(piece.uri, signal)]);
      keep(
        groups,
        piece.uri,
        readGroup(media, { fromUs: piece.fromUs, timescale: track.timescale }),
        MOST_GROUPS,
      );
    },
    isMade,
    async keyPicture(atUs, signal) {
      const asked = new URLSearchParams({ at: isoOf(atUs) });
      const { bytes: picture, header } = await fetching(`${base}/key-frame?${asked}`, signal);
      return readKeyPicture(picture, header);
    },
    isMissing(missing) {
      for (const [number, window] of windows) {
        const pieces = window.pieces.map((piece) =>
          piece.kind === 'pictures' && piece.uri === missing.uri
            ? { kind: 'gap' as const, fromUs: piece.fromUs, toUs: piece.toUs }
            : piece,
        );
        windows.set(number, { ...window, pieces });
      }
    },
    forget() {
      windows.clear();
      groups.clear();
      tracks.clear();
    },
  };
}

/** Keeps the newest `most`. */
function keep<K, V>(map: Map<K, V>, key: K, value: V, most: number): void {
  map.delete(key);
  map.set(key, value);
  for (const oldest of map.keys()) {
    if (map.size <= most) return;
    map.delete(oldest);
  }
}

const isoOf = (us: number): string => new Date(us / 1000).toISOString();
