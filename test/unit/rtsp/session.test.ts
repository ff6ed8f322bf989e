import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { inspect } from 'node:util';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { createLogin } from '../../../demo/digest.ts';
import { Secret } from '../../../src/lib/secret.ts';
import { headerOf, type RtspRequest } from '../../../src/rtsp/message.ts';
import type { RtspTarget } from '../../../src/rtsp/session.ts';
import {
  frame,
  LOGIN,
  OK,
  pull,
  type Reply,
  type Rule,
  type Script,
  type ScriptedCamera,
  startCamera,
  USUAL_SDP,
  until,
} from './scripted-camera.ts';

const cleanUp: (() => unknown)[] = [];
afterEach(async () => {
  for (const task of cleanUp.splice(0).reverse()) await task();
});

/** A camera with a session that pulls from it; both are gone after the test. */
async function meet(script: Script, options: Partial<RtspTarget> = {}, secure = false) {
  const camera = await startCamera(script, secure);
  cleanUp.push(camera.close);
  const session = pull(`rtsp${secure ? 's' : ''}://127.0.0.1:${camera.port}/live`, options);
  cleanUp.push(() => session.session.stop());
  return { camera, ...session };
}

const methods = (camera: ScriptedCamera) => camera.requests.map(({ method }) => method);
const asked = (camera: ScriptedCamera, method: string) =>
  camera.requests.filter((request) => request.method === method);
const status = (line: string, ...headers: string[]): Reply => ({ head: [`RTSP/1.0 ${line}`, ...headers] });
const sdp = (text: string, ...headers: string[]): Reply => ({ head: [OK, ...headers], body: text });
const video = (...lines: string[]) => ['v=0', 'm=video 0 RTP/AVP 96', ...lines, ''].join('\r\n');
const moved =
  (location: (port: number) => string): Rule =>
  (_request, _nth, camera) =>
    status('302 Found', `Location: ${location(camera.port)}`);
const setUp = (transport: string, session = '12345'): Reply => ({
  head: [OK, `Session: ${session}`, `Transport: ${transport}`],
});

