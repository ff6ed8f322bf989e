import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startControl } from '../../../demo/control.ts';
import type { QuirkKind } from '../../../demo/quirks.ts';
import { readStrip } from '../../../demo/scenes/read-strip.ts';
import { type SimulatedCamera, type SimulatedSite, startSimulatedSite } from '../../../demo/site.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import { decodeGray, pull } from './pull.ts';
import { openRaw, playTcp, playUdp, type RawClient, sessionOf, stampsOf, statusOf } from './raw-client.ts';

const PORTS = { addresses: 'one', rtspPort: 0, onvifPort: 0, discoveryPort: false } as const;
const ACCOUNT = { user: 'girok', password: 'girok-demo' };

let site: SimulatedSite;
let folder: string;
let unused: SimulatedCamera[];
const clients: RawClient[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'girok-demo-'));
  site = await startSimulatedSite({ ...PORTS, ...ACCOUNT, count: 52, login: 'none' });
  unused = site.cameras.filter((camera) => camera.codec === 'h264');
});
afterAll(async () => {
  for (const client of clients) client.close();
  await site?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** A camera of its own for each test, so that they can run side by side. */
function cameraWith(...quirks: QuirkKind[]): SimulatedCamera {
  const camera = unused.shift();
  if (!camera) throw new Error('no camera left');
  site.quirks.set(camera.id, quirks);
  return camera;
}

/** What ffmpeg makes of the main stream, in a folder of its own. */
const pulled = async (camera: SimulatedCamera, frames: number) =>
  pull({ ...site, ...ACCOUNT, cameras: [camera] }, 1, {
    frames,
    folder: await mkdtemp(join(folder, `${camera.id}-`)),
  });

async function open(camera: SimulatedCamera): Promise<RawClient> {
  const client = await openRaw(camera.urls.main, camera.certificate);
  clients.push(client);
  return client;
}

async function watch(camera: SimulatedCamera) {
  const client = await open(camera);
  return { client, ...(await playTcp(client, camera.urls.main)) };
}

const until = (condition: () => boolean) =>
  vi.waitFor(
    () => {
      if (!condition()) throw new Error(`waited in vain for ${condition}`);
    },
    { timeout: 15_000, interval: 20 },
  );
const ssrcOf = (packet: Buffer) => packet.readUInt32BE(8);
const served = (camera: SimulatedCamera) => site.served().findLast((one) => one.camera === camera.id)!;

describe.concurrent('sessions of cameras with quirks', () => {
  it('stale_session: another SSRC before PLAY is asked and between the pictures', async () => {
    const camera = cameraWith('stale_session');
    const client = await open(camera);
    await client.ask('SETUP', `${camera.urls.main}/trackID=0`, ['Transport: RTP/AVP/TCP;interleaved=0-1']);
    await until(() => client.packets(0).length > 0);
    const stale = ssrcOf(client.packets(0)[0]!);
    const answers = client.heard.filter((one) => one.kind === 'answer');
    await client.ask('PLAY', camera.urls.main, [`Session: ${sessionOf(answers[0]!.text)}`]);
    await until(() => new Set(client.packets(0).map(ssrcOf)).size === 2);
    const before = client.packets(0).filter((packet) => ssrcOf(packet) === stale).length;
    await until(() => client.packets(0).filter((packet) => ssrcOf(packet) === stale).length > before);
  });

  it('session_id_changes: each answer names another id, and the latest is good', async () => {
    const camera = cameraWith('session_id_changes');
    const { client, id, play } = await watch(camera);
    expect(sessionOf(play)).not.toBe(id);
    const kept = await client.ask('GET_PARAMETER', camera.urls.main, [`Session: ${sessionOf(play)}`]);
    expect(statusOf(kept)).toBe(200);
    expect(sessionOf(kept)).not.toBe(sessionOf(play));
    const over = await client.ask('TEARDOWN', camera.urls.main, [`Session: ${sessionOf(kept)}`]);
    expect(statusOf(over)).toBe(200);
    expect(served(camera).open).toBe(false);
  });

  it('keepalive_ignored, keepalive_cuts: no answer, or the end', async () => {
    const silent = await open(cameraWith('keepalive_ignored'));
    silent.send('GET_PARAMETER', 'rtsp://x/main');
    expect(await silent.ask('OPTIONS', 'rtsp://x/main')).toContain('CSeq: 2\r\n');
    const cutting = await open(cameraWith('keepalive_cuts'));
    expect(await cutting.ask('OPTIONS', 'rtsp://x/main')).not.toContain('_PARAMETER');
    await expect(cutting.ask('GET_PARAMETER', 'rtsp://x/main')).rejects.toThrow('closed');
  });

  it('data_before_play: pictures first, then the answer', async () => {
    const { client } = await watch(cameraWith('data_before_play'));
    const kinds = client.heard.map((one) => one.kind);
    expect(kinds.indexOf('data')).toBeGreaterThan(-1);
    expect(kinds.indexOf('data')).toBeLessThan(kinds.lastIndexOf('answer'));
  });

  it('crlf_before_data, garbage_between, unassigned_channels: what stands between the packets', async () => {
    const { client } = await watch(cameraWith('crlf_before_data'));
    await until(() => client.heard.some((one) => one.kind === 'junk' && one.bytes.toString() === '\r\n'));
    const noisy = await watch(cameraWith('garbage_between', 'unassigned_channels'));
    await until(() => noisy.client.heard.some((one) => one.kind === 'junk'));
    await until(() => noisy.client.packets(40).length > 0);
    await until(() => stampsOf(noisy.client.packets(0)).length > 3);
  });

  it('other_channels, transport_ssrc_first: SETUP is answered otherwise than asked', async () => {
    const { client, setup } = await watch(cameraWith('other_channels', 'transport_ssrc_first'));
    expect(setup).toMatch(/Transport: RTP\/AVP\/TCP;ssrc=[0-9A-F]{8};interleaved=10-11\r\n/);
    await until(() => client.packets(10).length > 0);
    expect(client.packets(0)).toEqual([]);
    const told = Number.parseInt(/ssrc=(\w+)/.exec(setup)![1]!, 16);
    expect(ssrcOf(client.packets(10)[0]!)).toBe(told);
  });

  it('user_agent_wanted, challenges_many_headers, require_refused: who gets in', async () => {
    const shy = cameraWith('user_agent_wanted', 'require_refused');
    const client = await open(shy);
    const asked = (...headers: string[]) => client.ask('DESCRIBE', shy.urls.main, headers).then(statusOf);
    expect(await asked()).toBe(401);
    expect(await asked('User-Agent: x')).toBe(200);
    expect(await asked('User-Agent: x', 'Require: www.onvif.org/ver20/backchannel')).toBe(551);
    const choosy = cameraWith('challenges_many_headers');
    const many = await open(choosy);
    const refused = await many.ask('DESCRIBE', choosy.urls.main);
    expect(refused.match(/WWW-Authenticate: (Basic|Digest)/g)).toHaveLength(3);
    expect(refused.indexOf('Basic')).toBeLessThan(refused.indexOf('Digest'));
    const basic = Buffer.from(`${ACCOUNT.user}:${ACCOUNT.password}`).toString('base64');
    expect(statusOf(await many.ask('DESCRIBE', choosy.urls.main, [`Authorization: Basic ${basic}`]))).toBe(
      401,
    );
    site.quirks.set(choosy.id, ['challenges_one_header']);
    const again = await open(choosy);
    const joined = await again.ask('DESCRIBE', choosy.urls.main);
    expect(joined.match(/WWW-Authenticate: Basic .*, Digest .*, Digest /)).not.toBeNull();
    const nonce = /nonce="(\w+)", algorithm=SHA-256/.exec(joined)![1]!;
    const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
    const realm = 'Girok camera';
    const ha1 = sha256(`${ACCOUNT.user}:${realm}:${ACCOUNT.password}`);
    const response = sha256(`${ha1}:${nonce}:00000001:c:auth:${sha256(`DESCRIBE:${choosy.urls.main}`)}`);
    const login = `Digest username="${ACCOUNT.user}", realm="${realm}", nonce="${nonce}", uri="${choosy.urls.main}", response="${response}", algorithm=SHA-256, qop=auth, nc=00000001, cnonce="c"`;
    expect(statusOf(await again.ask('DESCRIBE', choosy.urls.main, [`Authorization: ${login}`]))).toBe(200);
  });

  it('tcp_refused, big_datagrams, server_port_empty: UDP, and large', async () => {
    const camera = cameraWith('tcp_refused', 'big_datagrams', 'server_port_empty');
    const client = await open(camera);
    const tcp = await client.ask('SETUP', `${camera.urls.main}/trackID=0`, [
      'Transport: RTP/AVP/TCP;unicast;interleaved=0-1',
    ]);
    expect(statusOf(tcp)).toBe(461);
    const { packets, setup, socket } = await playUdp(client, camera.urls.main);
    expect(setup).toMatch(/server_port=\r\n/);
    await until(() => packets.some((packet) => packet.length > 5000));
    socket.close();
  });

  it('control_with_query, trailing_blanks: where SETUP must go', async () => {
    const camera = cameraWith('control_with_query', 'trailing_blanks');
    const client = await open(camera);
    const described = await client.ask('DESCRIBE', camera.urls.main);
    const base = /Content-Base: (\S+) {2}\r\n/.exec(described)![1]!;
    expect(base).toBe(`${camera.urls.main}?channel=1&subtype=0/`);
    expect(described).toContain(`a=control:${base.slice(0, -1)}\r\n`);
    const transport = ['Transport: RTP/AVP/TCP;interleaved=0-1'];
    expect(statusOf(await client.ask('SETUP', `${camera.urls.main}/trackID=0`, transport))).toBe(404);
    expect(statusOf(await client.ask('SETUP', `${base}trackID=0`, transport))).toBe(200);
  });

  it('sets_wrong_in_sdp: the stream brings others', async () => {
    const camera = cameraWith('sets_wrong_in_sdp');
    const client = await open(camera);
    const described = await client.ask('DESCRIBE', camera.urls.main);
    const told = /sprop-parameter-sets=([^,]+)/.exec(described)![1]!;
    await playTcp(client, camera.urls.main);
    const sps = () => client.packets(0).find((packet) => (packet[12]! & 31) === 7);
    await until(() => sps() !== undefined);
    expect(sps()!.subarray(12).toString('base64')).not.toBe(told);
  });

  it('foreign_reports: reports of somebody else among its own', async () => {
    const { client } = await watch(cameraWith('foreign_reports'));
    await until(() => client.packets(0).length > 0);
    const own = ssrcOf(client.packets(0)[0]!);
    await until(() => client.packets(1).some((report) => report.readUInt32BE(4) !== own));
  });
});

describe.concurrent('streams of cameras with quirks', () => {
  it('b_frames: decode order with times of presentation, and every frame accounted for', async () => {
    const camera = cameraWith('b_frames');
    const got = await pulled(camera, 40);
    const numbers = got.stamps.map(({ frame }) => frame);
    expect(numbers.slice(0, 7).map((frame) => frame - numbers[0]!)).toEqual([0, 3, 1, 2, 6, 4, 5]);
    const size = { width: 640, height: 360 };
    const { pictures } = await decodeGray(got.path, 30, size);
    const shown = pictures.map((picture) => readStrip(picture, size.width, size.height)?.frame);
    expect(shown).toEqual(
      numbers
        .slice(0, 30)
        .sort((a, b) => a - b)
        .map((frame) => frame % 150),
    );
    await until(() => !served(camera).open);
    const session = served(camera);
    const dropped = session.droppedFault.reduce((sum, [from, to]) => sum + to - from + 1, 0);
    expect(session.framesSent).toBe(session.lastFrame! - session.firstFrame! + 1 - dropped);
    expect(session.firstFrame).toBe(numbers[0]);
  });

  it('b_frames: RTP time is that of the picture, whatever its turn', async () => {
    const { client } = await watch(cameraWith('b_frames'));
    const timed = () =>
      client.packets(0).flatMap((packet) => {
        const [stamp] = stampsOf([packet]);
        return stamp ? [{ frame: stamp.frame, time: packet.readUInt32BE(4) }] : [];
      });
    await until(() => timed().length > 8);
    const [first, ...more] = timed();
    for (const { frame, time } of more)
      expect((time - first!.time + 2 ** 32) % 2 ** 32).toBe((frame - first!.frame) * 6000);
  });

  it('long_group, joins_mid_group: pictures at once, none of them a key frame for long', async () => {
    const camera = cameraWith('long_group', 'joins_mid_group');
    const { client } = await watch(camera);
    await until(() => stampsOf(client.packets(0)).length > 20);
    const numbers = stampsOf(client.packets(0)).map(({ frame }) => frame);
    const keys = client.packets(0).filter((packet) => (packet[12]! & 31) === 7).length;
    const due = numbers.filter((frame) => frame % 150 === 0).length;
    expect(keys).toBe(due);
    expect(due).toBeLessThanOrEqual(1);
  });

  it('pre_buffer: the last seconds first, beginning with a key frame, none missing', async () => {
    const camera = cameraWith('pre_buffer');
    // The site has to have a past before it can be shown.
    await until(() => site.served().some((one) => (one.lastFrame ?? 0) > 60));
    const { client } = await watch(camera);
    await until(() => stampsOf(client.packets(0)).length > 30);
    const heardUs = systemClock.utcUs();
    const stamps = stampsOf(client.packets(0));
    expect(heardUs - stamps[0]!.utcUs).toBeGreaterThan(2_500_000);
    expect((client.packets(0)[0]![12] ?? 0) & 31).toBe(7);
    const newest = stamps.length;
    await until(() => stampsOf(client.packets(0)).length > newest + 75);
    const numbers = stampsOf(client.packets(0)).map(({ frame }) => frame);
    expect(numbers).toEqual(numbers.map((_, i) => numbers[0]! + i));
  });

  it('drop: exactly the packets that a client misses are counted', async () => {
    const camera = cameraWith();
    const fault = site.faults.set({ camera: camera.id, kind: 'drop', rate: 0.2 });
    const { client } = await watch(camera);
    await until(() => stampsOf(client.packets(0)).length > 20);
    site.faults.clear({ id: fault.id });
    const so = client.packets(0).length;
    await until(() => client.packets(0).length > so + 20);
    client.close();
    await client.closed;
    const sequences = client.packets(0).map((packet) => packet.readUInt16BE(2));
    const lost = sequences
      .slice(1)
      .reduce((sum, value, i) => sum + ((value - sequences[i]! - 1 + 65_536) % 65_536), 0);
    expect(lost).toBeGreaterThan(0);
    expect(served(camera).packetsLost).toBe(lost);
    expect(served(camera).packetsSent).toBeGreaterThanOrEqual(sequences.length);
  });

  it('reorder and duplicate: over UDP, each counted, none lost', async () => {
    const camera = cameraWith();
    site.faults.set({ camera: camera.id, kind: 'reorder', rate: 0.1 });
    site.faults.set({ camera: camera.id, kind: 'duplicate', rate: 0.1 });
    const client = await open(camera);
    const { packets, socket, setup } = await playUdp(client, camera.urls.main);
    await until(() => packets.length > 200);
    await client.ask('TEARDOWN', camera.urls.main, [`Session: ${sessionOf(setup)}`]);
    const session = served(camera);
    await until(() => packets.length === session.packetsSent + session.packetsDuplicated);
    socket.close();
    const numbers = packets.map((packet) => packet.readUInt16BE(2));
    const from = Math.min(...numbers);
    const span = new Set(numbers.map((value) => (value - from + 65_536) % 65_536));
    expect(span.size).toBe(session.packetsSent);
    const backwards = numbers.filter(
      (value, i) => i > 0 && (value - numbers[i - 1]! + 65_536) % 65_536 > 32_768,
    );
    expect(backwards.length).toBeGreaterThan(0);
    expect(session.packetsReordered).toBeGreaterThanOrEqual(backwards.length);
    expect(session.packetsLost).toBe(0);
  });

  it('everything at once still plays', async () => {
    const camera = cameraWith(
      'aggregation',
      'padding',
      'header_extension',
      'crlf_before_data',
      'sps_flapping',
    );
    const got = await pulled(camera, 20);
    expect(got.stamps).toHaveLength(20);
  });

  it('can be ordered over HTTP', async () => {
    const camera = cameraWith();
    const control = await startControl(site, 0);
    const url = `http://127.0.0.1:${control.port}/quirks`;
    const put = (body: unknown) => fetch(url, { method: 'PUT', body: JSON.stringify(body) });
    try {
      expect((await put({ camera: camera.id, quirks: ['padding'] })).status).toBe(200);
      expect((await put({ camera: camera.id, quirks: ['unknown'] })).status).toBe(400);
      expect((await put({ camera: 'cam99', quirks: [] })).status).toBe(404);
      expect(await (await fetch(url)).json()).toMatchObject({ [camera.id]: ['padding'] });
    } finally {
      await control.stop();
    }
  });
});

describe('a site of its own', () => {
  it('one_session: the second is refused until the first, whose connection broke, has timed out', async () => {
    const small = await startSimulatedSite({
      ...{ ...PORTS, count: 1, login: 'none', sessionTimeoutS: 1 },
      quirks: ['one_session'],
    });
    const camera = small.cameras[0]!;
    const first = await watch(camera);
    first.client.close();
    await first.client.closed;
    const tries = async () => {
      const client = await open(camera);
      const answer = await client.ask('SETUP', `${camera.urls.main}/trackID=0`, [
        'Transport: RTP/AVP/TCP;interleaved=0-1',
      ]);
      client.close();
      return statusOf(answer);
    };
    try {
      expect(await tries()).toBe(453);
      await expect.poll(tries, { timeout: 8000, interval: 300 }).toBe(200);
    } finally {
      await small.stop();
    }
  });

  it('speaks TLS with a certificate that can be pinned, and breaks connections below it', async () => {
    const safe = await startSimulatedSite({ ...PORTS, count: 1, login: 'none', tls: true });
    try {
      const [camera] = safe.cameras;
      expect(camera!.urls.main).toMatch(/^rtsps:/);
      const client = await openRaw(camera!.urls.main, camera!.certificate);
      await playTcp(client, camera!.urls.main);
      await until(() => stampsOf(client.packets(0)).length > 3);
      safe.faults.set({ camera: camera!.id, kind: 'reset', durationMs: 10 });
      await client.closed;
      await expect.poll(() => safe.served()[0]!.open).toBe(false);
    } finally {
      await safe.stop();
    }
  });

  it('has room for 512 cameras on one address', async () => {
    const large = await startSimulatedSite({ ...PORTS, count: 512, login: 'none' });
    try {
      const ports = large.cameras.flatMap(({ rtspPort, onvifPort }) => [rtspPort, onvifPort]);
      expect(new Set(ports).size).toBe(1024);
      const last = large.cameras.at(-1)!;
      const client = await openRaw(last.urls.sub);
      await playTcp(client, last.urls.sub);
      await until(() => stampsOf(client.packets(0)).length > 0);
      expect(stampsOf(client.packets(0))[0]!.camera).toBe(512);
      client.close();
    } finally {
      await large.stop();
    }
  });
});
