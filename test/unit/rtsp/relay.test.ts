import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/lib/clock.ts';
import { Secret } from '../../../src/lib/secret.ts';
import { headerOf, type RtspReply } from '../../../src/rtsp/message.ts';
import { createRtspReader } from '../../../src/rtsp/reader.ts';
import { startRelay } from '../../../src/rtsp/relay.ts';
import { offerVideo } from '../../../src/rtsp/relay-description.ts';
import type { RtspEndReason } from '../../../src/rtsp/session.ts';
import { frame, OK, type Script, type ScriptedCamera, startCamera, USUAL_SDP } from './scripted-camera.ts';

const CAMERA_URL = 'rtsp://10.0.0.1/live';

const described = (body: string, headers: Readonly<Record<string, string>> = {}): RtspReply => ({
  kind: 'reply',
  status: 200,
  headers: new Map(Object.entries(headers).map(([name, value]) => [name, [value]])),
  body: Buffer.from(body, 'latin1'),
});

const section = (...lines: string[]) => ['v=0', 's=Lobby of the clinic', ...lines, ''].join('\r\n');

describe('what the program is offered', () => {
  it('is the first H.264 or H.265 video, its parameters, and nothing else of the camera’s', () => {
    const offer = offerVideo(
      CAMERA_URL,
      described(
        section(
          'a=control:*',
          'm=audio 0 RTP/AVP 0',
          'a=control:trackID=9',
          'm=video 0 RTP/AVP 26',
          'm=video 0 RTP/AVP 96',
          'i=a name of the camera',
          'a=rtpmap:96 H265/90000',
          'a=fmtp:96 sprop-max-don-diff=3;sprop-sps=QgEB',
          'a=control:trackID=2',
          'm=application 0 RTP/AVP 107',
        ),
        { 'content-base': `${CAMERA_URL}/` },
      ),
    );
    expect(offer).toEqual({
      body: [
        ...['v=0', 'o=- 0 0 IN IP4 127.0.0.1', 's=-', 'c=IN IP4 0.0.0.0', 't=0 0', 'a=control:*'],
        ...['m=video 0 RTP/AVP 96', 'a=rtpmap:96 H265/90000'],
        ...['a=fmtp:96 sprop-max-don-diff=3;sprop-sps=QgEB', 'a=control:video', ''],
      ].join('\r\n'),
      videoUrl: `${CAMERA_URL}/trackID=2`,
      aggregateUrl: `${CAMERA_URL}/`,
    });
  });

  it.each([
    ['another codec', ['m=video 0 RTP/AVP 96', 'a=rtpmap:96 AV1/90000'], 'unsupported_codec'],
    ['sound alone', ['m=audio 0 RTP/AVP 0'], 'no_video'],
  ])('is nothing for %s', (_what, lines, fault) => {
    expect(offerVideo(CAMERA_URL, described(section(...lines)))).toEqual({ fault });
  });

  it('has nine or ten lines of ours, whatever a camera writes', () => {
    const line = fc.oneof(
      fc.constantFrom(
        'a=fmtp:96 ',
        'm=video 0 RTP/AVP 96',
        'a=rtpmap:96 H264/90000',
        'a=control:',
        '\r',
        '\n',
      ),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 20 }), (lines) => {
        const offer = offerVideo(CAMERA_URL, described([USUAL_SDP, ...lines].join('\r\n')));
        if ('fault' in offer) return;
        expect(offer.body.split(/\r\n|\r|\n/)).toHaveLength(offer.body.includes('a=fmtp') ? 11 : 10);
        expect(offer.body).toMatch(/^[\x20-\x7e\r\n]*$/);
      }),
    );
  });
});

const opened: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close();
});

interface Rig {
  readonly camera: ScriptedCamera;
  readonly url: string;
  readonly ended: Promise<RtspEndReason>;
  readonly close: () => void;
}