describe('a session plays', () => {
  it('in the usual order, asking for the video alone', async () => {
    const { camera, described, packets, reports, session } = await meet({});
    await until(() => packets.length === 2 && reports.length === 1);
    expect(methods(camera)).toEqual(['OPTIONS', 'DESCRIBE', 'SETUP', 'PLAY']);
    expect(camera.requests.map(({ url }) => url.replace(/^.*\/live/, ''))).toEqual([
      '',
      '',
      '/trackID=0',
      '/',
    ]);
    expect(described).toEqual([
      { codec: 'h264', clockRate: 90_000, payloadType: 96, parameterSets: [], transport: 'tcp' },
    ]);
    expect(packets).toEqual([20, 20]);
    expect(session.skippedBytes).toBe(0);
    for (const request of camera.requests) {
      expect(headerOf(request, 'user-agent')).toBe('Girok');
      expect(headerOf(request, 'require')).toBeUndefined();
    }
    expect(headerOf(camera.requests[2]!, 'transport')).toBe('RTP/AVP/TCP;unicast;interleaved=0-1');
    expect(headerOf(camera.requests[3]!, 'session')).toBe('12345');
    expect(headerOf(camera.requests[3]!, 'range')).toBe('npt=0.000-');
  });

  const numberless = (rule: Reply): Reply =>
    typeof rule === 'string' ? rule : { ...rule, head: [...rule.head, 'CSeq:'] };
  it.each<[name: string, script: Script]>([
    ['although OPTIONS is refused', { OPTIONS: status('404 Not Found') }],
    [
      'although OPTIONS wants a login that nobody has',
      { OPTIONS: status('401 No', 'WWW-Authenticate: Basic realm="x"') },
    ],
    ['without a Content-Type and a Content-Base', { DESCRIBE: sdp(USUAL_SDP) }],
    [
      'with replies that name no request',
      { OPTIONS: numberless({ head: [OK] }), DESCRIBE: numberless(sdp(USUAL_SDP)) },
    ],
    [
      'with a reply that names a request never made',
      { DESCRIBE: { head: [OK], body: USUAL_SDP, before: Buffer.from(`${OK}\r\nCSeq: 99\r\n\r\n`) } },
    ],
    [
      'with 100 Continue first',
      {
        DESCRIBE: {
          head: [OK],
          body: USUAL_SDP,
          before: Buffer.from('RTSP/1.0 100 Continue\r\nCSeq: 2\r\n\r\n'),
        },
      },
    ],
    [
      'with data before the answer to PLAY',
      { PLAY: { head: [OK], before: Buffer.concat([frame(0), frame(0), frame(1)]) } },
    ],
    [
      'with data right behind the answer to SETUP',
      {
        SETUP: { head: [OK, 'Session: 1'], after: Buffer.concat([frame(0), frame(0), frame(1)]) },
        PLAY: { head: [OK] },
      },
    ],
    [
      'with line breaks before the data',
      {
        PLAY: {
          head: [OK],
          after: Buffer.concat([Buffer.from('\r\n'), frame(0), Buffer.from('\r\n\r\n'), frame(0), frame(1)]),
        },
      },
    ],
    [
      'with data of channels that nobody set up',
      { PLAY: { head: [OK], after: Buffer.concat([frame(2), frame(0), frame(9, 900), frame(0), frame(1)]) } },
    ],
    [
      'on the channels that the camera chose',
      {
        SETUP: setUp('RTP/AVP/TCP;interleaved=4-5'),
        PLAY: { head: [OK], after: Buffer.concat([frame(0), frame(4), frame(4), frame(5)]) },
      },
    ],
    ['without a Transport in the answer', { SETUP: { head: [OK, 'Session: 7'] } }],
    ['without a session name', { SETUP: { head: [OK, 'Transport: RTP/AVP/TCP;interleaved=0-1'] } }],
    ['with a base that is nonsense', { DESCRIBE: sdp(USUAL_SDP, 'Content-Base: rtsp://rtsp://x/') }],
    [
      'when it is sent elsewhere on the same camera',
      {
        DESCRIBE: (request, _nth, camera) =>
          request.url.endsWith('/live')
            ? status('302 Found', `Location: rtsp://127.0.0.1:${camera.port}/other`)
            : undefined,
      },
    ],
    [
      'when the redirect is a path',
      {
        DESCRIBE: (request) =>
          request.url.endsWith('/live') ? status('301 Moved', 'Location: /other') : undefined,
      },
    ],
  ])('%s', async (_name, script) => {
    const { packets, reports, described } = await meet(script);
    await until(() => packets.length === 2 && reports.length === 1);
    expect(described).toHaveLength(1);
  });

  it('although OPTIONS is never answered', async () => {
    const { camera, packets, clock } = await meet({ OPTIONS: 'silence' });
    await until(() => methods(camera).length === 1);
    clock.advance(8000);
    await until(() => packets.length === 2);
  });

  it('although PLAY is never answered', async () => {
    const script: Script = {
      PLAY: (_request, _nth, camera) => {
        camera.send(frame(0));
        return 'silence';
      },
    };
    const { camera, packets, ends, clock } = await meet(script);
    await until(() => packets.length === 1);
    clock.advance(38_000);
    await until(() => methods(camera).at(-1) === 'GET_PARAMETER');
    expect(ends).toEqual([]);
  });

  it('over garbage, which is counted', async () => {
    const after = Buffer.concat([frame(0), Buffer.from('garbage\x00$'), frame(0), frame(1)]);
    const { packets, reports, session } = await meet({ PLAY: { head: [OK], after } });
    await until(() => packets.length === 2 && reports.length === 1);
    expect(session.skippedBytes).toBe(9);
  });

  it('with the track’s own words for its URL and the camera’s name for its session', async () => {
    const control = 'rtsp://192.168.1.64:554/Streaming/Channels/101/trackID=1?a=b';
    const { camera } = await meet({
      DESCRIBE: sdp(
        video('a=rtpmap:96 H265/90000', `a=control:${control}`),
        'Content-Base: rtsp://192.168.1.64/base/',
      ),
      SETUP: setUp('RTP/AVP/TCP;ssrc=0000 ;interleaved=0-1;ssrc= 1F', ' first ; timeout = 10'),
      PLAY: { head: [OK, 'Session: second'] },
    });
    await until(() => methods(camera).includes('PLAY'));
    expect(asked(camera, 'SETUP')[0]?.url).toBe(control);
    expect(asked(camera, 'PLAY')[0]?.url).toBe('rtsp://192.168.1.64/base/');
    expect(headerOf(asked(camera, 'PLAY')[0]!, 'session')).toBe('first');
  });

  it('naming the sources that were heard before anything was asked for', async () => {
    const stale = frame(0);
    stale.writeUInt32BE(7, 12);
    const report = frame(1, 28);
    report[5] = 200;
    const { described, packets } = await meet({
      SETUP: {
        head: [OK, 'Session: 1', 'Transport: RTP/AVP/TCP;interleaved=0-1'],
        before: Buffer.concat([stale, report, stale]),
      },
    });
    await until(() => packets.length === 2);
    expect(described).toMatchObject([{ staleSources: [7] }]);
  });

  it('over TLS with a certificate that nobody can check', async () => {
    const { packets } = await meet({}, {}, true);
    await until(() => packets.length === 2);
  });
});

