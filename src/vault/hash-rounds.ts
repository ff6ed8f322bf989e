import { createHash } from 'node:crypto';
import { type Clock, DAY_US, isoFromUs, sleep } from '../lib/clock.ts';
import { systemCode } from '../lib/errors.ts';
import type { SegmentStore } from './segment-store.ts';
import type { CameraDay, RegisteredFile, SegmentRegister } from './segment-tree.ts';

/** A file that is not what the catalogue says. Nothing is changed about it. */
export interface HashFinding {
  readonly file: string;
  readonly kind: 'missing' | 'size' | 'hash' | 'unreadable';
}

/** Where a round stands; kept from one process to the next. */
export interface RoundState {
  readonly round: number;
  readonly startedAt: string;
  /** The last file that was looked at; absent at the beginning. */
  readonly after?: { readonly camera: string; readonly day: string; readonly file: string } | undefined;
  readonly files: number;
  readonly bytes: number;
  /** Findings that stand, so that each is told once. */
  readonly findings: readonly HashFinding[];
}

export interface HashRoundsDeps {
  readonly store: Pick<SegmentStore, 'open' | 'bytesOf'>;
  readonly register: SegmentRegister;
  readonly clock: Clock;
  /** Of reading: the recorder's disk is also the recorder's. */
  readonly bytesPerSecond: number;
  readonly state: RoundState | undefined;
  save(state: RoundState): Promise<void>;
  found(finding: HashFinding): void;
}

const BLOCK = 1024 * 1024;
const SAVE_EVERY_US = 30_000_000;
const MOST_FINDINGS = 1000;

/**
 * Hashes every sealed file again and again, oldest day first, and compares it with what its evidence leaf says. No
 * key is needed for that. A whole round at most once a day; broken off, the next one goes on after the last file.
 *
 * @returns the state after a whole round, or where it was broken off by the signal
 * @throws the system's error when the state cannot be kept
 */
export async function hashRound(deps: HashRoundsDeps, signal: AbortSignal): Promise<RoundState> {
  const { register, clock, store } = deps;
  const nowUs = clock.utcUs();
  const before = deps.state;
  const isOver = before !== undefined && before.after === undefined && before.files > 0;
  if (before && isOver && nowUs < Date.parse(before.startedAt) * 1000 + DAY_US) return before;
  let state: RoundState =
    before && !isOver
      ? before
      : {
          round: (before?.round ?? 0) + 1,
          startedAt: isoFromUs(nowUs),
          files: 0,
          bytes: 0,
          findings: before?.findings ?? [],
        };
  const buffer = Buffer.alloc(BLOCK);
  let savedUs = clock.monoUs();
  const begunUs = savedUs;
  let readBytes = 0;

  const tell = (finding: HashFinding) => {
    const known = state.findings.some(({ file, kind }) => file === finding.file && kind === finding.kind);
    if (known) return;
    deps.found(finding);
    state = { ...state, findings: [...state.findings, finding].slice(-MOST_FINDINGS) };
  };

  for (const day of oldestFirst(register.cameraDays())) {
    if (state.after && isBefore(day, state.after)) continue;
    for (const row of sorted(register.filesOf(day.camera, day.day))) {
      if (signal.aborted) break;
      const { after } = state;
      if (after && after.camera === day.camera && after.day === day.day && row.file <= after.file) continue;
      if (row.state === 'open' || !row.ciphertextSha256) continue;
      const { kind, bytes } = await look(store, row, buffer);
      // The purge may have come first: then the row goes a moment after its file.
      if (kind && (kind !== 'missing' || (await stays(deps, day, row)))) tell({ file: row.file, kind });
      state = {
        ...state,
        files: state.files + 1,
        bytes: state.bytes + bytes,
        after: { ...day, file: row.file },
        findings: kind ? state.findings : state.findings.filter(({ file }) => file !== row.file),
      };
      readBytes += bytes;
      const aheadUs = (readBytes / deps.bytesPerSecond) * 1e6 - (clock.monoUs() - begunUs);
      if (aheadUs > 100_000) await sleep(clock, aheadUs / 1000, signal).catch(() => undefined);
      if (clock.monoUs() - savedUs > SAVE_EVERY_US) {
        savedUs = clock.monoUs();
        await deps.save(state);
      }
    }
  }
  if (!signal.aborted) state = { ...state, after: undefined };
  await deps.save(state);
  return state;
}

/** What a file is found to be; reads it once, block by block. */
async function look(
  store: HashRoundsDeps['store'],
  row: RegisteredFile,
  buffer: Buffer,
): Promise<{ kind?: HashFinding['kind']; bytes: number }> {
  const counted = row.bytes;
  let at = 0;
  try {
    const found = await store.bytesOf(row.file);
    if (found === undefined) return { kind: 'missing', bytes: 0 };
    // A recovered file keeps a torn chunk behind its last whole one, which nobody has hashed.
    if (row.state === 'sealed' ? found !== row.bytes : found < counted) return { kind: 'size', bytes: 0 };
    const file = await store.open(row.file);
    const hash = createHash('sha256');
    try {
      while (at < counted) {
        const part = buffer.subarray(0, Math.min(BLOCK, counted - at));
        const got = await file.read(part, at);
        if (got === 0) return { kind: 'size', bytes: at };
        hash.update(part.subarray(0, got));
        at += got;
      }
    } finally {
      await file.close();
    }
    return hash.digest().equals(row.ciphertextSha256 ?? Buffer.alloc(0))
      ? { bytes: at }
      : { kind: 'hash', bytes: at };
  } catch (error) {
    if (systemCode(error) === undefined) throw error;
    return { kind: systemCode(error) === 'ENOENT' ? 'missing' : 'unreadable', bytes: at };
  }
}

const LATER_MS = 1000;

/** Whether the row is there a moment later, and the file still is not. */
async function stays({ clock, register, store }: HashRoundsDeps, day: CameraDay, row: RegisteredFile) {
  await sleep(clock, LATER_MS);
  const isRegistered = register.filesOf(day.camera, day.day).some(({ file }) => file === row.file);
  return isRegistered && (await store.bytesOf(row.file)) === undefined;
}

const sorted = (rows: readonly RegisteredFile[]) => [...rows].sort((a, b) => compare(a.file, b.file));

const oldestFirst = (days: Iterable<CameraDay>) =>
  [...days].sort((a, b) => compare(a.day, b.day) || compare(a.camera, b.camera));

const isBefore = (a: CameraDay, b: CameraDay) => (compare(a.day, b.day) || compare(a.camera, b.camera)) < 0;

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
