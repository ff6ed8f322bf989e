/** Whose packets come although nothing was asked for yet. */
export interface StaleSources {
  /** One packet, memory[start, end). */
  heard(memory: Buffer, start: number, end: number): void;
  readonly list: readonly number[];
}

const RTP_HEADER_BYTES = 12;
/** RTCP's packet types where RTP has marker and payload type (RFC 5761 §4). */
const [FIRST_RTCP, LAST_RTCP] = [192, 223];
const MOST = 8;

/**
 * Old live555 servers go on sending a session whose connection broke on the next one that gets its descriptor. What
 * comes before PLAY was asked cannot be ours: its sources (RFC 3550 §5.1) are not to be taken for the camera's.
 */
export function createStaleSources(): StaleSources {
  const list: number[] = [];
  return {
    heard(memory, start, end) {
      const second = memory[start + 1] ?? 0;
      const isReport = second >= FIRST_RTCP && second <= LAST_RTCP;
      if (end - start < RTP_HEADER_BYTES || memory[start]! >> 6 !== 2 || isReport) return;
      const source = memory.readUInt32BE(start + 8);
      if (list.length < MOST && !list.includes(source)) list.push(source);
    },
    list,
  };
}