async function relayTo(script: Script = {}): Promise<Rig> {
  const camera = await startCamera(script);
  opened.push(camera);
  let end: (reason: RtspEndReason) => void = () => undefined;
  const ended = new Promise<RtspEndReason>((resolve) => {
    end = resolve;
  });
  let close = () => {};
  const url = await new Promise<string>((resolve) => {
    const login = { user: 'girok', password: new Secret('pass') };
    const relay = startRelay(
      { url: `rtsp://127.0.0.1:${camera.port}/live`, login },
      { ready: resolve, ended: end },
      { clock: systemClock },
    );
    close = relay.close;
    opened.push(relay);
  });
  return { camera, url, ended, close };
}

/** A program: asks one thing after the other. */
async function program(url: string) {
  const socket: Socket = connect(Number(new URL(url).port), '127.0.0.1');
  opened.push({ close: () => socket.destroy() });
  await once(socket, 'connect');
  const frames: string[] = [];
  let answered: (reply: RtspReply) => void = () => undefined;
  const reader = createRtspReader({
    message: (message) => message.kind === 'reply' && answered(message),
    packet: (channel, memory, start, to) =>
      void frames.push(`${channel}:${memory.toString('hex', start, to)}`),
    broken: () => socket.destroy(),
  });
  socket.on('data', (bytes: Buffer) => reader.push(bytes, 0, bytes.length));
  let cseq = 0;
  return {
    socket,
    frames,
    closed: once(socket, 'close'),
    ask: (method: string, to: string, ...headers: string[]) =>
      new Promise<RtspReply>((resolve) => {
        answered = resolve;
        socket.write([`${method} ${to} RTSP/1.0`, `CSeq: ${++cseq}`, ...headers, '', ''].join('\r\n'));
      }),
  };
}

const TCP = 'Transport: RTP/AVP/TCP;unicast;interleaved=4-5';
/** A camera that takes channels of its own choice. */
const OWN_CHANNELS: Script = {
  SETUP: { head: [OK, 'Session: 12345;timeout=60', 'Transport: RTP/AVP/TCP;interleaved=0-1'] },
};

async function playing(rig: Rig) {
  const player = await program(rig.url);
  await player.ask('OPTIONS', rig.url);
  await player.ask('DESCRIBE', rig.url, 'Accept: application/sdp');
  const granted = await player.ask('SETUP', `${rig.url}/video`, TCP);
  const begun = await player.ask('PLAY', `${rig.url}/`, 'Session: girok', 'Range: npt=0.000-');
  return { ...player, granted, begun };
}

const untilTrue = async (condition: () => boolean) => {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
};

