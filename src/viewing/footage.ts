import { Readable } from 'node:stream';
import type { CatalogueReader } from '../catalogue/reader.ts';
import type { SegmentEntry } from '../catalogue/segments.ts';
import type { Cancel, Clock } from '../lib/clock.ts';
import { SECOND_US } from '../lib/clock.ts';
import { GirokError } from '../lib/errors.ts';
import { ID_PATTERN } from '../lib/id-pattern.ts';
import type { SegmentId, StreamRef } from '../lib/ids.ts';
import type { FragmentFacts } from '../media/fmp4/fragment-facts.ts';
import { parseFragmentHead } from '../media/fmp4/parse-fragment.ts';
import { readBoxHead } from '../vault/boxes.ts';
import type { Keyring } from '../vault/keyring.ts';
import { openSegment, type SegmentReader } from '../vault/segment-reader.ts';
import type { SegmentStore } from '../vault/segment-store.ts';

/**
 * Names a group of pictures in a URL: segment, its number, and for one that is still being recorded how many of its
 * fragments were there, so that one name is the same bytes for ever.
 */
export interface GopName {
  readonly segment: SegmentId;
  readonly gop: number;
  readonly fragments?: number | undefined;
}

export const gopNameText = ({ segment, gop, fragments }: GopName): string =>
  [segment, gop, ...(fragments === undefined ? [] : [fragments])].join('-');

const GOP_NAME = /^([0-9a-hjkmnp-tv-z]{16})-(0|[1-9]\d{0,5})(?:-([1-9]\d{0,5}))?$/;

/** @throws GirokError `footage_missing` for what is no such name */
export function parseGopName(text: string): GopName {
  const [, segment, gop, fragments] = GOP_NAME.exec(text) ?? [];
  if (segment === undefined) throw new GirokError('footage_missing');
  return {
    segment: segment as SegmentId,
    gop: Number(gop),
    fragments: fragments === undefined ? undefined : Number(fragments),
  };
}

/** Where a group of pictures lies in the plaintext of its segment. */
export interface PlacedGop {
  readonly startUs: number;
  readonly durationUs: number;
  readonly offset: number;
  readonly bytes: number;
  /** Of one that is still growing: how many fragments of it are there. */
  readonly fragments?: number;
}

/** A fragment whose pictures were not read. */
export interface Scanned {
  readonly facts: FragmentFacts;
  readonly offset: number;
  readonly bytes: number;
}

export interface FootageDeps {
  readonly catalogue: Pick<CatalogueReader, 'segment' | 'gopsOf'>;
  readonly store: SegmentStore;
  /** Opened for reading. */
  readonly keyring: Pick<Keyring, 'hourKey' | 'epoch' | 'dropRetired'>;
  readonly clock: Clock;
}

/** Recorded footage, opened piece by piece; in clear it is in memory alone. */
export interface Footage {
  /** @throws GirokError `footage_missing` where it is no segment of this stream (any more) */
  segment(ref: StreamRef, id: string): Promise<SegmentEntry>;
  /** Of an open segment: as far as it is durable. */
  gopsOf(entry: SegmentEntry): Promise<readonly PlacedGop[]>;
  /** The caller closes it. @throws GirokError of the vault and keyring; `footage_missing` for what is erased */
  read(entry: SegmentEntry): Promise<SegmentReader>;
  /** The first fragment of a group of pictures. */
  firstFragment(reader: SegmentReader, offset: number): Promise<Scanned>;
  close(): void;
}

const HEAD_BYTES = 16;
/** Box heads and `moof` of a fragment. */
const MOST_HEAD_BYTES = 64 * 1024;
/** Open segments whose fragments were looked at. */
const MOST_SCANNED = 256;
/** Keys that a rotation retired are forgotten within this time, also by whoever reads slowly. */
const KEYS_MS = 2000;

