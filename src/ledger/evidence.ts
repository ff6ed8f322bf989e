import type { CatalogueReader } from '../catalogue/reader.ts';
import type { SegmentEntry } from '../catalogue/segments.ts';
import { createEvidenceRows, type EvidenceRow, type EvidenceRows } from '../db/site/evidence-rows.ts';
import { type Clock, DAY_US, HOUR_US, MINUTE_US } from '../lib/clock.ts';
import type { CameraId, SegmentId } from '../lib/ids.ts';
import { merkleRoot } from '../lib/merkle.ts';
import type { LocalDay, SiteTime } from '../lib/site-time.ts';
import type { Ledger } from './ledger.ts';
import { createRightEdge, HASH_BYTES, inclusionPath } from './tree.ts';

/** One segment's evidence leaf, as the recorder made it when it sealed the segment. */
export interface EvidenceLeafHash {
  readonly segment: SegmentId;
  readonly hash: Buffer;
}

export interface EvidenceDeps {
  readonly ledger: Ledger;
  /** The catalogue as it is now; undefined while there is none. The caller keeps it open. */
  readonly catalogue: () =>
    | Pick<CatalogueReader, 'streams' | 'extents' | 'segmentsIn' | 'integrityOf'>
    | undefined;
  readonly siteTime: SiteTime;
  readonly clock: Clock;
  /** Asked before each entry: false ends the look, the next one goes on. */
  readonly mayEnter: () => boolean;
}

/** Enters, per camera and hour, one root over all that was recorded. */
export interface Evidence {
  /**
   * Looks at the hours that ended since `sinceUs`, or at everything that the ledger may not have yet.
   *
   * @returns how many entries were made
   */
  enter(sinceUs?: number): Promise<number>;
}

/** A segment that began in the hour is sealed by then, or is somebody's crash and comes as a part of its own. */
const AFTER_HOUR_US = 5 * MINUTE_US;
const ID_BYTES = 16;
const AT_ONCE = 2000;

export function createEvidence({ ledger, catalogue, siteTime, clock, mayEnter }: EvidenceDeps): Evidence {
  const rows = ledger.write((tx) => createEvidenceRows(tx.db));

  /** Where to begin when nobody says: a day before the newest that is entered, else the oldest footage. */
  const beginning = async (reader: NonNullable<ReturnType<EvidenceDeps['catalogue']>>): Promise<number> => {
    const newest = rows.newestDay();
    if (newest !== undefined) return siteTime.startOf(siteTime.addDays(newest as LocalDay, -1));
    return (await reader.extents()).reduce(
      (oldest, { oldestUs }) => Math.min(oldest, oldestUs),
      clock.utcUs(),
    );
  };

  return {
    async enter(sinceUs) {
      const reader = catalogue();
      if (!reader) return 0;
      const untilUs = clock.utcUs() - AFTER_HOUR_US;
      const fromUs = sinceUs ?? (await beginning(reader));
      const cameras = new Set((await reader.streams()).map(({ camera }) => camera));
      let entries = 0;
      // Day by day: a site's whole catalogue does not fit in memory. All cameras of a day before the next day: one
      // that is broken off begins again a day before the newest that was entered, and misses nothing.
      for (let atUs = fromUs; atUs < untilUs; atUs += DAY_US) {
        const toUs = Math.min(atUs + DAY_US, untilUs);
        for (const camera of cameras) {
          for (const { day, hour, segments } of await hoursOf(reader, camera, atUs, toUs)) {
            const endUs = siteTime.startOf(day) + (hour + 1) * HOUR_US;
            // Only hours that were listed whole: those that end in here.
            if (endUs <= atUs || endUs > toUs || segments.some(({ state }) => state === 'open')) continue;
            if (!mayEnter()) return entries;
            if (await enterHour(reader, camera, day, hour, segments)) entries += 1;
          }
        }
      }
      return entries;
    },
  };

  async function enterHour(
    reader: NonNullable<ReturnType<EvidenceDeps['catalogue']>>,
    camera: CameraId,
    day: LocalDay,
    hour: number,
    segments: readonly SegmentEntry[],
  ): Promise<boolean> {
    const known = new Set(
      partsOf(rows, camera, day, hour).flatMap(({ leaves }) => leaves.map((one) => one.segment)),
    );
    const leaves: EvidenceLeafHash[] = [];
    for (const { segment } of segments.filter((one) => !known.has(one.segment))) {
      const found = await reader.integrityOf(segment);
      if (found) leaves.push({ segment, hash: found.leafHash });
    }
    if (leaves.length === 0) return false;
    ledger.write((tx) => {
      const part = rows.parts(camera, day, hour).length;
      const root = rootOfLeaves(leaves).toString('hex');
      const facts = { camera, day, hour, part, leaves: leaves.length, root };
      const seq = tx.append({ event: 'evidence.hour', facts, actor: 'process:steward' });
      const packed = leaves.flatMap(({ segment, hash }) => [Buffer.from(segment, 'ascii'), hash]);
      rows.add({ camera, day, hour, part, seq, leaves: Buffer.concat(packed) });
    });
    return true;
  }
}

