/** What a camera reports about its own stream (RFC 3550 §6.4.1, §6.6). */
export interface SenderReport {
  readonly ssrc: number;
  /** The camera's wall clock, µs UTC, at {@link rtpTime}; undefined from one that has none. */
  readonly cameraUs: number | undefined;
  /** Its 64-bit NTP time's middle 32 bits, to be sent back. */
  readonly middleOfNtp: number;
  readonly rtpTime: number;
}

export interface Reports {
  sender?: SenderReport;
  /** The camera says that it has ended this stream. */
  goodbye?: number;
}

const NTP_EPOCH_S = 2_208_988_800;
const SENDER_REPORT = 200;
const RECEIVER_REPORT = 201;
const SOURCE_DESCRIPTION = 202;
const GOODBYE = 203;

/** Reads a compound packet; what it does not understand or what is cut off is passed over. */
export function readReports(memory: Buffer, start: number, end: number): Reports {
  const found: Reports = {};
  for (let at = start; at + 8 <= end; ) {
    if ((memory[at] as number) >> 6 !== 2) return found;
    const next = at + 4 + memory.readUInt16BE(at + 2) * 4;
    if (next > end) return found;
    const type = memory[at + 1];
    if (type === SENDER_REPORT && next - at >= 28) {
      const seconds = memory.readUInt32BE(at + 8) - NTP_EPOCH_S;
      const fraction = memory.readUInt32BE(at + 12);
      found.sender = {
        ssrc: memory.readUInt32BE(at + 4),
        // Before 1970 it only says how long the camera has been running.
        cameraUs:
          seconds < 0 ? undefined : seconds * 1_000_000 + Math.floor((fraction * 1_000_000) / 2 ** 32),
        middleOfNtp: memory.readUInt32BE(at + 10),
        rtpTime: memory.readUInt32BE(at + 16),
      };
    } else if (type === GOODBYE && next - at >= 8) found.goodbye = memory.readUInt32BE(at + 4);
    at = next;
  }
  return found;
}

/** How the stream arrived since the last report (RFC 3550 §6.4.2). */
export interface Reception {
  /** Ours, and the camera's. */
  readonly ssrc: number;
  readonly of: number;
  /** 0…1 since the last report, and the number in all. */
  readonly lostShare: number;
  readonly lost: number;
  readonly highestSequence: number;
  /** In ticks of the stream's clock. */
  readonly jitter: number;
  /** Of the last sender report, and how long ago it came; 0 before the first. */
  readonly middleOfNtp: number;
  readonly sinceReportUs: number;
}

const NAME = Buffer.from('girok');

/** A receiver report with the source description that has to follow it. */
export function receiverReport(reception: Reception): Buffer {
  const descriptionBytes = Math.ceil((4 + 4 + 2 + NAME.length + 1) / 4) * 4;
  const out = Buffer.alloc(32 + descriptionBytes);
  out[0] = 0x81;
  out[1] = RECEIVER_REPORT;
  out.writeUInt16BE(7, 2);
  out.writeUInt32BE(reception.ssrc, 4);
  out.writeUInt32BE(reception.of, 8);
  out[12] = Math.min(255, Math.floor(reception.lostShare * 256));
  out.writeUIntBE(Math.min(0x7f_ffff, reception.lost), 13, 3);
  out.writeUInt32BE(reception.highestSequence % 2 ** 32, 16);
  out.writeUInt32BE(Math.min(2 ** 32 - 1, Math.round(reception.jitter)), 20);
  out.writeUInt32BE(reception.middleOfNtp, 24);
  out.writeUInt32BE(Math.min(2 ** 32 - 1, Math.round((reception.sinceReportUs * 65_536) / 1e6)), 28);
  out[32] = 0x81;
  out[33] = SOURCE_DESCRIPTION;
  out.writeUInt16BE(descriptionBytes / 4 - 1, 34);
  out.writeUInt32BE(reception.ssrc, 36);
  out[40] = 1;
  out[41] = NAME.length;
  NAME.copy(out, 42);
  return out;
}
