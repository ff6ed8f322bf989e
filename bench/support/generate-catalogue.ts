import { createHash } from 'node:crypto';
import { createApply } from '../../src/catalogue/apply.ts';
import { completionOf } from '../../src/catalogue/completion.ts';
import type { Piece } from '../../src/catalogue/piece-codec.ts';
import { openCatalogueForWriting } from '../../src/db/catalogue/open.ts';
import { writeImmediate } from '../../src/db/write.ts';
import { DAY_US, HOUR_US, MINUTE_US, SECOND_US } from '../../src/lib/clock.ts';
import type { CameraId, RunId, SegmentId, StreamKind } from '../../src/lib/ids.ts';
import { createSiteTime, type LocalDay } from '../../src/lib/site-time.ts';
import { fileOf } from '../../src/vault/identity.ts';

export interface GeneratedCatalogue {
  readonly path: string;
  readonly cameras: number;
  readonly streams: readonly StreamKind[];
  readonly days: number;
  readonly onProgress?: (done: number, total: number) => void;
}

/** One generated segment: enough to make its file. */
export interface GeneratedSegment {
  readonly camera: CameraId;
  readonly stream: StreamKind;
  readonly day: LocalDay;
  readonly minute: number;
  readonly segment: SegmentId;
  readonly startUs: number;
  /** Relative to the vault's folder; the same for the same arguments, always. */
  readonly file: string;
}

/** 2026-10-01T15:00:00Z, the first instant of 2026-10-02 in Seoul. */
export const GENERATED_START_US = 1_790_866_800_000_000;
const ZONE = 'Asia/Seoul';
const MINUTES = 1440;
const TIMESCALE = 90_000;
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

export const cameraIds = (count: number): CameraId[] =>
  Array.from({ length: count }, (_, i) => `cam${String(i + 1).padStart(2, '0')}` as CameraId);

/** A catalogue of full days, minute by minute over all streams, as a recorder would have written it. */
export function* generatedSegments(
  of: Pick<GeneratedCatalogue, 'cameras' | 'streams' | 'days'>,
): Generator<GeneratedSegment> {
  const siteTime = createSiteTime(ZONE);
  const cameras = cameraIds(of.cameras);
  for (let at = 0; at < of.days * MINUTES; at++) {
    const minute = at % MINUTES;
    const dayStartUs = GENERATED_START_US + Math.floor(at / MINUTES) * DAY_US;
    const day = siteTime.dayOf(dayStartUs);
    const hhmmss = `${String(Math.floor(minute / 60)).padStart(2, '0')}${String(minute % 60).padStart(2, '0')}00`;
    for (const [i, camera] of cameras.entries()) {
      for (const stream of of.streams) {
        const startUs = dayStartUs + minute * MINUTE_US;
        const segment = idOf<SegmentId>(startUs, i * 2 + (stream === 'main' ? 0 : 1));
        const file = fileOf({ camera, stream, day, segment }, hhmmss);
        yield { camera, stream, day, minute, segment, startUs, file };
      }
    }
  }
}

/**
 * Fills a new catalogue: sealed minutes with 60 GOPs and 60 … 120 hashed pieces each, one run per stream and
 * day, and every four hours two seconds missing, with a gap row.
 *
 * @returns how many segments
 */
export function generateCatalogue(of: GeneratedCatalogue): number {
  const db = openCatalogueForWriting(of.path, 1000);
  db.pragma('synchronous = OFF'); // Nobody loses anything when a benchmark is cut off.
  db.pragma('cache_size = -131072');
  const apply = createApply(db);
  const pieces = Array.from({ length: 61 }, (_, i) => piecesOf(60 + i));
  const total = of.cameras * of.streams.length * of.days * MINUTES;
  const source = generatedSegments(of);
  let done = 0;
  for (let more = true; more; ) {
    writeImmediate(db, () => {
      for (let i = 0; i < 20_000; i++) {
        const { value: one, done: end } = source.next();
        more = !end;
        if (end) break;
        write(one);
        done += 1;
      }
    });
    of.onProgress?.(done, total);
  }
  db.pragma('wal_checkpoint(TRUNCATE)');
  db.close();
  return done;

  function write(one: GeneratedSegment) {
    const { camera, stream, segment, startUs, minute, day } = one;
    const ref = { camera, stream };
    const short = minute % 240 === 239;
    const durationUs = short ? MINUTE_US - 2 * SECOND_US : MINUTE_US;
    const mediaStart = minute * 60 * TIMESCALE;
    const dayStartUs = startUs - minute * MINUTE_US;
    const hash = createHash('sha256').update(segment).digest();
    const size = (i: number) => 200_000 + ((hash[i % 32] as number) << 11);
    let offset = 1400;
    const gops = Array.from({ length: short ? 58 : 60 }, (_, i) => {
      const bytes = size(i);
      offset += bytes;
      return {
        startUs: startUs + i * SECOND_US + (hash[(i + 7) % 32] as number),
        mediaStart: mediaStart + i * TIMESCALE,
        durationTicks: TIMESCALE,
        offset: offset - bytes,
        bytes,
        frames: 15,
        activity: Math.max(0, (hash[(i + 3) % 32] as number) - 200) * ((hash[0] as number) > 180 ? 1 : 0),
      };
    });
    apply({
      kind: 'restored',
      restoration: {
        opening: {
          segment,
          ref,
          run: idOf<RunId>(dayStartUs, 100 + Number(camera.slice(3)) * 2 + (stream === 'main' ? 0 : 1)),
          day,
          hour: Math.floor((minute * MINUTE_US) / HOUR_US),
          file: one.file.slice(one.file.lastIndexOf('/') + 1),
          startUs,
          mediaStart,
          wallMinusMediaUs: dayStartUs,
        },
        state: 'sealed',
        completion: completionOf({
          durationUs,
          bytes: offset + 30_000,
          chunks: Math.ceil(offset / 16_384),
          ciphertextSha256: hash,
          fragmentsRoot: hash,
          leafHash: hash,
          gops,
          pieces: pieces[(hash[1] as number) % pieces.length] as Piece[],
        }),
        codec: 'avc1.640028',
        width: 1920,
        height: 1080,
        timescale: TIMESCALE,
        endCause: 'maintenance',
      },
    });
    if (!short) return;
    const gap = idOf<never>(startUs, 200 + Number(camera.slice(3)) * 2 + (stream === 'main' ? 0 : 1));
    apply({
      kind: 'gap_opened',
      opening: { gap, ref, fromUs: startUs + durationUs, cause: 'network', detail: '' },
    });
    apply({ kind: 'gap_closed', gap, toUs: startUs + MINUTE_US });
  }
}

function piecesOf(count: number): Piece[] {
  return Array.from({ length: count }, (_, i) => ({
    offset: i * 300_000,
    bytes: 300_000,
    sha256: createHash('sha256').update(`${count}/${i}`).digest(),
  }));
}

/** Laid out like every id (48 bits of time, 32 bits more), but the same each time. */
function idOf<T extends string>(utcUs: number, number: number): T {
  let value = (BigInt(Math.floor(utcUs / 1000)) << 32n) | BigInt(number);
  let text = '';
  for (let i = 0; i < 16; i++) {
    text = ALPHABET[Number(value & 31n)] + text;
    value >>= 5n;
  }
  return text as T;
}