describe('a session ends', () => {
  const AUDIO = 'v=0\r\nm=audio 0 RTP/AVP 0\r\n';
  it.each<[reason: string, name: string, script: Script, options?: Partial<RtspTarget>]>([
    [
      'login_refused',
      'a login is wanted and there is none',
      { DESCRIBE: status('401 No', 'WWW-Authenticate: Basic realm="x"') },
    ],
    [
      'login_refused',
      'a login is wanted that we cannot give',
      { DESCRIBE: status('401 No', 'WWW-Authenticate: Bearer') },
      { login: LOGIN },
    ],
    ['stream_refused', 'there is no such stream', { DESCRIBE: status('404 Not Found') }],
    ['stream_refused', 'the track is refused', { SETUP: status('403 Forbidden') }],
    ['stream_refused', 'playing is refused', { PLAY: status('453 Not Enough Bandwidth') }],
    ['camera_error', 'the camera has an error of its own', { DESCRIBE: status('500 Internal') }],
    ['session_expired', 'the session is not known any more', { PLAY: status('454 Session Not Found') }],
    ['unsupported_transport', 'TCP is pinned and refused', { SETUP: status('461 Unsupported Transport') }],
    [
      'unsupported_transport',
      'TCP is pinned and UDP granted',
      { SETUP: setUp('RTP/AVP;unicast;client_port=1-2') },
    ],
    [
      'unsupported_transport',
      'UDP is pinned and refused',
      { SETUP: status('461 Unsupported Transport') },
      { transport: 'udp' },
    ],
    [
      'unsupported_transport',
      'UDP is pinned and TCP granted',
      { SETUP: setUp('RTP/AVP/TCP;interleaved=0-1') },
      { transport: 'udp' },
    ],
    [
      'stream_refused',
      'neither TCP nor UDP is granted',
      { SETUP: status('400 Bad Request') },
      { transport: 'auto' },
    ],
    [
      'unsupported_transport',
      'only multicast is granted',
      { SETUP: setUp('RTP/AVP;multicast;destination=239.1.1.1') },
      { transport: 'auto' },
    ],
    ['no_video', 'there is only audio', { DESCRIBE: sdp(AUDIO) }],
    [
      'unsupported_packetization',
      'units come interleaved',
      { DESCRIBE: sdp(video('a=rtpmap:96 H264/90000', 'a=fmtp:96 packetization-mode=2')) },
    ],
    ['unreadable_description', 'the description is garbage', { DESCRIBE: sdp('\x00\x01garbage') }],
    ['unreadable_description', 'the description is empty', { DESCRIBE: { head: [OK] } }],
    [
      'unreadable_description',
      'the track’s URL would split a request',
      { DESCRIBE: sdp(video('a=rtpmap:96 H264/90000', 'a=control:x\x0bX: y')) },
    ],
    [
      'unreadable_description',
      'the session’s name would split a request',
      { SETUP: setUp('RTP/AVP/TCP', 'a\x00b') },
    ],
    [
      'unreadable_description',
      'the description is beyond all bounds',
      { DESCRIBE: { head: [OK, 'Content-Length: 99999'] } },
    ],
    [
      'unreadable_stream',
      'more than a megabyte is garbage',
      { PLAY: { head: [OK], after: Buffer.alloc(1_200_000, 0x41) } },
    ],
    ['redirected_away', 'it is sent to another address', { DESCRIBE: moved(() => 'rtsp://127.0.0.2/live') }],
    [
      'redirected_away',
      'it is sent to a name',
      { DESCRIBE: moved((port) => `rtsp://localhost:${port}/live`) },
    ],
    [
      'redirected_away',
      'it is sent on without an end',
      { DESCRIBE: moved((port) => `rtsp://127.0.0.1:${port}/on`) },
    ],
    ['redirected_away', 'it is sent nowhere', { DESCRIBE: status('302 Found') }],
    ['redirected_away', 'it is sent on too late', { SETUP: moved((port) => `rtsp://127.0.0.1:${port}/on`) }],
    ['connection_closed', 'the camera closes the connection', { PLAY: 'close' }],
    ['connection_closed', 'the camera closes it at once', { OPTIONS: 'close' }],
    ['connection_closed', 'the camera resets the connection', { PLAY: 'reset' }],
    [
      'server_ended',
      'the camera ends the session',
      { PLAY: { head: [OK], after: Buffer.from('TEARDOWN * RTSP/1.0\r\nCSeq: 1\r\n\r\n') } },
    ],
  ])('with %s when %s', async (reason, _name, script, options) => {
    const { ends, camera, session } = await meet(script, options);
    await until(() => ends.length > 0);
    session.stop();
    expect(ends).toEqual([{ reason }]);
    expect(camera.connections).toBeLessThanOrEqual(4);
  });

  it('with the codec’s name when we do not speak it', async () => {
    const { ends } = await meet({ DESCRIBE: sdp(video('a=rtpmap:96 AV1/90000')) });
    await until(() => ends.length > 0);
    expect(ends).toEqual([{ reason: 'unsupported_codec', encoding: 'AV1' }]);
  });

  it('giving the session back whatever the reason', async () => {
    const { ends, camera } = await meet({ PLAY: status('500 No') });
    await until(() => ends.length > 0 && methods(camera).at(-1) === 'TEARDOWN');
    expect(headerOf(camera.requests.at(-1)!, 'session')).toBe('12345');
  });

  it('when nobody listens there', async () => {
    const probe = createServer().listen(0, '127.0.0.1');
    await once(probe, 'listening');
    const { port } = probe.address() as { port: number };
    probe.close();
    await once(probe, 'close');
    const { ends } = pull(`rtsp://127.0.0.1:${port}/`);
    await until(() => ends.length > 0);
    expect(ends).toEqual([{ reason: 'refused_connection' }]);
  });

  it.each([
    'rtsp://camera.local/',
    'http://127.0.0.1/',
    'rtsp://127.0.0.1:99999/',
    'rtsp://127.0.0.1/a b',
    'rtsp://127.0.0.1/\r\nX: y',
    '',
  ])('at a URL that leads nowhere: %j', async (url) => {
    const { ends } = pull(url);
    expect(ends).toEqual([]);
    await until(() => ends.length > 0);
    expect(ends).toEqual([{ reason: 'no_way' }]);
  });

  it.each(['DESCRIBE', 'SETUP', 'PLAY'])('8 s after %s that is not answered', async (method) => {
    const { ends, camera, clock } = await meet({ [method]: 'silence' });
    await until(() => methods(camera).includes(method));
    clock.advance(7900);
    expect(ends).toEqual([]);
    clock.advance(100);
    expect(ends).toEqual([{ reason: 'no_answer' }]);
  });

  it('after 5 s without a connection', async () => {
    // Takes the connection in, but never says a word of TLS.
    const silent = createServer((socket) => socket.on('error', () => undefined)).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { ends, clock } = pull(`rtsps://127.0.0.1:${(silent.address() as { port: number }).port}/`);
    const accepted = once(silent, 'connection');
    await accepted;
    clock.advance(4900);
    expect(ends).toEqual([]);
    clock.advance(100);
    await until(() => ends.length > 0);
    expect(ends).toEqual([{ reason: 'no_answer' }]);
    silent.close();
  });

  it('never more than once, and nothing comes after it', async () => {
    const { ends, packets, camera, session } = await meet({ TEARDOWN: { head: [OK], before: frame(0) } });
    await until(() => packets.length === 2);
    session.stop();
    session.stop();
    session.sendReport(Buffer.from('late'));
    await until(() => ends.length > 0);
    camera.send(frame(0));
    session.stop();
    expect(ends).toEqual([{ reason: 'stopped' }]);
    expect(packets).toHaveLength(2);
    expect(asked(camera, 'TEARDOWN')).toHaveLength(1);
  });
});

