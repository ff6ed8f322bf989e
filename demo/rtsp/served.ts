import type { DemoStream } from '../clinic.ts';

/** Frame numbers from–to, both included. */
export type Range = [from: number, to: number];

/** What one session was sent, by absolute frame number: the truth a recorder is measured against. */
export interface ServedSession {
  readonly id: string;
  readonly camera: string;
  readonly stream: DemoStream;
  readonly transport: 'tcp' | 'udp';
  readonly remote: string;
  open: boolean;
  firstFrame: number | null;
  lastFrame: number | null;
  /** Frames handed to the network whole. */
  framesSent: number;
  bytesSent: number;
  /** RTP packets of the picture handed to the network; copies by the fault `duplicate` not counted. */
  packetsSent: number;
  /**
   * Sequence numbers between the first and the last packet sent that were never sent, by the fault `drop` or for a
   * client that did not read: what a client that received everything must count as lost.
   */
  packetsLost: number;
  /** Sent after packets with higher numbers, by the fault `reorder`. */
  packetsReordered: number;
  /** Sent twice, by the fault `duplicate`. */
  packetsDuplicated: number;
  /** Not sent because the client did not read. */
  readonly droppedSlow: Range[];
  /** Not sent because a fault said so, or because the session ended before their turn among B-frames. */
  readonly droppedFault: Range[];
  /** Sent with packets lost or bytes flipped by a fault. */
  readonly damaged: Range[];
}

export function addToRanges(ranges: Range[], frame: number): void {
  const last = ranges.at(-1);
  if (last && last[1] === frame - 1) last[1] = frame;
  else if (!last || last[1] < frame) ranges.push([frame, frame]);
  else insertIntoRanges(ranges, frame);
}

/** B-frames come after pictures with higher numbers. */
function insertIntoRanges(ranges: Range[], frame: number): void {
  const all = [...ranges, [frame, frame] as Range].sort((a, b) => a[0] - b[0]);
  ranges.length = 0;
  for (const [from, to] of all) {
    const last = ranges.at(-1);
    if (last && from <= last[1] + 1) last[1] = Math.max(last[1], to);
    else ranges.push([from, to]);
  }
}

/** Keeps the open sessions and the latest `kept` closed ones. */
export interface ServedLog {
  begin(session: Pick<ServedSession, 'id' | 'camera' | 'stream' | 'transport' | 'remote'>): ServedSession;
  list(): readonly ServedSession[];
}

export function createServedLog(kept = 5000): ServedLog {
  let sessions: ServedSession[] = [];
  return {
    begin(facts) {
      const session: ServedSession = {
        ...facts,
        open: true,
        firstFrame: null,
        lastFrame: null,
        framesSent: 0,
        bytesSent: 0,
        packetsSent: 0,
        packetsLost: 0,
        packetsReordered: 0,
        packetsDuplicated: 0,
        droppedSlow: [],
        droppedFault: [],
        damaged: [],
      };
      if (sessions.length > 2 * kept) {
        const closed = sessions.filter((one) => !one.open).slice(-kept);
        sessions = [...closed, ...sessions.filter((one) => one.open)];
      }
      sessions.push(session);
      return session;
    },
    list: () => sessions,
  };
}
