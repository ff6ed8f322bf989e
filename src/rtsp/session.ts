import type { Cancel, Clock } from '../lib/clock.ts';
import type { Secret } from '../lib/secret.ts';
import { addressOf, isSendable, redirectedUrl } from './address.ts';
import { createAuthorizer } from './auth.ts';
import { type Connection, type OpenConnection, openConnection } from './connection.ts';
import { baseUrl, controlUrl } from './control-url.ts';
import { keepAliveMethod, startKeepAlive } from './keep-alive.ts';
import { headerOf, numberOf, printMessage, type RtspReply, type RtspRequest } from './message.ts';
import { createQuestions, type Questions } from './questions.ts';
import { createRtspReader, type RtspReader } from './reader.ts';
import { createRequestLimit } from './request-limit.ts';
import { readDescription, type VideoTrack } from './sdp.ts';
import {
  DEFAULT_TIMEOUT_S,
  type Delivery,
  readDelivery,
  readSession,
  type SessionName,
} from './setup-answer.ts';
import { createStaleSources } from './stale-sources.ts';
import { openUdpPair, type UdpPair } from './udp-pair.ts';

export interface RtspTarget {
  /** rtsp:// or rtsps://, without user info; the host is an IP address (pinned by the caller): no DNS here. */
  readonly url: string;
  readonly login?: { readonly user: string; readonly password: Secret };
  /** `auto`: TCP, and UDP where the camera insists on it. */
  readonly transport: 'auto' | 'tcp' | 'udp';
}

/** What DESCRIBE and SETUP settled. */
export interface VideoDescription {
  readonly codec: 'h264' | 'h265';
  /** Ticks a second; 90,000 for practically all. */
  readonly clockRate: number;
  readonly payloadType: number;
  /** Decoded `sprop-…`; possibly empty; never trusted. */
  readonly parameterSets: readonly Buffer[];
  readonly transport: 'tcp' | 'udp';
  /** If the camera named one. */
  readonly ssrc?: number;
  /** Sources whose packets came before anything was asked for: of an older session. */
  readonly staleSources?: readonly number[];
}

export interface RtspEvents {
  /** Once, before the first packet: DESCRIBE and SETUP are answered (PLAY is being asked). */
  described(video: VideoDescription): void;
  /** One RTP packet of the video, memory[start, end). The memory is reused when the call returns. */
  packet(memory: Buffer, start: number, end: number): void;
  /** One RTCP compound packet. Same memory rule. */
  report(memory: Buffer, start: number, end: number): void;
  /** Exactly once; nothing after it. */
  ended(end: RtspEnd): void;
}

export interface RtspEnd {
  readonly reason: RtspEndReason;
  /** Of `unsupported_codec`: its name, printable, at most 20 characters; the only text of the camera's. */
  readonly encoding?: string;
}

export type RtspEndReason =
  | 'refused_connection'
  | 'connection_closed'
  | 'no_way'
  | 'no_answer'
  | 'login_refused'
  /** Another 4xx. */
  | 'stream_refused'
  /** 5xx. */
  | 'camera_error'
  | 'no_video'
  | 'unsupported_codec'
  | 'unsupported_transport'
  /** H.264 mode 2, H.265 with decoding order numbers. */
  | 'unsupported_packetization'
  | 'unreadable_description'
  /** So much garbage that no frame is found any more. */
  | 'unreadable_stream'
  | 'redirected_away'
  | 'session_expired'
  | 'server_ended'
  | 'stopped';

export interface RtspSession {
  /** TEARDOWN, at most 500 ms for its answer, then the end. */
  stop(): void;
  /** Sends one RTCP packet to the camera. */
  sendReport(bytes: Buffer): void;
  /** Bytes of the connection that were neither message nor frame. */
  readonly skippedBytes: number;
}

const ANSWER_MS = 8000;
const TEARDOWN_MS = 500;
const MAX_REDIRECTS = 3;
/** Asked for; the camera may choose others. */
const CHANNELS = '0-1';