describe('stopping', () => {
  it('waits half a second for the answer to TEARDOWN and no longer', async () => {
    const { ends, packets, camera, session, clock } = await meet({ TEARDOWN: 'silence' });
    await until(() => packets.length === 2);
    session.stop();
    await until(() => asked(camera, 'TEARDOWN').length === 1);
    expect(headerOf(camera.requests.at(-1)!, 'session')).toBe('12345');
    clock.advance(499);
    expect(ends).toEqual([]);
    clock.advance(1);
    expect(ends).toEqual([{ reason: 'stopped' }]);
    clock.advance(1000);
    expect(clock.timers).toBe(0);
  });

  it('is called so although the camera hangs up first', async () => {
    const { ends, packets, session } = await meet({ TEARDOWN: 'close' });
    await until(() => packets.length === 2);
    session.stop();
    await until(() => ends.length > 0);
    expect(ends).toEqual([{ reason: 'stopped' }]);
  });

  it('ends at any earlier moment, and not within the call', async () => {
    for (const method of ['', 'OPTIONS', 'DESCRIBE', 'SETUP']) {
      const { ends, camera, session } = await meet({ [method]: 'silence' });
      if (method) await until(() => methods(camera).at(-1) === method);
      session.stop();
      expect(ends).toEqual([]);
      await until(() => ends.length > 0);
      expect(ends).toEqual([{ reason: 'stopped' }]);
    }
  });
});

