import { redirectedUrl } from './address.ts';
import { headerOf, type RtspReply, type RtspRequest } from './message.ts';
import type { RelayCamera } from './relay-camera.ts';
import { OFFERED_CONTROL, offerVideo } from './relay-description.ts';
import type { RtspEndReason } from './session.ts';
import {
  DEFAULT_TIMEOUT_S,
  readDelivery,
  readSession,
  type TcpDelivery,
  type UdpDelivery,
} from './setup-answer.ts';

export interface Answer {
  readonly status: number;
  readonly headers?: readonly string[];
  readonly body?: string;
}

/** What the relay answers its program, asking the camera where it must. */
export interface RelayAnswers {
  answer(request: RtspRequest): Promise<Answer>;
  /** Ends the camera's session, if there is one. Takes at most 500 ms. */
  tearDown(): Promise<void>;
  /** The camera has begun to play. */
  readonly playing: boolean;
  /** The program's channel by the camera's, and the other way round. */
  readonly fromCamera: ReadonlyMap<number, number>;
  readonly toCamera: ReadonlyMap<number, number>;
  /** What the camera refused last, while the program has not been given anything better. */
  readonly refusal: RtspEndReason | undefined;
}

const TEARDOWN_MS = 500;
const TIMEOUT_S = { min: 10, max: 3600 };
const MAX_REDIRECTS = 3;
const METHODS = 'OPTIONS, DESCRIBE, SETUP, PLAY, GET_PARAMETER, TEARDOWN';
/** The relay's own session: the camera's id may change under way, the program's need not. */
const SESSION = 'girok';

/**
 * @param cameraUrl bytes as Latin-1
 * @param cameraHost where its media comes from over UDP
 * @param base what the program calls the camera
 */
