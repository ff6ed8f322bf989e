import type { SourceHealth, SourceSession } from './source.ts';

type Counts = Pick<
  SourceHealth,
  | 'packets'
  | 'missingPackets'
  | 'reorderedPackets'
  | 'duplicatePackets'
  | 'foreignPackets'
  | 'damagedFrames'
  | 'clockJumps'
>;

/** Counts of all sessions so far; the rest is what the latest session says, absent where it does not count. */
export type NetworkTotals = Counts & Partial<Omit<SourceHealth, keyof Counts>>;

/** Carries the counts of one stream over the ends of its sessions, so that they only ever grow. */
export interface NetworkMeter {
  /** From here on this session counts; the one before it has ended. */
  opened(session: Pick<SourceSession, 'health'>): void;
  /** Undefined while no session has counted anything. */
  totals(): NetworkTotals | undefined;
}

export function createNetworkMeter(): NetworkMeter {
  let before: Counts | undefined;
  let session: Pick<SourceSession, 'health'> | undefined;
  /** Kept: a session that goes on with a client which does not count must not take back what was counted. */
  let seen: SourceHealth | undefined;

  const look = (): SourceHealth | undefined => {
    const health = session?.health();
    seen = health ?? seen;
    return health;
  };

  return {
    opened(next) {
      look();
      before = seen ? sum(before, seen) : before;
      seen = undefined;
      session = next;
    },
    totals() {
      const health = look();
      const counts = seen ? sum(before, seen) : before;
      return counts && { ...health, ...counts };
    },
  };
}

const sum = (a: Counts | undefined, b: Counts): Counts => ({
  packets: (a?.packets ?? 0) + b.packets,
  missingPackets: (a?.missingPackets ?? 0) + b.missingPackets,
  reorderedPackets: (a?.reorderedPackets ?? 0) + b.reorderedPackets,
  duplicatePackets: (a?.duplicatePackets ?? 0) + b.duplicatePackets,
  foreignPackets: (a?.foreignPackets ?? 0) + b.foreignPackets,
  damagedFrames: (a?.damagedFrames ?? 0) + b.damagedFrames,
  clockJumps: (a?.clockJumps ?? 0) + b.clockJumps,
});
