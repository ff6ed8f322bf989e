import { baseUrl, controlUrl } from './control-url.ts';
import { headerOf, type RtspReply } from './message.ts';
import { readDescription, type SdpFault } from './sdp.ts';

/** What a camera's description becomes for the program behind the relay. */
export type Offer =
  | {
      readonly body: string;
      /** What the camera calls its video, and the whole presentation. */
      readonly videoUrl: string;
      readonly aggregateUrl: string;
    }
  | { readonly fault: SdpFault };

/** The video's control URL in the offer, relative to its Content-Base. */
export const OFFERED_CONTROL = 'video';

const FORMAT_MAX_LENGTH = 8192;
const ENCODINGS = { h264: 'H264', h265: 'H265' } as const;

/**
 * A description of its own that offers the first H.264 or H.265 video and nothing else: no sound, no metadata,
 * no codec that only the program would know. Nothing but numbers and the format's parameters is the camera's.
 *
 * @param url that was described
 */
export function offerVideo(url: string, told: RtspReply): Offer {
  const text = told.body.toString('latin1');
  // The program copes with more kinds of packetization than our own client: they are hidden from its judge.
  const description = readDescription(text.replace(/packetization-mode|sprop-max-don-diff/gi, 'x-$&'));
  if (!('track' in description)) return { fault: description.fault };
  const { codec, clockRate, payloadType, control, presentationControl } = description.track;
  const base = baseUrl(url, headerOf(told, 'content-base'), headerOf(told, 'content-location'));
  const videoUrl = controlUrl(base, control);
  const aggregateUrl = controlUrl(base, presentationControl);
  if (videoUrl === undefined || aggregateUrl === undefined) return { fault: 'unreadable_description' };
  const format = new RegExp(`^a=fmtp:[ \\t]*${payloadType}[ \\t]+([\\x20-\\x7e]+)`, 'im').exec(text)?.[1];
  const lines = [
    'v=0',
    'o=- 0 0 IN IP4 127.0.0.1',
    's=-',
    'c=IN IP4 0.0.0.0',
    't=0 0',
    'a=control:*',
    `m=video 0 RTP/AVP ${payloadType}`,
    `a=rtpmap:${payloadType} ${ENCODINGS[codec]}/${clockRate}`,
    ...(format && format.length <= FORMAT_MAX_LENGTH ? [`a=fmtp:${payloadType} ${format}`] : []),
    `a=control:${OFFERED_CONTROL}`,
  ];
  return { body: lines.map((line) => `${line}\r\n`).join(''), videoUrl, aggregateUrl };
}
