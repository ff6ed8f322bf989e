export interface RtspRequest {
  readonly method: string;
  readonly url: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
}

export type Incoming =
  | { readonly kind: 'request'; readonly request: RtspRequest }
  /** RTCP of the client on an interleaved channel. */
  | { readonly kind: 'data'; readonly channel: number }
  | { readonly kind: 'broken' };

/** Cuts a connection's bytes into requests and interleaved packets (RFC 2326 4, 6, 10.12). */
export interface RtspReader {
  push(bytes: Buffer): Incoming[];
}

const MAX_HEAD = 16_384;
const BLANK_LINE = Buffer.from('\r\n\r\n');

export function createRtspReader(): RtspReader {
  let rest: Buffer = Buffer.alloc(0);
  /** Body bytes of the last request that are still to be skipped: no method of ours has use for one. */
  let skip = 0;

  function next(): Incoming | undefined {
    if (skip > 0) {
      const skipped = Math.min(skip, rest.length);
      rest = rest.subarray(skipped);
      skip -= skipped;
    }
    while (rest[0] === 0x0d || rest[0] === 0x0a) rest = rest.subarray(1);
    if (rest.length === 0 || skip > 0) return undefined;
    if (rest[0] === 0x24) {
      if (rest.length < 4) return undefined;
      const end = 4 + rest.readUInt16BE(2);
      if (rest.length < end) return undefined;
      const channel = rest[1]!;
      rest = rest.subarray(end);
      return { kind: 'data', channel };
    }
    const end = rest.indexOf(BLANK_LINE);
    if (end < 0) return rest.length > MAX_HEAD ? { kind: 'broken' } : undefined;
    const request = parseHead(rest.toString('latin1', 0, end));
    rest = rest.subarray(end + BLANK_LINE.length);
    if (!request) return { kind: 'broken' };
    skip = Math.max(0, Number(request.headers['content-length'] ?? 0) || 0);
    return { kind: 'request', request };
  }

  return {
    push(bytes) {
      rest = rest.length ? Buffer.concat([rest, bytes]) : bytes;
      const items: Incoming[] = [];
      for (let item = next(); item; item = next()) {
        items.push(item);
        if (item.kind === 'broken') break;
      }
      return items;
    },
  };
}

function parseHead(head: string): RtspRequest | undefined {
  const [first = '', ...lines] = head.split('\r\n');
  const match = /^([A-Z_]+) (\S+) RTSP\/1\.0$/.exec(first);
  if (!match) return undefined;
  const headers: Record<string, string> = {};
  for (const line of lines) {
    const colon = line.indexOf(':');
    if (colon > 0) headers[line.slice(0, colon).trim().toLowerCase()] = line.slice(colon + 1).trim();
  }
  return { method: match[1]!, url: match[2]!, headers };
}

/** What a SETUP asks for, from its Transport header (RFC 2326 12.39). */
export type TransportWish =
  | { readonly kind: 'tcp'; readonly rtp: number; readonly rtcp: number }
  | { readonly kind: 'udp'; readonly rtp: number; readonly rtcp: number };

/** @returns the first transport of the list that we can serve. */
export function parseTransport(
  header: string | undefined,
  freeChannel: number,
  udpOnly = false,
): TransportWish | undefined {
  for (const wish of (header ?? '').split(',')) {
    const parts = wish.trim().split(';');
    const pair = (name: string) => {
      const text = parts.find((part) => part.startsWith(`${name}=`))?.slice(name.length + 1);
      const [first, second] = (text ?? '').split('-').map(Number);
      return text && Number.isInteger(first)
        ? { rtp: first!, rtcp: Number.isInteger(second) ? second! : first! + 1 }
        : undefined;
    };
    if (parts[0] === 'RTP/AVP/TCP' && !udpOnly) {
      const channels = pair('interleaved') ?? { rtp: freeChannel, rtcp: freeChannel + 1 };
      if (channels.rtp < 256 && channels.rtcp < 256) return { kind: 'tcp', ...channels };
    }
    if ((parts[0] === 'RTP/AVP' || parts[0] === 'RTP/AVP/UDP') && !parts.includes('multicast')) {
      const ports = pair('client_port');
      if (ports && ports.rtp > 0 && ports.rtcp < 65_536) return { kind: 'udp', ...ports };
    }
  }
  return undefined;
}