export function createFootage({ catalogue, store, keyring, clock }: FootageDeps): Footage {
  const open = new Map<SegmentReader, number>();
  const scanned = new Map<SegmentId, Scanned[]>();

  const dropRetired = () => {
    keyring.dropRetired();
    if (open.size === 0) return;
    const { epoch } = keyring;
    // What still has its key can be asked for again.
    for (const [reader, openedIn] of open) if (openedIn !== epoch) void reader.close();
  };
  const cancel: Cancel = clock.every(KEYS_MS, dropRetired);

  const read: Footage['read'] = async (entry) => {
    const { epoch } = keyring;
    const whole = entry.state === 'sealed' ? {} : { chunks: entry.chunks };
    try {
      const reader = await openSegment({ store, keys: keyring }, entry.file, whole);
      const kept: SegmentReader = {
        ...reader,
        async close() {
          open.delete(kept);
          await reader.close();
        },
      };
      open.set(kept, epoch);
      return kept;
    } catch (error) {
      const isGone =
        error instanceof GirokError &&
        (error.code === 'key_missing' ||
          (error.code === 'segment_unreadable' && error.facts.reason === 'ENOENT'));
      throw isGone ? new GirokError('footage_missing', {}, { cause: error }) : error;
    }
  };

  /** Where the segment's first fragment can begin: behind `ftyp uuid moov`. */
  const behindInit = async (reader: SegmentReader): Promise<number> => {
    let at = 0;
    for (let boxes = 0; boxes < 3; boxes++) at += (await boxAt(reader, at))?.bytes ?? reader.size;
    return Math.min(at, reader.size);
  };

  /** Goes on where an earlier look at the same open segment ended. */
  const scanOpen = async (entry: SegmentEntry): Promise<readonly Scanned[]> => {
    const known = scanned.get(entry.segment) ?? [];
    const reader = await read(entry);
    try {
      const last = known.at(-1);
      let at = last ? last.offset + last.bytes : await behindInit(reader);
      const found = [...known];
      for (let next = await fragmentAt(reader, at); next; next = await fragmentAt(reader, at)) {
        found.push(next);
        at = next.offset + next.bytes;
      }
      scanned.delete(entry.segment);
      scanned.set(entry.segment, found);
      for (const id of scanned.keys()) if (scanned.size > MOST_SCANNED) scanned.delete(id);
      return found;
    } finally {
      await reader.close();
    }
  };

  return {
    async segment(ref, id) {
      const entry = ID_PATTERN.test(id) ? await catalogue.segment(ref, id as SegmentId) : undefined;
      if (!entry) throw new GirokError('footage_missing');
      return entry;
    },
    async gopsOf(entry) {
      const { timescale } = entry;
      const durationUs = (ticks: number) => Math.round((ticks * SECOND_US) / timescale);
      if (entry.state !== 'open') {
        const gops = (await catalogue.gopsOf(entry.segment)) ?? [];
        return gops.map((gop) => ({
          startUs: gop.startUs,
          durationUs: durationUs(gop.durationTicks),
          offset: gop.offset,
          bytes: gop.bytes,
        }));
      }
      const groups: Scanned[][] = [];
      for (const one of await scanOpen(entry)) {
        const group = groups.at(-1);
        if (group && !one.facts.startsWithKeyFrame) group.push(one);
        else groups.push([one]);
      }
      return groups.map((group, i) => placed(group, durationUs, i === groups.length - 1));
    },
    read,
    async firstFragment(reader, offset) {
      const found = await fragmentAt(reader, offset);
      if (!found) throw new GirokError('segment_damaged', { file: reader.file, offset });
      return found;
    },
    close() {
      cancel();
      for (const reader of open.keys()) void reader.close();
    },
  };
}

function placed(
  group: readonly Scanned[],
  durationUs: (ticks: number) => number,
  isGrowing: boolean,
): PlacedGop {
  const [first, last] = [group[0]!, group.at(-1)!];
  const ticks = group.reduce((sum, { facts }) => sum + facts.durationTicks, 0);
  return {
    startUs: first.facts.wallUs ?? 0,
    durationUs: durationUs(ticks),
    offset: first.offset,
    bytes: last.offset + last.bytes - first.offset,
    ...(isGrowing && { fragments: group.length }),
  };
}

async function boxAt(reader: SegmentReader, at: number) {
  const left = Math.min(HEAD_BYTES, reader.size - at);
  return left < 8 ? undefined : readBoxHead(await reader.read(at, left));
}

/** The fragment that begins at or behind `from`, filling skipped; undefined where none is whole. */
async function fragmentAt(reader: SegmentReader, from: number): Promise<Scanned | undefined> {
  let start: number | undefined;
  for (let at = from; ; ) {
    const box = await boxAt(reader, at);
    if (!box || at + box.bytes > reader.size) return undefined;
    if (box.type === 'prft' || box.type === 'moof') start ??= at;
    else if (box.type === 'mdat' && start !== undefined) {
      if (at - start > MOST_HEAD_BYTES) return undefined;
      const head = await reader.read(start, at - start);
      return { facts: parseFragmentHead(head, box.bytes), offset: start, bytes: at + box.bytes - start };
    } else if (box.type !== 'free') return undefined;
    at += box.bytes;
  }
}

/** Opened as it is taken, so that a slow player holds little of it. */
const PIECE_BYTES = 128 * 1024;
const HELD_BYTES = 64 * 1024;

export interface StreamedRange {
  readonly offset: number;
  readonly bytes: number;
  /** Counts what has left. */
  readonly taken: (bytes: number) => void;
  readonly signal: AbortSignal;
  /** Once, however it ended. */
  readonly ended: () => void;
}

/** A range of a segment in clear, as a stream; destroyed when `signal` is aborted. Closes the reader at its end. */
export function streamRange(reader: Pick<SegmentReader, 'read' | 'close'>, range: StreamedRange): Readable {
  let done = 0;
  let pushed = 0;
  let counted = 0;
  const count = (stream: Readable) => {
    const left = pushed - stream.readableLength;
    if (left > counted) range.taken(left - counted);
    counted = left;
  };
  return new Readable({
    highWaterMark: HELD_BYTES,
    signal: range.signal,
    read() {
      count(this);
      const bytes = Math.min(PIECE_BYTES, range.bytes - done);
      if (bytes === 0) return void this.push(null);
      reader.read(range.offset + done, bytes).then(
        (piece) => {
          if (this.destroyed) return;
          done += bytes;
          pushed += bytes;
          this.push(piece);
        },
        (error: Error) => this.destroy(error),
      );
    },
    destroy(error, finished) {
      count(this);
      range.ended();
      reader.close().then(
        () => finished(error),
        (fault: Error) => finished(error ?? fault),
      );
    },
  });
}