describe('a login', () => {
  /** A camera that lets nobody in without it, and gives a new nonce with each refusal. */
  const guard = (scheme: 'basic' | 'digest' | 'digest-sha256', also: string[] = []): Script => {
    const login = createLogin(scheme, LOGIN.user, LOGIN.password.reveal());
    const check: Rule = ({ method, headers }) =>
      login.accepts(method, headers.get('authorization')?.[0])
        ? undefined
        : {
            head: [
              'RTSP/1.0 401 No',
              ...[...also, ...login.challenges()].map((value) => `WWW-Authenticate: ${value}`),
            ],
          };
    return Object.fromEntries(
      ['OPTIONS', 'DESCRIBE', 'SETUP', 'PLAY', 'GET_PARAMETER', 'TEARDOWN'].map((method) => [method, check]),
    );
  };

  it.each<[name: string, script: Script]>([
    ['Basic', guard('basic')],
    ['Digest with MD5', guard('digest')],
    ['Digest with SHA-256', guard('digest-sha256')],
    ['Digest, offered after Basic', guard('digest', ['Basic realm="Girok camera"'])],
  ])('is given with every request: %s', async (_name, script) => {
    const { camera, packets, clock, session, ends } = await meet(script, { login: LOGIN });
    await until(() => packets.length === 2);
    clock.advance(30_000);
    await until(() => methods(camera).includes('GET_PARAMETER'));
    session.stop();
    await until(() => ends.length > 0);
    const [first, ...rest] = camera.requests;
    expect(headerOf(first!, 'authorization')).toBeUndefined();
    for (const request of rest) expect(headerOf(request, 'authorization')).toBeDefined();
    expect(methods(camera)).toEqual([
      'OPTIONS',
      'OPTIONS',
      'DESCRIBE',
      'SETUP',
      'PLAY',
      'GET_PARAMETER',
      'TEARDOWN',
    ]);
  });

  it.each<[name: string, challenge: (nth: number) => string, tries: number]>([
    ['with the same challenge', () => 'Digest realm="a", nonce="1"', 2],
    ['with Basic', () => 'Basic realm="a"', 2],
    ['with a new nonce each time', (nth) => `Digest realm="a", nonce="${nth}"`, 3],
    ['as stale each time', () => 'Digest realm="a", nonce="1", stale=true', 3],
  ])('is refused %s', async (_name, challenge, tries) => {
    const DESCRIBE: Rule = (_request, nth) => status('401 No', `WWW-Authenticate: ${challenge(nth)}`);
    const { camera, ends } = await meet({ DESCRIBE }, { login: LOGIN });
    await until(() => ends.length > 0);
    expect(ends).toEqual([{ reason: 'login_refused' }]);
    expect(asked(camera, 'DESCRIBE')).toHaveLength(tries);
  });

  it('is renewed when the nonce has become stale', async () => {
    const nonces: (string | undefined)[] = [];
    const PLAY: Rule = (request, nth) => {
      nonces.push(/nonce="(\w+)"/.exec(headerOf(request, 'authorization') ?? '')?.[1]);
      return nth < 2
        ? status('401 No', `WWW-Authenticate: Digest realm="a", nonce="n${nth}", stale=true`)
        : undefined;
    };
    const { packets } = await meet({ PLAY }, { login: LOGIN });
    await until(() => packets.length === 2);
    expect(nonces).toEqual([undefined, 'n0', 'n1']);
  });

  it('is in nothing that could be printed', async () => {
    const { packets, session, ends, camera } = await meet(guard('digest'), {
      login: { user: 'girok', password: new Secret('geheim') },
    });
    await until(() => packets.length === 2);
    session.stop();
    await until(() => ends.length > 0);
    const said = inspect([session, ends, camera.requests], { depth: 12, showHidden: true });
    expect(said).not.toContain('geheim');
  });
});

