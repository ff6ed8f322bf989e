import { connect } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startControl } from '../../../demo/control.ts';
import { type SimulatedSite, startSimulatedSite } from '../../../demo/site.ts';
import { openRtsp } from './rtsp-client.ts';

const PORTS = { addresses: 'one', rtspPort: 0, onvifPort: 0, discoveryPort: false } as const;

let site: SimulatedSite;

beforeAll(async () => {
  site = await startSimulatedSite({ ...PORTS, count: 4 });
});
afterEach(() => void site.faults.clear());
afterAll(() => site?.stop());

const open = (camera: number, stream: 'main' | 'sub' = 'main') =>
  openRtsp(site.cameras[camera - 1]!.urls[stream], site);

describe('faults on order', () => {
  it('stall: packets stop for the session that runs, and the dropped frames are named', async () => {
    const client = await open(1);
    await client.play();
    await client.frames(5);
    const fault = site.faults.set({ camera: 'cam01', kind: 'stall' });
    await client.quietFor(300);
    site.faults.clear({ id: fault.id });
    await client.frames(3);
    client.close();
    const session = site.served().findLast((one) => one.camera === 'cam01')!;
    expect(session.droppedFault).toHaveLength(1);
    const numbers = client.stamps.map((stamp) => stamp.frame);
    const [from, to] = session.droppedFault[0]!;
    for (let frame = from; frame <= to; frame++) expect(numbers).not.toContain(frame);
    expect(numbers).toContain(from - 1);
    expect(numbers).toContain(to + 1);
  });

  it('stall_play and stall_connect: the client is left waiting', async () => {
    site.faults.set({ camera: 'cam01', kind: 'stall_play' });
    const client = await open(1);
    await client.play();
    await client.quietFor(1200);
    expect(client.stamps).toEqual([]);
    client.close();
    site.faults.set({ camera: 'cam02', kind: 'stall_connect' });
    const { address, rtspPort } = site.cameras[1]!;
    const socket = connect(rtspPort, address);
    socket.write('OPTIONS rtsp://x/main RTSP/1.0\r\nCSeq: 1\r\n\r\n');
    const heard = await Promise.race([
      new Promise((resolve) => socket.once('data', resolve)),
      new Promise((resolve) => setTimeout(resolve, 300)),
    ]);
    socket.destroy();
    expect(heard).toBeUndefined();
  });

  it('reset and reboot: connections break, and the same port answers again afterwards', async () => {
    const client = await open(1);
    await client.play();
    await client.frames(2);
    site.faults.set({ camera: 'cam01', kind: 'reboot', durationMs: 500 });
    expect(await client.closed).toBe('ECONNRESET');
    await expect(open(1)).rejects.toThrow('ECONNREFUSED');
    await expect(open(2).then((other) => other.close())).resolves.toBeUndefined();
    await expect
      .poll(
        () =>
          open(1)
            .then((again) => again.close())
            .then(
              () => 'up',
              () => 'down',
            ),
        { timeout: 3000 },
      )
      .toBe('up');
    const second = await open(1);
    site.faults.set({ camera: 'cam01', kind: 'reset' });
    expect(await second.closed).toBe('ECONNRESET');
  });

  it('refuse_login, redirect, garbage_sdp and wrong_codec show in the answers', async () => {
    site.faults.set({ camera: 'cam01', kind: 'refuse_login' });
    await expect(open(1)).rejects.toThrow('401');
    site.faults.set({ camera: 'cam02', kind: 'redirect' });
    await expect(open(2)).rejects.toThrow('302');
    site.faults.set({ camera: 'cam03', kind: 'garbage_sdp' });
    const garbage = await open(3);
    expect(garbage.sdp).not.toContain('H264/90000');
    garbage.close();
    site.faults.set({ camera: 'cam04', kind: 'wrong_codec' });
    const lying = await open(4);
    expect(lying.sdp).toContain('H264/90000');
    lying.close();
  });

  it('drop and corrupt: packets are missing or changed, and the frames are named', async () => {
    site.faults.set({ camera: 'cam01', kind: 'drop', rate: 0.2 });
    site.faults.set({ camera: 'cam01', kind: 'corrupt', rate: 0.001 });
    const client = await open(1);
    await client.play();
    await client.packets(150);
    client.close();
    const steps = client.sequences
      .slice(1)
      .map((value, i) => (value - client.sequences[i]! + 65_536) % 65_536);
    expect(steps.some((step) => step > 1)).toBe(true);
    expect(site.served().findLast((one) => one.camera === 'cam01')!.damaged.length).toBeGreaterThan(0);
  });

  it('time_jump and time_wrap: RTP time leaps by what was asked', async () => {
    const client = await open(1);
    await client.play();
    await client.frames(2);
    const before = client.times.at(-1)!;
    site.faults.set({ camera: 'cam01', kind: 'time_jump', seconds: -100 });
    await client.frames(2);
    const back = (client.times.at(-1)! - before + 100 * 90_000 + 2 ** 32) % 2 ** 32;
    expect(back).toBeLessThan(90_000);
    site.faults.clear();
    site.faults.set({ camera: 'cam01', kind: 'time_wrap', seconds: 0.5 });
    await client.frames(16);
    client.close();
    expect(
      client.times.some((time, i) => i > 0 && client.times[i - 1]! > 2 ** 32 - 90_000 && time < 90_000),
    ).toBe(true);
  });

  it('parameter_change: other parameter sets come in band at a key frame', async () => {
    const client = await open(4);
    await client.play();
    await client.frames(2);
    const [before] = client.parameterSets;
    site.faults.set({ camera: 'cam04', kind: 'parameter_change' });
    await client.frames(18);
    client.close();
    expect(client.parameterSets.at(-1)).not.toBe(before);
  });

  it('no_key_frame: pictures go on without one', async () => {
    const client = await open(1);
    await client.play();
    await client.frames(1);
    site.faults.set({ camera: 'cam01', kind: 'no_key_frame' });
    await client.frames(20);
    const seen = client.keyFrames;
    await client.frames(35);
    expect(client.keyFrames).toBe(seen);
    site.faults.clear();
    await client.frames(17);
    client.close();
    expect(client.keyFrames).toBeGreaterThan(seen);
  });

  it('audio_only: the sound goes on, the picture stops', async () => {
    site.faults.set({ camera: 'cam01', kind: 'audio_only' });
    const client = await open(1);
    expect(client.sdp).toContain('PCMU/8000');
    await client.setUpAudio();
    await client.play();
    await client.audioPackets(10);
    client.close();
    expect(client.stamps).toEqual([]);
  });

  it('a session that is not kept alive ends', async () => {
    const strict = await startSimulatedSite({ ...PORTS, count: 1, sessionTimeoutS: 1 });
    try {
      const client = await openRtsp(strict.cameras[0]!.urls.main, strict);
      await client.play();
      await client.frames(1);
      await client.closed;
      expect(strict.served()[0]!.open).toBe(false);
    } finally {
      await strict.stop();
    }
  });

  it('can be ordered over HTTP', async () => {
    const control = await startControl(site, 0);
    const base = `http://127.0.0.1:${control.port}`;
    const post = (body: unknown) => fetch(`${base}/faults`, { method: 'POST', body: JSON.stringify(body) });
    try {
      const made = await post({ camera: 'cam01', kind: 'drop', rate: 0.5 });
      expect(made.status).toBe(201);
      expect(site.faults.list()).toHaveLength(1);
      expect((await post({ camera: 'cam99', kind: 'drop' })).status).toBe(404);
      expect((await post({ camera: 'cam01', kind: 'melt' })).status).toBe(400);
      const ended = await fetch(`${base}/faults?camera=cam01`, { method: 'DELETE' });
      expect(await ended.json()).toEqual({ ended: 1 });
      const cameras = (await (await fetch(`${base}/cameras`)).json()) as unknown[];
      expect(cameras).toHaveLength(4);
      expect(Array.isArray(await (await fetch(`${base}/served`)).json())).toBe(true);
    } finally {
      await control.stop();
    }
  });
});
