/** How the video comes, by the answer to SETUP. */
export type Delivery = TcpDelivery | UdpDelivery;

export interface TcpDelivery {
  readonly kind: 'tcp';
  readonly rtpChannel: number;
  readonly rtcpChannel: number;
  readonly ssrc: number | undefined;
}

export interface UdpDelivery {
  readonly kind: 'udp';
  /** The camera's ports, if it names them. */
  readonly rtpPort: number | undefined;
  readonly rtcpPort: number | undefined;
  readonly ssrc: number | undefined;
}

/**
 * Reads a `Transport` header (RFC 2326 §12.39) as cameras write it: without `/TCP`, with channels of their own
 * choice, with blanks anywhere, `ssrc` anywhere, an empty `server_port`, or nothing at all: then it is as asked.
 *
 * @returns undefined when the camera means another way than the one that was asked for
 */
export function readDelivery(header: string | undefined, asked: Delivery['kind']): Delivery | undefined {
  const parts = (header ?? '').split(',')[0]!.split(';');
  const words = parts.map((part) => part.trim().toLowerCase());
  const values = new Map(
    words.map((word) => {
      const sign = `${word}=`.indexOf('=');
      return [word.slice(0, sign).trim(), word.slice(sign + 1).trim()] as const;
    }),
  );
  const ssrc = ssrcOf(values.get('ssrc'));
  if (words.includes('multicast')) return undefined;
  if (asked === 'tcp') {
    const isUdp = values.has('client_port') || words.includes('rtp/avp/udp');
    if (isUdp && !values.has('interleaved')) return undefined;
    const [rtpChannel = 0, rtcpChannel = rtpChannel ^ 1] = pairOf(values.get('interleaved'), 255);
    return { kind: 'tcp', rtpChannel, rtcpChannel, ssrc };
  }
  if (values.has('interleaved') || words.includes('rtp/avp/tcp')) return undefined;
  const [rtpPort, rtcpPort = rtpPort && rtpPort + 1] = pairOf(values.get('server_port'), 65_534);
  return { kind: 'udp', rtpPort: rtpPort || undefined, rtcpPort: rtcpPort || undefined, ssrc };
}

export interface SessionName {
  readonly id: string;
  readonly timeoutS: number;
}

/** Where the camera names none (RFC 2326 §12.37). */
export const DEFAULT_TIMEOUT_S = 60;
const MAX_SESSION_ID_LENGTH = 256;

/** Reads a `Session` header (RFC 2326 §12.37). @returns undefined when the id cannot be sent back */
export function readSession(header: string): SessionName | undefined {
  const [id = '', ...parameters] = header.split(';').map((part) => part.trim());
  if (!/^[\x21-\x7e\x80-\xff]+$/.test(id) || id.length > MAX_SESSION_ID_LENGTH) return undefined;
  const timeout = parameters.map((text) => /^timeout\s*=\s*"?(\d{1,6})/i.exec(text)?.[1]).find(Boolean);
  return { id, timeoutS: Number(timeout ?? 0) || DEFAULT_TIMEOUT_S };
}

/** `0-1` or `0`; two different numbers or one. */
function pairOf(text: string | undefined, largest: number): [number?, number?] {
  const parts = /^(\d{1,5})(?:\s*-\s*(\d{1,5}))?/.exec(text ?? '');
  const [first, second] = [Number(parts?.[1] ?? Number.NaN), Number(parts?.[2] ?? Number.NaN)];
  if (!(first <= largest)) return [];
  return second <= largest + 1 && second !== first && second <= 65_535 ? [first, second] : [first];
}

/** Eight hexadecimal digits, of which cameras forget the leading zeros. */
const ssrcOf = (text: string | undefined): number | undefined =>
  /^(0x)?[0-9a-f]{1,8}$/.test(text ?? '') ? Number.parseInt(text!, 16) : undefined;