describe('keeping alive', () => {
  const announced = (list: string): Script => ({ OPTIONS: { head: [OK, `Public: ${list}`] } });

  it.each<[name: string, timeout: string, periodS: number]>([
    ['as the camera says', ';timeout=20', 10],
    ['a minute where it says nothing', '', 30],
    ['never oftener than every 5 s', ';timeout=1', 5],
    ['at least every 2 min', ';timeout=86400', 120],
  ])('at half the timeout: %s', async (_name, timeout, periodS) => {
    const { camera, packets, clock } = await meet({
      SETUP: setUp('RTP/AVP/TCP', `1${timeout}`),
      PLAY: { head: [OK], after: Buffer.concat([frame(0), frame(0)]) },
    });
    await until(() => packets.length === 2);
    clock.advance(periodS * 1000 - 1);
    const before = methods(camera).length;
    clock.advance(1);
    await until(() => methods(camera).length === before + 1);
    expect(camera.requests.at(-1)).toMatchObject({
      method: 'GET_PARAMETER',
      url: expect.stringMatching(/\/live\/$/),
    });
    expect(headerOf(camera.requests.at(-1)!, 'session')).toBe('1');
  });

  it.each<[name: string, script: Script, expected: string[]]>([
    ['GET_PARAMETER as long as it is answered', {}, ['GET_PARAMETER', 'GET_PARAMETER']],
    ['OPTIONS where nothing is announced', { OPTIONS: { head: [OK] } }, ['OPTIONS', 'OPTIONS']],
    [
      'OPTIONS once GET_PARAMETER is refused',
      { GET_PARAMETER: status('451 No') },
      ['GET_PARAMETER', 'OPTIONS', 'OPTIONS'],
    ],
    [
      'OPTIONS once GET_PARAMETER is not answered',
      { GET_PARAMETER: 'silence' },
      ['GET_PARAMETER', 'OPTIONS', 'OPTIONS'],
    ],
    ['OPTIONS rather than SET_PARAMETER', announced('OPTIONS, SET_PARAMETER'), ['OPTIONS']],
    ['SET_PARAMETER where there is nothing else', announced('DESCRIBE, SET_PARAMETER'), ['SET_PARAMETER']],
    [
      'OPTIONS although it is never answered',
      { OPTIONS: (_r, nth) => (nth > 0 ? 'silence' : { head: [OK] }) },
      ['OPTIONS', 'OPTIONS', 'OPTIONS'],
    ],
    [
      'OPTIONS although it is refused',
      { OPTIONS: (_r, nth) => (nth > 0 ? status('401 No') : { head: [OK] }) },
      ['OPTIONS', 'OPTIONS', 'OPTIONS'],
    ],
  ])('by %s', async (_name, script, expected) => {
    const { camera, packets, ends, clock } = await meet(script);
    await until(() => packets.length === 2);
    for (let n = 1; n <= expected.length; n++) {
      clock.advance(30_000);
      await until(() => methods(camera).length >= 4 + n);
      // Behind the answer: that has come too then.
      camera.send(frame(0));
      await until(() => packets.length === 2 + n);
    }
    expect(methods(camera).slice(4, 4 + expected.length)).toEqual(expected);
    expect(ends).toEqual([]);
  });

  it('at once by OPTIONS where GET_PARAMETER does not count: the next turn would be too late', async () => {
    const refused = await meet({ GET_PARAMETER: status('501 Not Implemented') });
    await until(() => refused.packets.length === 2);
    refused.clock.advance(30_000);
    await until(() => methods(refused.camera).at(-1) === 'OPTIONS');
    const silent = await meet({ GET_PARAMETER: 'silence' });
    await until(() => silent.packets.length === 2);
    silent.clock.advance(30_000);
    await until(() => methods(silent.camera).at(-1) === 'GET_PARAMETER');
    silent.clock.advance(5000);
    await until(() => methods(silent.camera).at(-1) === 'OPTIONS');
  });

  it('tells that the camera has forgotten the session', async () => {
    const { packets, ends, clock } = await meet({ GET_PARAMETER: status('454 Session Not Found') });
    await until(() => packets.length === 2);
    clock.advance(30_000);
    await until(() => ends.length > 0);
    expect(ends).toEqual([{ reason: 'session_expired' }]);
  });
});