/** One connection and what is said over it. */
interface Line {
  readonly connection: Connection;
  readonly questions: Questions;
  readonly reader: RtspReader;
}

interface Tracks {
  readonly track: VideoTrack;
  readonly trackUrl: string;
  /** Of the whole presentation: for everything but SETUP. */
  readonly url: string;
}

/**
 * An RTSP 1.0 client (RFC 2326) for one video track of one camera: OPTIONS → DESCRIBE → SETUP → PLAY →
 * keep-alive. Audio, metadata and the way back are not even set up. It never throws and never waits for its
 * reader; everything that a camera sends has a bound, and everything that it should say a time.
 */
export function openRtspSession(
  target: RtspTarget,
  events: RtspEvents,
  { clock, connect: dial = openConnection }: { clock: Clock; connect?: OpenConnection },
): RtspSession {
  const authorizer = createAuthorizer(target.login);
  // Texts are bytes here, as they are on the wire.
  let url = Buffer.from(target.url).toString('latin1');
  let line: Line | undefined;
  let redirects = 0;
  let skippedBefore = 0;
  let publicMethods: readonly string[] = [];
  let presentation = url;
  let session: SessionName | undefined;
  let delivery: Delivery | undefined;
  let udp: UdpPair | undefined;
  const stale = createStaleSources();
  let delivered = false;
  const isTooMuch = createRequestLimit(clock);
  let stopKeepAlive: Cancel = () => undefined;
  let stopping = false;
  let over = false;

  function end(reason: RtspEndReason, encoding?: string): void {
    if (over) return;
    // Cameras have few places for sessions and hold them for minutes: leaving without a word costs one.
    if ((session || delivery) && !stopping) ask('TEARDOWN', presentation, [], () => undefined);
    over = true;
    hangUp();
    events.ended({ reason: stopping ? 'stopped' : reason, ...(encoding && { encoding }) });
  }

  function hangUp(): void {
    stopKeepAlive();
    udp?.close();
    line?.questions.close();
    line?.reader.close();
    line?.connection.hangUp();
  }

  function connect(): void {
    const address = addressOf(url);
    if (!address || !isSendable(url)) {
      queueMicrotask(() => end('no_way'));
      return;
    }
    skippedBefore += line?.reader.skippedBytes ?? 0;
    const reader = createRtspReader({
      message: (message) => {
        if (message.kind === 'reply') questions.take(message);
        else answer(message);
      },
      packet: hear,
      broken: () => end(delivery ? 'unreadable_stream' : 'unreadable_description'),
    });
    const connection = dial(
      address,
      { opened: askOptions, read: reader.push, closed: (fault) => end(fault) },
      { clock },
    );
    const questions = createQuestions(authorizer, connection.write, { clock });
    line = { connection, questions, reader };
  }

  function hear(channel: number, memory: Buffer, start: number, to: number): void {
    if (!delivery) stale.heard(memory, start, to);
    if (stopping || delivery?.kind !== 'tcp') return;
    if (channel === delivery.rtpChannel) {
      delivered = true;
      events.packet(memory, start, to);
    } else if (channel === delivery.rtcpChannel) {
      events.report(memory, start, to);
    }
  }

  /** `answered` is not called any more once the session is over. */
  function ask(
    method: string,
    to: string,
    headers: readonly string[],
    answered: (reply: RtspReply | undefined) => void,
    waitMs = ANSWER_MS,
  ): void {
    const lines = session ? [`Session: ${session.id}`, ...headers] : headers;
    line?.questions.ask({ method, url: to, headers: lines, waitMs }, answered);
  }

  /** Like {@link ask} for what the session cannot do without: any refusal ends it, but those in `bearable`. */
  function demand(
    method: string,
    to: string,
    headers: readonly string[],
    granted: (reply: RtspReply) => void,
    bearable: readonly number[] = [],
  ): void {
    ask(method, to, headers, (reply) => {
      const refusal = reply ? refusalOf(reply.status) : 'no_answer';
      if (reply && (!refusal || bearable.includes(reply.status))) granted(reply);
      else if (refusal && !stopping) end(refusal);
    });
  }

  /** A request of the camera (RFC 2326 §10.1): some ask whether we are still there. */
  function answer(request: RtspRequest): void {
    if (isTooMuch()) {
      end('unreadable_stream');
      return;
    }
    const ends = request.method === 'TEARDOWN';
    const known = ends || request.method === 'OPTIONS' || request.method === 'GET_PARAMETER';
    const cseq = numberOf(request, 'cseq');
    line?.connection.write(
      printMessage([
        known ? 'RTSP/1.0 200 OK' : 'RTSP/1.0 501 Not Implemented',
        ...(cseq === undefined ? [] : [`CSeq: ${cseq}`]),
        'User-Agent: Girok',
      ]),
    );
    if (ends) end('server_ended');
  }

  function askOptions(): void {
    // Only to learn how the session is kept alive: a camera that refuses it may still be recorded.
    ask('OPTIONS', url, [], (reply) => {
      if (stopping) return;
      if (reply && refusalOf(reply.status) === undefined) publicMethods = reply.headers.get('public') ?? [];
      describe();
    });
  }

  function describe(): void {
    demand(
      'DESCRIBE',
      url,
      ['Accept: application/sdp'],
      (reply) => {
        if (isRedirect(reply.status)) return follow(headerOf(reply, 'location'));
        const description = readDescription(reply.body.toString('latin1'));
        if ('fault' in description) return end(description.fault, description.encoding);
        const { track } = description;
        const base = baseUrl(url, headerOf(reply, 'content-base'), headerOf(reply, 'content-location'));
        const trackUrl = controlUrl(base, track.control);
        const wholeUrl = controlUrl(base, track.presentationControl);
        if (trackUrl === undefined || wholeUrl === undefined) return end('unreadable_description');
        const tracks = { track, trackUrl, url: wholeUrl };
        if (target.transport === 'udp') setUpUdp(tracks);
        else setUpTcp(tracks);
      },
      [301, 302, 303, 307, 308],
    );
  }

  function follow(location: string | undefined): void {
    const next = redirectedUrl(url, location);
    if (next === undefined || ++redirects > MAX_REDIRECTS) {
      end('redirected_away');
      return;
    }
    url = next;
    hangUp();
    connect();
  }

  function setUpTcp(tracks: Tracks): void {
    const insists = target.transport === 'auto' ? [400, 406, 461] : [];
    const transport = `Transport: RTP/AVP/TCP;unicast;interleaved=${CHANNELS}`;
    demand(
      'SETUP',
      tracks.trackUrl,
      [transport],
      (reply) => {
        if (insists.includes(reply.status)) return setUpUdp(tracks);
        if (settle(reply, tracks, 'tcp')) return play(tracks);
        if (over || stopping) return;
        if (target.transport !== 'auto') return end('unsupported_transport');
        // It granted what nobody asked for; that session is given back first.
        ask('TEARDOWN', tracks.url, [], () => undefined);
        session = undefined;
        setUpUdp(tracks);
      },
      insists,
    );
  }

  function setUpUdp(tracks: Tracks): void {
    const { localAddress, remoteAddress } = line!.connection;
    if (localAddress === undefined || remoteAddress === undefined) {
      end('connection_closed');
      return;
    }
    const options = {
      localAddress,
      cameraAddress: remoteAddress,
      rtp(datagram: Buffer) {
        if (stopping || !delivery) return;
        delivered = true;
        events.packet(datagram, 0, datagram.length);
      },
      rtcp(datagram: Buffer) {
        if (!stopping && delivery) events.report(datagram, 0, datagram.length);
      },
    };
    openUdpPair(options, (pair) => {
      if (over || stopping) return pair?.close();
      // No port or descriptor left: not the camera's doing, and the next attempt may find one.
      if (!pair) return end('no_way');
      udp = pair;
      const transport = `Transport: RTP/AVP;unicast;client_port=${pair.rtpPort}-${pair.rtpPort + 1}`;
      demand('SETUP', tracks.trackUrl, [transport], (reply) => {
        if (settle(reply, tracks, 'udp')) play(tracks);
        else if (!over && !stopping) end('unsupported_transport');
      });
    });
  }

  /** Takes the answer to SETUP. @returns whether the video comes the way that was asked for */
  function settle(reply: RtspReply, { track, url: wholeUrl }: Tracks, asked: Delivery['kind']): boolean {
    presentation = wholeUrl;
    if (!rename(reply)) return false;
    delivery = readDelivery(headerOf(reply, 'transport'), asked);
    if (!delivery) return false;
    if (delivery.kind === 'tcp') {
      line?.reader.expect(delivery.rtpChannel);
      line?.reader.expect(delivery.rtcpChannel);
    } else {
      udp?.punch(delivery.rtpPort, delivery.rtcpPort);
    }
    const { codec, clockRate, payloadType, parameterSets } = track;
    const { ssrc } = delivery;
    events.described({
      ...{ codec, clockRate, payloadType, parameterSets, transport: asked },
      ...(ssrc === undefined ? {} : { ssrc }),
      ...(stale.list.length === 0 ? {} : { staleSources: stale.list }),
    });
    return !over && !stopping;
  }

  /** Any answer may give the session another name. @returns false when it is none that could be sent back */
  function rename(reply: RtspReply): boolean {
    const header = headerOf(reply, 'session');
    if (header === undefined || header === '') return true;
    const named = readSession(header);
    if (named) session = named;
    else end('unreadable_description');
    return named !== undefined;
  }

  function play({ url: wholeUrl }: Tracks): void {
    ask('PLAY', wholeUrl, ['Range: npt=0.000-'], (reply) => {
      if (stopping) return;
      const refusal = reply ? refusalOf(reply.status) : 'no_answer';
      // A camera that plays without saying so plays all the same.
      if (refusal && !(refusal === 'no_answer' && delivered)) return end(refusal);
      if (reply && !rename(reply)) return;
      stopKeepAlive = startKeepAlive(session?.timeoutS ?? DEFAULT_TIMEOUT_S, keepAliveMethod(publicMethods), {
        clock,
        ask: (method, waitMs, answered) => ask(method, wholeUrl, [], answered, waitMs),
        expired: () => end('session_expired'),
      });
    });
  }

  connect();
  return {
    stop() {
      if (over || stopping) return;
      stopping = true;
      const done = () => end('stopped');
      if (delivery) ask('TEARDOWN', presentation, [], done, TEARDOWN_MS);
      else queueMicrotask(done);
    },
    sendReport(bytes) {
      if (over || stopping || !delivery) return;
      if (delivery.kind === 'udp') return udp?.sendReport(bytes);
      const head = Buffer.from([0x24, delivery.rtcpChannel, bytes.length >> 8, bytes.length & 255]);
      line?.connection.write(Buffer.concat([head, bytes]));
    },
    get skippedBytes() {
      return skippedBefore + (line?.reader.skippedBytes ?? 0);
    },
  };
}

const isRedirect = (status: number) => [301, 302, 303, 307, 308].includes(status);

/** What a reply means for the session; undefined when it grants what was asked. */
function refusalOf(status: number): RtspEndReason | undefined {
  if (status < 300) return undefined;
  if (status < 400) return 'redirected_away';
  if (status >= 500) return 'camera_error';
  if (status === 401) return 'login_refused';
  if (status === 454) return 'session_expired';
  return status === 461 ? 'unsupported_transport' : 'stream_refused';
}
