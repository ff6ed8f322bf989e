/** Seconds from 1900 to 1970: where NTP's clock begins. */
const NTP_OFFSET_S = 2_208_988_800;

export interface SenderFacts {
  readonly ssrc: number;
  readonly utcUs: number;
  readonly rtpTime: number;
  readonly packets: number;
  readonly bytes: number;
}

/** A sender report with its source description (RFC 3550 6.4.1, 6.5). */
export function senderReport({ ssrc, utcUs, rtpTime, packets, bytes }: SenderFacts): Buffer {
  const name = Buffer.from('girok-camera');
  const sdesBytes = Math.ceil((4 + 4 + 2 + name.length + 1) / 4) * 4;
  const out = Buffer.alloc(28 + sdesBytes);
  out[0] = 0x80;
  out[1] = 200;
  out.writeUInt16BE(6, 2);
  out.writeUInt32BE(ssrc, 4);
  const seconds = Math.floor(utcUs / 1e6);
  out.writeUInt32BE((seconds + NTP_OFFSET_S) % 2 ** 32, 8);
  out.writeUInt32BE(Math.floor(((utcUs - seconds * 1e6) / 1e6) * 2 ** 32), 12);
  out.writeUInt32BE(rtpTime, 16);
  out.writeUInt32BE(packets >>> 0, 20);
  out.writeUInt32BE(bytes >>> 0, 24);
  out[28] = 0x81;
  out[29] = 202;
  out.writeUInt16BE(sdesBytes / 4 - 1, 30);
  out.writeUInt32BE(ssrc, 32);
  out[36] = 1;
  out[37] = name.length;
  name.copy(out, 38);
  return out;
}