export function createRelayAnswers(
  { url: cameraUrl, host: cameraHost }: { url: string; host: string },
  base: () => string,
  camera: RelayCamera,
): RelayAnswers {
  let url = cameraUrl;
  let aggregateUrl = url;
  let videoUrl: string | undefined;
  /** Empty when the camera gave none. */
  let session: string | undefined;
  let keepAlive: 'OPTIONS' | 'GET_PARAMETER' = 'OPTIONS';
  let timeoutS = DEFAULT_TIMEOUT_S;
  let playing = false;
  let refusal: RtspEndReason | undefined;
  const fromCamera = new Map<number, number>();
  const toCamera = new Map<number, number>();

  /** Some cameras refuse this one question without a login, or altogether: that is no reason to end. */
  async function options(): Promise<Answer> {
    const told = await camera.ask('OPTIONS', url, []);
    const methods = told?.headers.get('public')?.join() ?? '';
    if (/\bGET_PARAMETER\b/i.test(methods)) keepAlive = 'GET_PARAMETER';
    return { status: 200, headers: [`Public: ${METHODS}`] };
  }

  /** The program is answered at once: a camera that ignores the question goes on sending all the same. */
  function kept(): Answer {
    if (session === undefined) return { status: 454 };
    void camera.ask(keepAlive, aggregateUrl, sessionLine());
    return { status: 200, headers: [`Session: ${SESSION}`] };
  }

  async function describe(): Promise<Answer> {
    const told = await described();
    if (told?.status !== 200) return refused(told);
    const offer = offerVideo(url, told);
    if ('fault' in offer) {
      refusal = offer.fault;
      return { status: 415 };
    }
    refusal = undefined;
    aggregateUrl = offer.aggregateUrl;
    videoUrl = offer.videoUrl;
    const headers = ['Content-Type: application/sdp', `Content-Base: ${base()}/`];
    return { status: 200, headers, body: offer.body };
  }

  /** Follows the camera where it leads to itself; over the connection there is. */
  async function described(): Promise<RtspReply | undefined> {
    for (let redirects = 0; ; redirects++) {
      const told = await camera.ask('DESCRIBE', url, ['Accept: application/sdp']);
      const next =
        told && isRedirect(told.status) ? redirectedUrl(url, headerOf(told, 'location')) : undefined;
      if (next === undefined || redirects === MAX_REDIRECTS) return told;
      url = next;
    }
  }

  async function setUp(request: RtspRequest): Promise<Answer> {
    if (videoUrl === undefined || request.url !== `${base()}/${OFFERED_CONTROL}`) return { status: 404 };
    const wish = transportWish(headerOf(request, 'transport') ?? '');
    if (!wish) return { status: 461 };
    const told = await camera.ask('SETUP', videoUrl, [`Transport: ${wish.asked}`, ...sessionLine()]);
    if (told?.status !== 200) return refused(told);
    refusal = undefined;
    learnSession(told);
    const delivery = readDelivery(headerOf(told, 'transport'), wish.kind);
    if (!delivery) return refused({ ...told, status: 461 });
    const more = delivery.kind === 'tcp' ? mapChannels(wish, delivery) : udpSource(delivery);
    return {
      status: 200,
      headers: [`Transport: ${[wish.asked, ...more].join(';')}`, `Session: ${SESSION};timeout=${timeoutS}`],
    };
  }

  /** Some cameras choose other channels than they were asked for. */
  function mapChannels({ first, second }: TransportWish, { rtpChannel, rtcpChannel }: TcpDelivery): string[] {
    for (const [theirs, ours] of [
      [rtpChannel, first],
      [rtcpChannel, second],
    ] as const) {
      fromCamera.set(theirs, ours);
      toCamera.set(ours, theirs);
      camera.expect(theirs);
    }
    return [];
  }

  /** The media comes from the camera itself, not from the relay. */
  function udpSource({ rtpPort, rtcpPort }: UdpDelivery): string[] {
    return [`source=${cameraHost}`, ...(rtpPort ? [`server_port=${rtpPort}-${rtcpPort}`] : [])];
  }

  async function play(): Promise<Answer> {
    if (session === undefined) return { status: 454 };
    const told = await camera.ask('PLAY', aggregateUrl, ['Range: npt=0.000-', ...sessionLine()]);
    if (told?.status !== 200) return refused(told);
    learnSession(told);
    playing = true;
    return { status: 200, headers: [`Session: ${SESSION};timeout=${timeoutS}`] };
  }

  async function tearDown(): Promise<void> {
    if (session === undefined) return;
    const line = sessionLine();
    session = undefined;
    playing = false;
    // Nobody reads the media any more, and the answer lies behind it.
    fromCamera.clear();
    camera.resume();
    await camera.ask('TEARDOWN', aggregateUrl, line, TEARDOWN_MS);
  }

  /** Any answer may give the session another name. */
  function learnSession(told: RtspReply): void {
    const named = readSession(headerOf(told, 'session') ?? '');
    session = named?.id ?? session ?? '';
    if (named) timeoutS = Math.min(Math.max(named.timeoutS, TIMEOUT_S.min), TIMEOUT_S.max);
  }

  const sessionLine = (): string[] => (session ? [`Session: ${session}`] : []);

  function refused(told: RtspReply | undefined): Answer {
    const status = told?.status ?? 0;
    refusal = told ? reasonOf(status) : 'no_answer';
    // Following a redirection, the program would only go round the relay.
    return { status: status >= 400 && status < 600 ? status : 503 };
  }

  return {
    async answer(request) {
      switch (request.method) {
        case 'OPTIONS':
          return session === undefined ? options() : kept();
        case 'GET_PARAMETER':
          return kept();
        case 'DESCRIBE':
          return describe();
        case 'SETUP':
          return setUp(request);
        case 'PLAY':
          return play();
        case 'TEARDOWN':
          await tearDown();
          return { status: 200 };
        default:
          return { status: 501 };
      }
    },
    tearDown,
    get playing() {
      return playing;
    },
    fromCamera,
    toCamera,
    get refusal() {
      return refusal;
    },
  };
}

interface TransportWish {
  readonly kind: 'tcp' | 'udp';
  /** Channels over TCP, ports over UDP. */
  readonly first: number;
  readonly second: number;
  /** The Transport header for the camera. */
  readonly asked: string;
}

/** What the program asks for, said anew: nothing of its own text reaches the camera. */
function transportWish(text: string): TransportWish | undefined {
  const parts = /^RTP\/AVP(?:\/UDP)?(\/TCP)?;unicast;(?:interleaved|client_port)=(\d{1,5})-(\d{1,5})/i.exec(
    text,
  );
  if (!parts) return undefined;
  const [first, second] = [Number(parts[2]), Number(parts[3])];
  const kind = parts[1] === undefined ? 'udp' : 'tcp';
  const asked =
    kind === 'tcp'
      ? `RTP/AVP/TCP;unicast;interleaved=${first}-${second}`
      : `RTP/AVP;unicast;client_port=${first}-${second}`;
  return { kind, first, second, asked };
}

const isRedirect = (status: number) => [301, 302, 303, 307, 308].includes(status);

function reasonOf(status: number): RtspEndReason {
  if (status === 401 || status === 403) return 'login_refused';
  if (status < 400) return 'redirected_away';
  return status < 500 ? 'stream_refused' : 'camera_error';
}
