import { createHash } from 'node:crypto';
import { connect } from 'node:net';
import { type FrameStamp, parseStamp } from '../../../demo/sei.ts';

/** A small RTSP client over TCP that keeps what the tests of the simulated cameras ask about. */
export interface RtspClient {
  readonly sdp: string;
  readonly stamps: FrameStamp[];
  readonly sequences: number[];
  /** RTP time of each frame. */
  readonly times: number[];
  readonly parameterSets: string[];
  readonly keyFrames: number;
  /** Resolves with the error's code, or `end`. */
  readonly closed: Promise<string>;
  setUpAudio(): Promise<void>;
  play(): Promise<void>;
  /** Waits for so many more. */
  frames(count: number): Promise<void>;
  packets(count: number): Promise<void>;
  audioPackets(count: number): Promise<void>;
  /** Waits, then fails if any packet of the picture came. */
  quietFor(ms: number): Promise<void>;
  pauseReading(): void;
  close(): void;
}

const md5 = (text: string) => createHash('md5').update(text).digest('hex');

/** @throws with the system's code or the RTSP status when DESCRIBE or SETUP is refused. */
export async function openRtsp(
  url: string,
  account: { user: string; password: string },
): Promise<RtspClient> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  const codec = { value: 'h264' as 'h264' | 'h265' };
  const state = { cseq: 0, session: '', challenge: '', sdp: '', keyFrames: 0, audio: 0, video: 0 };
  const [stamps, sequences, times, parameterSets] = [
    [] as FrameStamp[],
    [] as number[],
    [] as number[],
    [] as string[],
  ];
  const answers: ((text: string) => void)[] = [];
  let waiting: (() => void)[] = [];
  let rest: Buffer = Buffer.alloc(0);
  let failure = '';
  const closed = new Promise<string>((resolve) => {
    socket.on('error', (error: NodeJS.ErrnoException) => {
      failure = error.code ?? error.message;
    });
    socket.on('close', () => resolve(failure || 'end'));
  });

  function onPacket(channel: number, packet: Buffer): void {
    if (channel === 2) state.audio++;
    if (channel !== 0) return;
    state.video++;
    sequences.push(packet.readUInt16BE(2));
    if ((packet[1]! & 0x80) !== 0) times.push(packet.readUInt32BE(4));
    const payload = packet.subarray(12);
    const stamp = parseStamp(codec.value, payload);
    if (stamp) stamps.push(stamp);
    const type = codec.value === 'h264' ? payload[0]! & 31 : (payload[0]! >> 1) & 63;
    if (type === (codec.value === 'h264' ? 7 : 33)) {
      // Every key frame is announced by its parameter sets.
      state.keyFrames++;
      parameterSets.push(payload.toString('hex'));
    }
  }

  socket.on('data', (bytes: Buffer) => {
    rest = Buffer.concat([rest, bytes]);
    for (;;) {
      if (rest[0] === 0x24) {
        if (rest.length < 4 || rest.length < 4 + rest.readUInt16BE(2)) break;
        const end = 4 + rest.readUInt16BE(2);
        onPacket(rest[1]!, rest.subarray(4, end));
        rest = rest.subarray(end);
        continue;
      }
      const head = rest.indexOf('\r\n\r\n');
      if (head < 0) break;
      const length = Number(/Content-Length: (\d+)/i.exec(rest.toString('latin1', 0, head))?.[1] ?? 0);
      if (rest.length < head + 4 + length) break;
      answers.shift()?.(rest.toString('latin1', 0, head + 4 + length));
      rest = rest.subarray(head + 4 + length);
    }
    for (const check of waiting) check();
  });

  async function ask(method: string, target: string, headers: string[] = []): Promise<string> {
    const lines = [`${method} ${target} RTSP/1.0`, `CSeq: ${++state.cseq}`, ...headers];
    if (state.session) lines.push(`Session: ${state.session}`);
    if (state.challenge) {
      const field = (name: string) => new RegExp(`${name}="([^"]*)"`).exec(state.challenge)?.[1] ?? '';
      const ha1 = md5(`${account.user}:${field('realm')}:${account.password}`);
      const response = md5(`${ha1}:${field('nonce')}:${md5(`${method}:${target}`)}`);
      lines.push(
        `Authorization: Digest username="${account.user}", realm="${field('realm')}", nonce="${field('nonce')}", uri="${target}", response="${response}"`,
      );
    }
    const answer = new Promise<string>((resolve) => answers.push(resolve));
    socket.write(`${lines.join('\r\n')}\r\n\r\n`);
    const text = await Promise.race([answer, closed.then((reason) => Promise.reject(new Error(reason)))]);
    const status = text.slice(9, 12);
    if (status === '401' && !state.challenge) {
      state.challenge = /WWW-Authenticate: (.*)/.exec(text)?.[1] ?? '';
      return ask(method, target, headers);
    }
    if (status !== '200') {
      socket.destroy();
      throw new Error(`${method} answered ${status}`);
    }
    return text;
  }

  async function until(done: () => boolean, what: string): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve, reject) => {
      const check = () => done() && resolve();
      timer = setTimeout(() => reject(new Error(`waited 8 s for ${what}`)), 8000);
      waiting.push(check);
      void closed.then((reason) => reject(new Error(reason)));
      check();
    }).finally(() => {
      clearTimeout(timer);
      waiting = [];
    });
  }

  const description = await ask('DESCRIBE', url, ['Accept: application/sdp']);
  state.sdp = description.slice(description.indexOf('\r\n\r\n') + 4);
  codec.value = state.sdp.includes('H265/90000') ? 'h265' : 'h264';
  const setUp = async (track: number) => {
    const text = await ask('SETUP', `${url}/trackID=${track}`, [
      `Transport: RTP/AVP/TCP;unicast;interleaved=${track * 2}-${track * 2 + 1}`,
    ]);
    state.session = /Session: (\w+)/.exec(text)?.[1] ?? '';
  };
  await setUp(0);

  return {
    get sdp() {
      return state.sdp;
    },
    get keyFrames() {
      return state.keyFrames;
    },
    stamps,
    sequences,
    times,
    parameterSets,
    closed,
    setUpAudio: () => setUp(1),
    play: async () => void (await ask('PLAY', url, ['Range: npt=now-'])),
    frames: (count) => {
      const target = times.length + count;
      return until(() => times.length >= target, `${count} frames`);
    },
    packets: (count) => {
      const target = state.video + count;
      return until(() => state.video >= target, `${count} packets`);
    },
    audioPackets: (count) => {
      const target = state.audio + count;
      return until(() => state.audio >= target, `${count} packets of sound`);
    },
    async quietFor(ms) {
      const before = state.video;
      await new Promise((resolve) => setTimeout(resolve, ms));
      // One frame may have been under way when the fault began.
      if (state.video - before > 10) throw new Error(`${state.video - before} packets came`);
    },
    pauseReading: () => void socket.pause(),
    close: () => void socket.destroy(),
  };
}
