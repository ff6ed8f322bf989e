/** One RTP packet's fixed header and where its payload lies (RFC 3550 §5.1). Reused from packet to packet. */
export interface RtpPacket {
  payloadType: number;
  marker: boolean;
  /** 16 bits. */
  sequence: number;
  /** 32 bits. */
  timestamp: number;
  ssrc: number;
  payloadStart: number;
  payloadEnd: number;
}

export const createRtpPacket = (): RtpPacket => ({
  payloadType: 0,
  marker: false,
  sequence: 0,
  timestamp: 0,
  ssrc: 0,
  payloadStart: 0,
  payloadEnd: 0,
});

const HEADER_BYTES = 12;

/**
 * Reads the packet in `memory[start, end)` into `into`: contributing sources, header extension and padding are
 * left out of the payload.
 *
 * @returns false when it is no RTP packet of version 2, or its lengths contradict each other
 */
export function readRtpPacket(memory: Buffer, start: number, end: number, into: RtpPacket): boolean {
  if (end - start < HEADER_BYTES) return false;
  const first = memory[start] as number;
  if (first >> 6 !== 2) return false;
  const second = memory[start + 1] as number;
  into.marker = second > 0x7f;
  into.payloadType = second & 0x7f;
  into.sequence = memory.readUInt16BE(start + 2);
  into.timestamp = memory.readUInt32BE(start + 4);
  into.ssrc = memory.readUInt32BE(start + 8);
  let from = start + HEADER_BYTES + (first & 0x0f) * 4;
  if (first & 0x10) {
    if (from + 4 > end) return false;
    from += 4 + memory.readUInt16BE(from + 2) * 4;
  }
  let to = end;
  if (first & 0x20) to -= memory[end - 1] as number;
  if (from > to || to > end) return false;
  into.payloadStart = from;
  into.payloadEnd = to;
  return true;
}
