import type { Quirks } from '../quirks.ts';
import type { RtspRequest } from './message.ts';

export interface Answer {
  readonly status: number;
  /** `Name: value`. */
  readonly headers?: readonly string[];
  readonly body?: string;
}

/** What the control address has behind it with the quirk `control_with_query`. */
export const CONTROL_QUERY = '?channel=1&subtype=0';

/** How a camera with quirks refuses a request: an answer, no answer, or the end of the connection. */
export function refusalOf(request: RtspRequest, quirks: Quirks): Answer | 'silence' | 'end' | undefined {
  const { method, headers } = request;
  if (quirks.size === 0) return undefined;
  if (method === 'GET_PARAMETER' && quirks.has('keepalive_ignored')) return 'silence';
  if (method === 'GET_PARAMETER' && quirks.has('keepalive_refused')) return { status: 501 };
  if (method.endsWith('_PARAMETER') && quirks.has('keepalive_cuts')) return 'end';
  if (headers.require !== undefined && quirks.has('require_refused'))
    return { status: 551, headers: [`Unsupported: ${headers.require}`] };
  if (method === 'SETUP' || method === 'PLAY') {
    if (quirks.has('control_with_query') && !request.url.includes(CONTROL_QUERY)) return { status: 404 };
  }
  return undefined;
}

/** An answer as a camera with quirks words it. */
export function quirkyAnswer(answer: Answer, quirks: Quirks): Answer {
  const { headers } = answer;
  if (quirks.size === 0 || !headers) return answer;
  return { ...answer, headers: oneChallenge(headers, quirks).flatMap((line) => quirkyHeader(line, quirks)) };
}

function quirkyHeader(line: string, quirks: Quirks): string[] {
  const colon = line.indexOf(':');
  const [name, value] = [line.slice(0, colon), line.slice(colon + 2)];
  switch (name) {
    case 'Public':
      return [quirks.has('keepalive_cuts') ? line.replace(', GET_PARAMETER, SET_PARAMETER', '') : line];
    case 'Content-Type':
      return quirks.has('content_type_missing') ? [] : [line];
    case 'Content-Base':
      return [`${name}: ${quirkyBase(value, quirks)}`];
    case 'Transport':
      return quirks.has('transport_missing') ? [] : [`${name}: ${quirkyTransport(value, quirks)}`];
    case 'RTP-Info':
      return [`${name}: ${quirkyInfo(value, quirks)}`];
    default:
      return [line];
  }
}

function quirkyBase(base: string, quirks: Quirks): string {
  const rest = base.replace(/^rtsps?:\/\//, '');
  if (quirks.has('base_doubled')) return `rtsp://${base}`;
  if (quirks.has('base_without_scheme')) return rest;
  if (quirks.has('base_v4_mapped')) return `rtsp://::ffff:${rest}`;
  return base;
}

function quirkyTransport(transport: string, quirks: Quirks): string {
  let text = transport;
  const ssrc = /;ssrc=([0-9A-F]+)/.exec(text)?.[1] ?? '';
  if (quirks.has('transport_without_tcp')) text = text.replace('RTP/AVP/TCP', 'RTP/AVP');
  if (quirks.has('server_port_empty')) text = text.replace(/server_port=[\d-]+/, 'server_port=');
  if (quirks.has('transport_ssrc_blank'))
    text = text.replace(/ssrc=\w+/, `ssrc=${ssrc.replace(/^0+/, '').padStart(10)}`);
  if (quirks.has('transport_ssrc_first'))
    text = text.replace(`;ssrc=${ssrc}`, '').replace(';unicast', `;ssrc=${ssrc}`);
  return text;
}

function quirkyInfo(info: string, quirks: Quirks): string {
  let text = info;
  if (quirks.has('rtp_info_seq_zero')) text = text.replace(/seq=\d+/, 'seq=0');
  if (quirks.has('rtp_info_seq_one')) text = text.replace(/seq=\d+/, 'seq=1');
  if (quirks.has('rtp_info_time_invalid')) text = text.replace(/rtptime=\d+/, 'rtptime=-nan');
  if (quirks.has('rtp_info_ssrc')) text = text.replace(';seq=', ';ssrc=1A2B3C4D;seq=');
  if (quirks.has('rtp_info_semicolons')) text += ';;';
  return text;
}

function oneChallenge(headers: readonly string[], quirks: Quirks): readonly string[] {
  const name = 'WWW-Authenticate: ';
  if (!quirks.has('challenges_one_header') || !headers.some((line) => line.startsWith(name))) return headers;
  const challenges = headers.filter((line) => line.startsWith(name)).map((line) => line.slice(name.length));
  return [...headers.filter((line) => !line.startsWith(name)), name + challenges.join(', ')];
}
