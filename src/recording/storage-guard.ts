import type { Cancel, Clock } from '../lib/clock.ts';

/** Says whether there is room to record. Below the reserve it says no; it says yes again once there is a margin. */
export interface StorageGuard {
  readonly mayWrite: boolean;
  readonly freeBytes: number;
  readonly totalBytes: number;
  stop(): void;
}

export interface StorageGuardDeps {
  readonly clock: Clock;
  /** Never filled beyond this. */
  readonly reserveBytes: number;
  /** Reads the file system; rejects when it cannot be read. */
  space(): Promise<{ freeBytes: number; totalBytes: number }>;
  /** Told when room ends and when it is back; also when the file system itself does not answer. */
  changed(state: 'room' | 'full' | 'failing', freeBytes: number): void;
}

const PERIOD_MS = 1000;
/** Room is back when this much more than the reserve is free: otherwise recording would flutter at the edge. */
const MARGIN_BYTES = 64 * 1024 * 1024;

export async function startStorageGuard(deps: StorageGuardDeps): Promise<StorageGuard> {
  let state: 'room' | 'full' | 'failing' = 'room';
  let freeBytes = 0;
  let totalBytes = 0;
  let looking = false;
  // A small disk must not need more margin than it has.
  const margin = () => Math.min(MARGIN_BYTES, deps.reserveBytes);

  const look = async () => {
    // A file system that hangs must not pile up questions.
    if (looking) return;
    looking = true;
    let next = state;
    try {
      ({ freeBytes, totalBytes } = await deps.space());
      const needed = deps.reserveBytes + (state === 'room' ? 0 : margin());
      next = freeBytes > needed ? 'room' : 'full';
    } catch {
      // What exactly is wrong shows itself to the writers; here it only means that nobody should begin anew.
      next = 'failing';
    } finally {
      looking = false;
    }
    if (next !== state) {
      state = next;
      deps.changed(state, freeBytes);
    }
  };

  await look();
  const stop: Cancel = deps.clock.every(PERIOD_MS, () => void look());
  return {
    get mayWrite() {
      return state === 'room';
    },
    get freeBytes() {
      return freeBytes;
    },
    get totalBytes() {
      return totalBytes;
    },
    stop,
  };
}
