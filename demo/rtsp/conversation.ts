import type { Socket } from 'node:net';
import { type Clock, sleep } from '../../src/lib/clock.ts';
import type { ClinicCamera, DemoStream } from '../clinic.ts';
import type { Login } from '../digest.ts';
import type { FaultBoard } from '../faults.ts';
import type { Quirks } from '../quirks.ts';
import { createRtspReader, parseTransport, type RtspRequest } from './message.ts';
import { type Answer, CONTROL_QUERY, quirkyAnswer, refusalOf } from './quirky-answers.ts';
import { announcedSets, quirkySdp } from './quirky-sdp.ts';
import { describeStream } from './sdp.ts';
import type { SessionTable } from './server.ts';
import type { Outlet, Session } from './session.ts';
import type { CameraStream } from './stream.ts';

/** One client's connection: reads its requests, answers them, one after the other. */
export interface Conversation {
  read(bytes: Buffer): void;
  /** The connection is gone: sessions that ran over it end, those over UDP live on until their timeout. */
  end(): void;
}

export interface ConversationOptions {
  readonly camera: ClinicCamera;
  readonly streams: ReadonlyMap<DemoStream, CameraStream>;
  readonly address: string;
  readonly port: number;
  readonly scheme: 'rtsp' | 'rtsps';
  readonly sessionTimeoutS: number;
  readonly clock: Clock;
  readonly faults: FaultBoard;
  readonly login: Login;
  readonly quirks: Quirks;
  readonly table: SessionTable;
}

const METHODS = 'OPTIONS, DESCRIBE, SETUP, PLAY, PAUSE, GET_PARAMETER, SET_PARAMETER, TEARDOWN';
const REASONS: Readonly<Record<number, string>> = {
  200: 'OK',
  302: 'Found',
  400: 'Bad Request',
  401: 'Unauthorized',
  404: 'Not Found',
  453: 'Not Enough Bandwidth',
  454: 'Session Not Found',
  455: 'Method Not Valid in This State',
  461: 'Unsupported Transport',
  501: 'Not Implemented',
  551: 'Option not supported',
};

const KEPT_ALIVE_BY_REQUESTS = ['keepalive_ignored', 'keepalive_refused', 'keepalive_cuts'] as const;
/** How often it is looked, and how long at most, whether a session's first picture has left. */
const [FIRST_PICTURE_POLL_MS, FIRST_PICTURE_LOOKS] = [20, 150];

