import { ID_PATTERN } from '../lib/id-pattern.ts';
import type { CameraId, SegmentId, StreamKind } from '../lib/ids.ts';
import type { LocalDay } from '../lib/site-time.ts';

/**
 * Which segment this is. It is bound into the key derivation, so a file opens only as what it is: under
 * another camera's name, another day or another hour nothing decrypts.
 */
export interface SegmentIdentity {
  readonly camera: CameraId;
  readonly stream: StreamKind;
  /** The local day the segment belongs to; it decides when the segment is erased. */
  readonly day: LocalDay;
  /** Whole hours since the day began, 0…24 (`SiteTime.hourOf`); 0 for a segment opened before its day begins. */
  readonly hour: number;
  readonly segment: SegmentId;
}

/** What the path alone says: everything but the hour, which the commitment finds. */
export type NamedSegment = Omit<SegmentIdentity, 'hour'> & { readonly hhmmss: string };

export const LAST_HOUR = 24;

/** The context of the chunked encryption. Fixed for ever. */
export const contextOf = (id: SegmentIdentity): string =>
  `girok/1|${id.camera}|${id.stream}|${id.day}|${id.hour}|${id.segment}`;

/** `<camera>/<YYYY-MM-DD>/<HHMMSS>-<stream>-<id>.seg`, relative to the vault's folder. */
export const fileOf = (id: Omit<SegmentIdentity, 'hour'>, hhmmss: string): string =>
  `${id.camera}/${id.day}/${hhmmss}-${id.stream}-${id.segment}.seg`;

export const CAMERA_FOLDER = /^[a-z0-9][a-z0-9-]{0,31}$/;
export const DAY_FOLDER = /^\d{4}-\d{2}-\d{2}$/;
const NAME = /^(\d{6})-(main|sub)-([0-9a-z]{16})\.seg$/;

/** Reads a path made by {@link fileOf}; undefined for anything else. */
export function parseFile(file: string): NamedSegment | undefined {
  const [camera = '', day = '', name = '', ...rest] = file.split('/');
  const match = NAME.exec(name);
  if (!match || rest.length > 0 || !CAMERA_FOLDER.test(camera) || !DAY_FOLDER.test(day)) return undefined;
  const [, hhmmss = '', stream, segment = ''] = match;
  if (!ID_PATTERN.test(segment)) return undefined;
  return {
    camera: camera as CameraId,
    stream: stream as StreamKind,
    day: day as LocalDay,
    segment: segment as SegmentId,
    hhmmss,
  };
}
