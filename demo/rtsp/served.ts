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
  /** Not sent because the client did not read. */
  readonly droppedSlow: Range[];
  /** Not sent because a fault said so. */
  readonly droppedFault: Range[];
  /** Sent with packets lost or bytes flipped by a fault. */
  readonly damaged: Range[];
}

export function addToRanges(ranges: Range[], frame: number): void {
  const last = ranges.at(-1);
  if (last && last[1] === frame - 1) last[1] = frame;
  else ranges.push([frame, frame]);
}

/** Keeps the open sessions and the latest `kept` closed ones. */
export interface ServedLog {
  begin(
    session: Omit<
      ServedSession,
      | 'open'
      | 'firstFrame'
      | 'lastFrame'
      | 'framesSent'
      | 'bytesSent'
      | 'droppedSlow'
      | 'droppedFault'
      | 'damaged'
    >,
  ): ServedSession;
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
