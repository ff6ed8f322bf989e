import { type RecoveredSegment, rebuildFrom } from '../catalogue/rebuild.ts';
import type { CatalogueWriter } from '../catalogue/writer.ts';
import { isGirokError } from '../lib/errors.ts';
import type { SegmentId } from '../lib/ids.ts';
import type { FragmentFacts } from '../media/fmp4/fragment-facts.ts';
import { parseFragment } from '../media/fmp4/parse-fragment.ts';
import { reindex } from '../vault/reindex.ts';
import type { SalvagedSegment } from '../vault/salvage.ts';
import type { OpeningKeys } from '../vault/segment-reader.ts';
import type { SegmentStore } from '../vault/segment-store.ts';
import type { CameraDay, SegmentRegister } from '../vault/segment-tree.ts';

export interface RecoveryDeps {
  readonly store: SegmentStore;
  readonly keys: OpeningKeys;
  readonly register: SegmentRegister;
  readonly writer: Pick<CatalogueWriter, 'segmentRestored' | 'segmentLost' | 'explainHoles'>;
}

export interface RecoveryScope {
  /** Only these camera-days; all of them unless told. */
  readonly covers?: (day: CameraDay) => boolean;
  /** Files of this recorder's own making, which it is still writing. */
  readonly isOurs?: (segment: SegmentId) => boolean;
  readonly signal?: AbortSignal;
  readonly onProgress?: (files: number) => void;
}

export interface RecoveryResult {
  /** Files that the catalogue did not know as complete. */
  readonly files: number;
  readonly restored: number;
  /** Whole chunks in the files that could be read. */
  readonly chunks: number;
  /** Files that nobody can open; they stay where they are. */
  readonly unreadable: readonly { readonly file: string; readonly error: Error }[];
}

/**
 * Brings the catalogue up to what the files say: what a crash left open is read to its last whole fragment,
 * what the database does not know is entered, stubs that never held a chunk are removed, rows whose file never
 * came are closed. Runs the same code after a crash, with a lost database and with an old one.
 */
export async function recoverFromFiles(
  deps: RecoveryDeps,
  scope: RecoveryScope = {},
): Promise<RecoveryResult> {
  const { covers = () => true, isOurs = () => false } = scope;
  const unreadable: { file: string; error: Error }[] = [];
  let files = 0;
  let chunks = 0;
  let fragments: { file: string; facts: FragmentFacts[] } = { file: '', facts: [] };

  async function* segments(): AsyncGenerator<RecoveredSegment> {
    const found = reindex({
      store: scopedStore(deps.store, covers, isOurs),
      keys: deps.keys,
      register: scopedRegister(deps.register, covers, isOurs),
      factsOf: parseFragment,
      ...(scope.signal ? { signal: scope.signal } : {}),
      onFragment(file, data) {
        if (fragments.file !== file) fragments = { file, facts: [] };
        fragments.facts.push(parseFragment(data));
      },
    });
    for await (const item of found) {
      files += 1;
      scope.onProgress?.(files);
      if (item.kind === 'segment') {
        chunks += item.segment.chunks;
        const { facts } = fragments.file === item.segment.file ? fragments : { facts: [] };
        yield asRecovered(item.segment, facts);
        continue;
      }
      if (item.kind === 'unreadable') {
        const stub =
          isGirokError(item.error, 'segment_damaged') &&
          (await deps.store.discardStub(item.file, item.wasOpen));
        if (!stub) unreadable.push({ file: item.file, error: item.error });
        if (!item.wasOpen) continue;
      }
      deps.writer.segmentLost(item.id as SegmentId);
    }
  }
  const { restored } = await rebuildFrom(deps.writer, segments());
  return { files, restored, chunks, unreadable };
}

function asRecovered(segment: SalvagedSegment, fragments: readonly FragmentFacts[]): RecoveredSegment {
  const { header, trailer, file } = segment;
  return {
    header: header as RecoveredSegment['header'],
    file: file.slice(file.lastIndexOf('/') + 1),
    state: segment.state,
    bytes: segment.bytes,
    chunks: segment.chunks,
    ciphertextSha256: segment.ciphertextSha256,
    fragmentsRoot: segment.fragmentsRoot,
    leafHash: segment.leafHash,
    pieces: segment.pieces,
    fragments,
    ...(trailer ? { endCause: trailer.endCause } : {}),
  };
}

const idOf = (name: string) => name.slice(name.lastIndexOf('-') + 1, -'.seg'.length) as SegmentId;

/** The same folders with only what the scope covers in them. */
function scopedStore(
  store: SegmentStore,
  covers: (day: CameraDay) => boolean,
  isOurs: (segment: SegmentId) => boolean,
): SegmentStore {
  return {
    ...store,
    async list(folder) {
      const names = await store.list(folder);
      const [camera = '', day] = folder.split('/');
      if (!names || camera === '') return names;
      return day === undefined
        ? names.filter((name) => covers({ camera, day: name }))
        : names.filter((name) => !isOurs(idOf(name)));
    },
  };
}

function* coveredDays(register: SegmentRegister, covers: (day: CameraDay) => boolean) {
  for (const day of register.cameraDays()) if (covers(day)) yield day;
}

function scopedRegister(
  register: SegmentRegister,
  covers: (day: CameraDay) => boolean,
  isOurs: (segment: SegmentId) => boolean,
): SegmentRegister {
  return {
    cameraDays: () => coveredDays(register, covers),
    filesOf: (camera, day) => register.filesOf(camera, day).filter(({ id }) => !isOurs(id as SegmentId)),
  };
}
