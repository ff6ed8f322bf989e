import { nalType } from '../scenes/annex-b.ts';
import { FPS } from '../scenes/profile.ts';
import { VIDEO_PAYLOAD_TYPE } from './packets.ts';
import type { ServedTrack } from './track.ts';

export interface SdpOptions {
  readonly address: string;
  readonly audio: boolean;
  /** Names a codec that the packets do not have. */
  readonly lying?: boolean;
}

/** The description of one stream (RFC 8866; fmtp from RFC 6184 8.1 and RFC 7798 7.1). */
export function describeStream(track: ServedTrack, { address, audio, lying = false }: SdpOptions): string {
  const pt = VIDEO_PAYLOAD_TYPE;
  const codec = lying ? (track.codec === 'h264' ? 'h265' : 'h264') : track.codec;
  const lines = [
    'v=0',
    `o=- 1 1 IN IP4 ${address}`,
    's=Girok camera',
    'c=IN IP4 0.0.0.0',
    't=0 0',
    'a=control:*',
    'a=range:npt=now-',
    `m=video 0 RTP/AVP ${pt}`,
    `b=AS:${Math.ceil(track.bitrateBps / 1000)}`,
    `a=rtpmap:${pt} ${codec === 'h264' ? 'H264' : 'H265'}/90000`,
    `a=fmtp:${pt} ${lying ? 'packetization-mode=1' : parameters(track)}`,
    `a=framerate:${FPS}`,
    'a=recvonly',
    'a=control:trackID=0',
  ];
  if (audio) lines.push('m=audio 0 RTP/AVP 0', 'a=rtpmap:0 PCMU/8000', 'a=recvonly', 'a=control:trackID=1');
  return `${lines.join('\r\n')}\r\n`;
}

function parameters({ codec, parameterSets }: ServedTrack): string {
  const base64 = (type: number) =>
    parameterSets
      .filter((nal) => nalType(codec, nal[0]!) === type)
      .map((nal) => Buffer.from(nal).toString('base64'))
      .join(',');
  if (codec === 'h265') return `sprop-vps=${base64(32)};sprop-sps=${base64(33)};sprop-pps=${base64(34)}`;
  const sps = parameterSets.find((nal) => nalType(codec, nal[0]!) === 7);
  const level = Buffer.from(sps?.subarray(1, 4) ?? [])
    .toString('hex')
    .toUpperCase();
  return `packetization-mode=1;profile-level-id=${level};sprop-parameter-sets=${base64(7)},${base64(8)}`;
}