describe('a camera that says anything', () => {
  const reply = (cseq: number, body: string, ...headers: string[]) =>
    Buffer.from([OK, `CSeq: ${cseq}`, `Content-Length: ${body.length}`, ...headers, '', body].join('\r\n'));
  const TALK = Buffer.concat([
    reply(1, '', 'Public: OPTIONS, GET_PARAMETER'),
    reply(2, USUAL_SDP, 'Content-Base: rtsp://127.0.0.1/live/'),
    reply(3, '', 'Session: 1;timeout=60', 'Transport: RTP/AVP/TCP;interleaved=0-1;ssrc=1'),
    reply(4, '', 'Session: 1'),
    frame(0),
    frame(1),
    Buffer.from('OPTIONS * RTSP/1.0\r\nCSeq: 1\r\n\r\n'),
    frame(0),
  ]);
  /** So many bytes at a place give way to others. */
  const wound = fc.record({
    at: fc.nat(TALK.length),
    gone: fc.nat(12),
    instead: fc.oneof(
      fc.uint8Array({ maxLength: 12 }).map((bytes) => Buffer.from(bytes)),
      fc
        .constantFrom('\r\n\r\n', '401', '302', '461', 'rtsp://', '$\0', ';', ':')
        .map((text) => Buffer.from(text)),
    ),
  });

  it('ends exactly once, and nothing is thrown', async () => {
    let talk = TALK;
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.resume();
      socket.end(talk);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    cleanUp.push(() => server.close());
    const url = `rtsp://127.0.0.1:${(server.address() as { port: number }).port}/live`;
    await fc.assert(
      fc.asyncProperty(fc.array(wound, { maxLength: 6 }), async (wounds) => {
        talk = wounds.reduce(
          (bytes, { at, gone, instead }) =>
            Buffer.concat([bytes.subarray(0, at), instead, bytes.subarray(at + gone)]),
          TALK,
        );
        const { ends, described, packets, clock, session } = pull(url, { login: LOGIN });
        await until(() => ends.length > 0);
        session.stop();
        clock.advance(1000);
        expect(ends).toHaveLength(1);
        expect(described.length).toBeLessThanOrEqual(1);
        if (packets.length > 0) expect(described).toHaveLength(1);
        expect(clock.timers).toBe(0);
      }),
      { numRuns: 300 },
    );
  });
});

describe('over TCP', () => {
  it('the camera’s own questions are answered', async () => {
    const { camera, packets, ends } = await meet({});
    await until(() => packets.length === 2);
    for (const method of ['OPTIONS', 'GET_PARAMETER', 'SET_PARAMETER', 'ANNOUNCE'])
      camera.send(Buffer.from(`${method} rtsp://x RTSP/1.0\r\nCSeq: 5\r\n\r\n`));
    await until(() => camera.replies.length === 4);
    expect(camera.replies).toEqual([200, 200, 501, 501]);
    expect(ends).toEqual([]);
  });

  it('a camera that does nothing but ask is left', async () => {
    const { camera, packets, ends } = await meet({});
    await until(() => packets.length === 2);
    camera.send(Buffer.from('OPTIONS rtsp://x RTSP/1.0\r\nCSeq: 5\r\n\r\n'.repeat(1000)));
    await until(() => ends.length > 0);
    expect(ends).toEqual([{ reason: 'unreadable_stream' }]);
    expect(camera.replies.length).toBeLessThanOrEqual(50);
  });

  it('reports go back on the RTCP channel', async () => {
    const { camera, packets, session } = await meet({});
    session.sendReport(Buffer.from('80c90000', 'hex'));
    await until(() => packets.length === 2);
    session.sendReport(Buffer.from('80c90001', 'hex'));
    await until(() => camera.frames.length > 0);
    expect(camera.frames).toEqual(['1:80c90001']);
  });
});