export function createConversation(options: ConversationOptions, socket: Socket): Conversation {
  const { camera, streams, clock, faults, login, quirks, table } = options;
  const reader = createRtspReader();
  const mine = new Set<Session>();
  /** Receiver reports, and what is refused, do not keep a session alive. */
  const particular = KEPT_ALIVE_BY_REQUESTS.some((quirk) => quirks.has(quirk));
  let redirects = 0;
  let turn: Promise<void> = Promise.resolve();

  function hear(): void {
    for (const session of mine) session.heardMonoUs = clock.monoUs();
  }

  function read(bytes: Buffer): void {
    if (faults.find(camera.id, undefined, 'stall_connect')) return;
    for (const item of reader.push(bytes)) {
      if (item.kind === 'broken') {
        reply('0', { status: 400 });
        socket.end();
        return;
      }
      if (!particular) hear();
      if (item.kind === 'request') {
        const { request } = item;
        // SETUP may have to wait for a port: answers keep the order of the questions all the same.
        turn = turn.then(() => respond(request));
        turn.catch(() => socket.destroy());
      }
    }
  }

  async function respond(request: RtspRequest): Promise<void> {
    const refusal = refusalOf(request, quirks);
    if (refusal === 'silence') return;
    if (refusal === 'end') {
      socket.destroy();
      return;
    }
    if (!refusal) hear();
    reply(request.headers.cseq ?? '0', quirkyAnswer(refusal ?? (await answer(request)), quirks));
  }

  function reply(cseq: string, { status, headers = [], body = '' }: Answer): void {
    if (socket.destroyed) return;
    const lines = [
      `RTSP/1.0 ${status} ${REASONS[status]}`,
      `CSeq: ${cseq}`,
      'Server: Girok camera',
      ...headers,
    ];
    if (body) lines.push(`Content-Length: ${Buffer.byteLength(body)}`);
    const end = quirks.has('trailing_blanks') ? '  \r\n' : '\r\n';
    socket.write(`${lines.join(end)}${end}\r\n${body}`);
  }

  async function answer(request: RtspRequest): Promise<Answer> {
    if (request.method === 'OPTIONS') return { status: 200, headers: [`Public: ${METHODS}`] };
    const refused =
      faults.find(camera.id, undefined, 'refuse_login') !== undefined ||
      (quirks.has('user_agent_wanted') && !request.headers['user-agent']);
    if (refused || !login.accepts(request.method, request.headers.authorization)) {
      return { status: 401, headers: login.challenges().map((value) => `WWW-Authenticate: ${value}`) };
    }
    const target = targetOf(request.url);
    const stream = target && streams.get(target.stream);
    switch (request.method) {
      case 'DESCRIBE':
        return stream ? describe(request, stream) : { status: 404 };
      case 'SETUP':
        return stream ? setUp(request, stream, target.track) : { status: 404 };
      case 'PLAY':
        return withSession(request, play);
      case 'PAUSE':
        return withSession(request, (session) => {
          session.pause();
          return { status: 200, headers: [`Session: ${nameOf(session)}`] };
        });
      case 'TEARDOWN':
        return withSession(request, (session) => {
          table.end(session);
          mine.delete(session);
          return { status: 200 };
        });
      case 'GET_PARAMETER':
      case 'SET_PARAMETER':
        return request.headers.session
          ? withSession(request, (session) => ({
              status: 200,
              headers: [`Session: ${nameOf(session)}`],
            }))
          : { status: 200 };
      default:
        return { status: 501 };
    }
  }

  const nameOf = (session: Session) =>
    quirks.has('session_id_changes') ? table.rename(session) : session.id;

  async function withSession(
    request: RtspRequest,
    act: (session: Session) => Answer | Promise<Answer>,
  ): Promise<Answer> {
    const id = (request.headers.session ?? '').split(';')[0]!.trim();
    const session = table.get(id);
    if (!session) return { status: 454 };
    session.heardMonoUs = clock.monoUs();
    return act(session);
  }

  function describe(request: RtspRequest, stream: CameraStream): Answer {
    const fault = (kind: 'redirect' | 'garbage_sdp' | 'wrong_codec' | 'audio_only') =>
      faults.find(camera.id, stream.kind, kind);
    const own = `${options.scheme}://${options.address}:${options.port}/${stream.kind}`;
    if (fault('redirect')) return { status: 302, headers: [`Location: ${own}?again=${++redirects}`] };
    const base = quirks.has('control_with_query') ? own + CONTROL_QUERY : request.url;
    const headers = ['Content-Type: application/sdp', `Content-Base: ${base.replace(/\/?$/, '/')}`];
    if (fault('garbage_sdp')) return { status: 200, headers, body: GARBAGE };
    const audio =
      quirks.has('fmtp_on_audio') ||
      (stream.kind === 'main' && (camera.audio || fault('audio_only') !== undefined));
    const lying = fault('wrong_codec') !== undefined;
    const track = announcedSets(stream.track(), stream.misleading, quirks);
    const sdp = describeStream(track, { address: options.address, audio, lying });
    return { status: 200, headers, body: quirkySdp(sdp, own + CONTROL_QUERY, quirks) };
  }

  async function setUp(request: RtspRequest, stream: CameraStream, track: number): Promise<Answer> {
    const known = request.headers.session
      ? table.get(request.headers.session.split(';')[0]!.trim())
      : undefined;
    if (request.headers.session && !known) return { status: 454 };
    if (track > 1) return { status: 404 };
    const asked = parseTransport(request.headers.transport, track * 2, quirks.has('tcp_refused'));
    if (!asked) return { status: 461 };
    if (!known && quirks.has('one_session') && table.size() > 0) return { status: 453 };
    const wish =
      asked.kind === 'tcp' && quirks.has('other_channels')
        ? { ...asked, rtp: asked.rtp + 10, rtcp: asked.rtcp + 10 }
        : asked;
    const host = (socket.remoteAddress ?? '').replace(/^::ffff:/, '');
    const pair = wish.kind === 'udp' ? await table.udp() : undefined;
    const session = known ?? table.begin(stream, wish.kind, `${host}:${socket.remotePort}`, quirks);
    mine.add(session);
    const outlet: Outlet = pair
      ? { kind: 'udp', rtpSocket: pair.rtp, rtcpSocket: pair.rtcp, host, rtp: wish.rtp, rtcp: wish.rtcp }
      : { kind: 'tcp', socket, rtp: wish.rtp, rtcp: wish.rtcp };
    if (track === 0) session.video = outlet;
    else session.sound = outlet;
    const transport = pair
      ? `RTP/AVP;unicast;client_port=${wish.rtp}-${wish.rtcp};server_port=${pair.rtpPort}-${pair.rtpPort + 1}`
      : `RTP/AVP/TCP;unicast;interleaved=${wish.rtp}-${wish.rtcp}`;
    session.haunt();
    const ssrc = session.ssrc.toString(16).toUpperCase().padStart(8, '0');
    const named = quirks.has('transport_ssrc_blank') || quirks.has('transport_ssrc_first');
    return {
      status: 200,
      headers: [
        `Transport: ${transport}${named ? `;ssrc=${ssrc}` : ''}`,
        `Session: ${known ? nameOf(known) : session.id};timeout=${options.sessionTimeoutS}`,
      ],
    };
  }

  async function play(session: Session): Promise<Answer> {
    if (!session.video && !session.sound) return { status: 455 };
    const { sequence, rtpTime } = session.play();
    if (quirks.has('data_before_play'))
      for (let look = 0; look < FIRST_PICTURE_LOOKS && session.served.packetsSent === 0; look++)
        await sleep(clock, FIRST_PICTURE_POLL_MS);
    const url = `${options.scheme}://${options.address}:${options.port}/${session.stream.kind}/trackID=0`;
    return {
      status: 200,
      headers: [
        `Session: ${nameOf(session)};timeout=${options.sessionTimeoutS}`,
        'Range: npt=now-',
        ...(session.video ? [`RTP-Info: url=${url};seq=${sequence};rtptime=${rtpTime}`] : []),
      ],
    };
  }

  return {
    read,
    end() {
      for (const session of mine) {
        if (session.video?.kind === 'udp') continue;
        if (quirks.has('one_session')) session.pause();
        else table.end(session);
      }
    },
  };
}

/** `/main`, `/main/`, `/main/trackID=0`, with or without a query. */
function targetOf(url: string): { stream: DemoStream; track: number } | undefined {
  const match = /^rtsps?:\/\/[^/]+\/(main|sub|night)(?=$|[/?])(?:\?[^/]*)?\/?(?:trackID=(\d))?/.exec(url);
  return match ? { stream: match[1] as DemoStream, track: Number(match[2] ?? 0) } : undefined;
}

const GARBAGE = `v=0\r\nm=video\r\n\u0000\u0001ÿþ=??\r\na=rtpmap:\r\n${'x'.repeat(300)}=\r\nm=audio -1 RTP\r\n`;
