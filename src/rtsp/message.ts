/** Names in lower case; a header that came several times has several values. */
export type RtspHeaders = ReadonlyMap<string, readonly string[]>;

export interface RtspReply {
  readonly kind: 'reply';
  readonly status: number;
  readonly headers: RtspHeaders;
  readonly body: Buffer;
}

export interface RtspRequest {
  readonly kind: 'request';
  readonly method: string;
  readonly url: string;
  readonly headers: RtspHeaders;
  readonly body: Buffer;
}

export type RtspMessage = RtspReply | RtspRequest;

/** A message without its body. */
export type RtspHead = Omit<RtspReply, 'body'> | Omit<RtspRequest, 'body'>;

/**
 * Reads a head (RFC 2326 §6, §7). Texts are bytes as Latin-1, so that what is echoed is echoed to the letter.
 * Lines without a colon are left out: cameras print all kinds of things there.
 *
 * @param text with CRLF or bare LF; the blank line at its end may be there or not
 * @returns undefined when the first line is neither a status line nor a request line
 */
export function parseHead(text: string): RtspHead | undefined {
  const [first = '', ...lines] = text.split('\n');
  const status = /^RTSP\/1\.\d[ \t]+(\d{3})(?!\d)/.exec(first);
  if (status) return { kind: 'reply', status: Number(status[1]), headers: headersOf(lines) };
  const request = /^([A-Z_]{1,32}) ([^ \t\r]+) RTSP\/1\.\d[ \t\r]*$/.exec(first);
  if (request) return { kind: 'request', method: request[1]!, url: request[2]!, headers: headersOf(lines) };
  return undefined;
}

/** The first value of a header. @param name in lower case */
export const headerOf = (message: { readonly headers: RtspHeaders }, name: string): string | undefined =>
  message.headers.get(name)?.[0];

/** A header that holds a whole number, `CSeq` and `Content-Length`; undefined when it holds something else. */
export function numberOf(message: { readonly headers: RtspHeaders }, name: string): number | undefined {
  const text = headerOf(message, name) ?? '';
  return /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}

/**
 * A message as it goes over the wire. The caller answers for the lines: nothing here keeps a line break out.
 *
 * @param lines the first line and the headers, bytes as Latin-1
 */
export const printMessage = (lines: readonly string[]): Buffer =>
  Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');

function headersOf(lines: readonly string[]): RtspHeaders {
  const headers = new Map<string, string[]>();
  let last: string[] | undefined;
  for (const line of lines) {
    // A line that begins with a blank goes on with the one before (RFC 2822 §2.2.3).
    if (last && /^[ \t]/.test(line)) {
      last[last.length - 1] = `${last.at(-1)} ${line.trim()}`.trim();
      continue;
    }
    const colon = line.indexOf(':');
    if (colon <= 0) continue;
    const name = line.slice(0, colon).trim().toLowerCase();
    const values = headers.get(name) ?? [];
    values.push(line.slice(colon + 1).trim());
    headers.set(name, values);
    last = values;
  }
  return headers;
}