describe('over UDP', () => {
  const bound = async (address: string) => {
    const socket = createSocket('udp4');
    socket.bind(0, address);
    await once(socket, 'listening');
    cleanUp.push(() => socket.close());
    return socket;
  };
  const clientPorts = (request: RtspRequest) =>
    /client_port=(\d+)-(\d+)/
      .exec(headerOf(request, 'transport') ?? '')
      ?.slice(1)
      .map(Number) ?? [];

  it.each<[name: string, refusal: Reply, options: Partial<RtspTarget>, setups: number]>([
    ['because it is pinned', status('500 never'), { transport: 'udp' }, 1],
    ['after 461', status('461 Unsupported Transport'), { transport: 'auto' }, 2],
    ['after 400', status('400 Bad Request'), { transport: 'auto' }, 2],
    ['after 406', status('406 Not Acceptable'), { transport: 'auto' }, 2],
    [
      'after it was granted unasked',
      setUp('RTP/AVP;unicast;client_port=8-9;server_port=6-7'),
      { transport: 'auto' },
      2,
    ],
  ])('packets come %s', async (_name, refusal, options, setups) => {
    const [rtp, rtcp, stranger] = [
      await bound('127.0.0.1'),
      await bound('127.0.0.1'),
      await bound('127.0.0.2'),
    ];
    const punches: string[] = [];
    rtp.on('message', (bytes) => punches.push(`rtp ${bytes.length}`));
    rtcp.on('message', (bytes) => punches.push(`rtcp ${bytes.length}`));
    const { camera, described, packets, reports, session, ends } = await meet(
      {
        SETUP: (request) => {
          const ports = clientPorts(request);
          if (ports.length === 0) return refusal;
          const server = `${rtp.address().port}-${rtcp.address().port}`;
          return setUp(`RTP/AVP;unicast;client_port=${ports.join('-')};server_port=${server};ssrc=AB`);
        },
        PLAY: { head: [OK] },
      },
      options,
    );
    await until(() => methods(camera).includes('PLAY') && punches.length === 2);
    expect(punches.sort()).toEqual(['rtcp 8', 'rtp 12']);
    expect(described).toMatchObject([{ transport: 'udp', ssrc: 0xab }]);
    expect(asked(camera, 'SETUP')).toHaveLength(setups);
    // What was granted unasked is given back, and the next SETUP does not speak of it.
    const granted = typeof refusal === 'object' && refusal.head[0] === OK;
    expect(asked(camera, 'TEARDOWN')).toHaveLength(granted ? 1 : 0);
    expect(headerOf(asked(camera, 'SETUP').at(-1)!, 'session')).toBeUndefined();

    const [rtpPort = 0, rtcpPort = 0] = clientPorts(asked(camera, 'SETUP').at(-1)!);
    expect([rtpPort % 2, rtcpPort]).toEqual([0, rtpPort + 1]);
    stranger.send(Buffer.alloc(99), rtpPort, '127.0.0.1');
    for (const bytes of [40, 10_000, 65_507]) rtp.send(Buffer.alloc(bytes, 0x80), rtpPort, '127.0.0.1');
    rtcp.send(Buffer.alloc(28, 0x80), rtcpPort, '127.0.0.1');
    await until(() => packets.length === 3 && reports.length === 1);
    expect([packets, reports]).toEqual([[40, 10_000, 65_507], [28]]);

    session.sendReport(Buffer.alloc(32));
    await until(() => punches.length === 3);
    expect(punches.at(-1)).toBe('rtcp 32');
    session.stop();
    await until(() => ends.length > 0);
    expect(ends).toEqual([{ reason: 'stopped' }]);
  });

  it('reports go to where the camera’s come from when it names no port', async () => {
    const rtcp = await bound('127.0.0.1');
    const sent: number[] = [];
    rtcp.on('message', (bytes) => sent.push(bytes.length));
    const { camera, reports, session } = await meet(
      { SETUP: setUp('RTP/AVP;unicast;server_port='), PLAY: { head: [OK] } },
      { transport: 'udp' },
    );
    await until(() => methods(camera).includes('PLAY'));
    session.sendReport(Buffer.alloc(8));
    const [, rtcpPort = 0] = clientPorts(asked(camera, 'SETUP')[0]!);
    rtcp.send(Buffer.alloc(28, 0x80), rtcpPort, '127.0.0.1');
    await until(() => reports.length === 1);
    session.sendReport(Buffer.alloc(12));
    await until(() => sent.length > 0);
    expect(sent).toEqual([12]);
  });
});