async function hoursOf(
  reader: Pick<CatalogueReader, 'segmentsIn'>,
  camera: CameraId,
  fromUs: number,
  toUs: number,
): Promise<{ day: LocalDay; hour: number; segments: SegmentEntry[] }[]> {
  const hours = new Map<string, { day: LocalDay; hour: number; segments: SegmentEntry[] }>();
  for (const stream of ['main', 'sub'] as const) {
    // The last minute of a day is filed under the first hour of the next.
    let atUs = fromUs - HOUR_US - 2 * MINUTE_US;
    for (;;) {
      const found = await reader.segmentsIn({ camera, stream }, { fromUs: atUs, toUs, limit: AT_ONCE });
      const fresh = found.filter(({ startUs }) => startUs >= atUs);
      for (const segment of fresh) {
        const key = `${segment.day} ${segment.hour}`;
        const filed = hours.get(key) ?? { day: segment.day, hour: segment.hour, segments: [] };
        if (!filed.segments.some((one) => one.segment === segment.segment)) filed.segments.push(segment);
        hours.set(key, filed);
      }
      const last = fresh.at(-1);
      if (found.length < AT_ONCE || !last || last.startUs === atUs) break;
      atUs = last.startUs;
    }
  }
  return [...hours.values()];
}

export interface EvidencePart extends Omit<EvidenceRow, 'leaves'> {
  readonly leaves: readonly EvidenceLeafHash[];
}

/** What was entered of this hour. */
export function partsOf(rows: EvidenceRows, camera: string, day: string, hour: number): EvidencePart[] {
  return rows.parts(camera, day, hour).map((row) => {
    const leaves: EvidenceLeafHash[] = [];
    for (let at = 0; at < row.leaves.length; at += ID_BYTES + HASH_BYTES)
      leaves.push({
        segment: row.leaves.toString('ascii', at, at + ID_BYTES) as SegmentId,
        hash: row.leaves.subarray(at + ID_BYTES, at + ID_BYTES + HASH_BYTES),
      });
    return { ...row, leaves };
  });
}

/** RFC 6962 root over evidence leaves, which are leaf hashes already. */
export function rootOfLeaves(leaves: readonly EvidenceLeafHash[]): Buffer {
  const edge = createRightEdge();
  for (const { hash } of leaves) edge.add(hash);
  return edge.root();
}

/** From leaf number `index` up to their root. */
export const pathOfLeaf = (leaves: readonly EvidenceLeafHash[], index: number): Buffer[] =>
  inclusionPath(index, leaves.length, {
    hash: (level, number) =>
      merkleRoot(leaves.slice(number * 2 ** level, (number + 1) * 2 ** level).map(({ hash }) => hash)),
  });