describe('the relay', () => {
  it('asks the camera in its own words and hands on its frames as they are, in their order', async () => {
    const rig = await relayTo({
      ...OWN_CHANNELS,
      PLAY: {
        head: [OK, 'Session: 12345'],
        before: frame(0, 12),
        after: Buffer.concat([frame(1), frame(7)]),
      },
    });
    const player = await playing(rig);
    expect(headerOf(player.granted, 'transport')).toBe('RTP/AVP/TCP;unicast;interleaved=4-5');
    expect(headerOf(player.begun, 'session')).toBe('girok;timeout=60');
    await untilTrue(() => player.frames.length === 2);
    const payload = (bytes: number) => `80${'00'.repeat(bytes - 1)}`;
    // Those of our channels, also what came before the answer; 7 is nobody's.
    expect(player.frames).toEqual([`4:${payload(12)}`, `5:${payload(20)}`]);
    player.socket.write(frame(5, 8));
    await untilTrue(() => rig.camera.frames.length === 1);
    expect(rig.camera.frames).toEqual([`1:${payload(8)}`]);
    const said = rig.camera.requests.map(({ method, url }) => `${method} ${url}`);
    const live = `rtsp://127.0.0.1:${rig.camera.port}/live`;
    expect(said.slice(0, 4)).toEqual([
      `OPTIONS ${live}`,
      `DESCRIBE ${live}`,
      `SETUP ${live}/trackID=0`,
      `PLAY ${live}/`,
    ]);
  });

  it('shows nothing to whoever does not know the path, and the camera nothing of him', async () => {
    const rig = await relayTo();
    const wrong = rig.url.replace(/[0-9a-f]{32}$/, '0'.repeat(32));
    for (const url of [wrong, rig.url.slice(0, -1), '*']) {
      const stranger = await program(rig.url);
      expect((await stranger.ask('DESCRIBE', url)).status).toBe(404);
      await stranger.closed;
    }
    expect(rig.camera.requests).toEqual([]);
    expect((await (await program(rig.url)).ask('DESCRIBE', rig.url)).status).toBe(200);
  });

  it('is there for one program only', async () => {
    const rig = await relayTo();
    const waiting = await program(rig.url);
    await playing(rig);
    await waiting.closed;
    const late = connect(Number(new URL(rig.url).port), '127.0.0.1');
    const [error] = (await once(late, 'error')) as [NodeJS.ErrnoException];
    expect(error.code).toBe('ECONNREFUSED');
  });

  it('gives the session back when the program is gone without a word', async () => {
    const rig = await relayTo();
    const player = await playing(rig);
    player.socket.destroy();
    expect(await rig.ended).toBe('stopped');
    expect(rig.camera.requests.at(-1)?.method).toBe('TEARDOWN');
  });

  it.each<[string, Script, RtspEndReason, number]>([
    [
      'the login is refused',
      { DESCRIBE: { head: ['RTSP/1.0 401 No', 'WWW-Authenticate: Basic realm="a"'] } },
      'login_refused',
      401,
    ],
    ['there is no such stream', { DESCRIBE: { head: ['RTSP/1.0 404 No'] } }, 'stream_refused', 404],
    ['the camera fails', { DESCRIBE: { head: ['RTSP/1.0 503 No'] } }, 'camera_error', 503],
    [
      'it leads elsewhere',
      { DESCRIBE: { head: ['RTSP/1.0 302 Found', 'Location: rtsp://127.0.0.9/'] } },
      'redirected_away',
      503,
    ],
    [
      'the codec is not for us',
      { DESCRIBE: { head: [OK], body: section('m=video 0 RTP/AVP 26') } },
      'unsupported_codec',
      415,
    ],
  ])('knows why, when %s', async (_what, script, reason, status) => {
    const rig = await relayTo(script);
    const player = await program(rig.url);
    const refusal = await player.ask('DESCRIBE', rig.url);
    expect(refusal.status).toBe(status);
    // Neither a challenge nor an address: the program could only do harm with them.
    expect([...refusal.headers.keys()]).toEqual(['cseq']);
    player.socket.end();
    expect(await rig.ended).toBe(reason);
  });

  it('ends with the camera', async () => {
    const rig = await relayTo();
    const player = await playing(rig);
    await rig.camera.close();
    expect(await rig.ended).toBe('connection_closed');
    await player.closed;
  });

  it('does not read on from the camera while the program does not take what there is', async () => {
    const rig = await relayTo(OWN_CHANNELS);
    const player = await playing(rig);
    await untilTrue(() => player.frames.length === 3);
    player.socket.pause();
    const burst = Buffer.concat(Array.from({ length: 64 }, () => frame(0, 65_000)));
    const held = () => process.memoryUsage().arrayBuffers;
    const before = held();
    // 33 MB; what the kernel and the scripted camera hold of it is not the relay's.
    for (let i = 0; i < 8; i++) rig.camera.send(burst);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(held() - before).toBeLessThan(16 << 20);
    player.socket.resume();
    await untilTrue(() => player.frames.length === 3 + 8 * 64);
  });

  it('takes no address that is a name', async () => {
    const reason = await new Promise((resolve) =>
      startRelay(
        { url: 'rtsp://camera.example/live' },
        { ready: () => resolve('ready'), ended: resolve },
        { clock: systemClock },
      ),
    );
    expect(reason).toBe('no_way');
  });
});
