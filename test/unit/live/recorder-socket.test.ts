import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { CameraId, StreamRef } from '../../../src/lib/ids.ts';
import { createFragmentHub } from '../../../src/live/fragment-hub.ts';
import { LIVE_FRAME, openRecorderSocket } from '../../../src/live/recorder-socket.ts';
import { atRest } from '../../support/manual-clock.ts';

const STREAM: StreamRef = { camera: 'cam01' as CameraId, stream: 'main' };
const MIB = 1024 * 1024;
const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function openSocket() {
  const folder = mkdtempSync(join(tmpdir(), 'girok-live-'));
  ends.push(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'run', 'recorder.sock');
  const hub = createFragmentHub();
  const socket = await openRecorderSocket({
    path,
    statusPath: join(folder, 'run', 'status.sock'),
    hub,
    status: () => ({ v: 1 }),
  });
  ends.push(() => socket.close());
  return { path, hub };
}

const ask = (socketPath: string, path: string, method = 'GET') =>
  new Promise<{ response: IncomingMessage; asked: ClientRequest }>((resolve, reject) => {
    const asked = request(
      { socketPath, path, method, headers: { host: 'recorder' }, agent: false },
      (response) => resolve({ response, asked }),
    );
    ends.push(() => asked.destroy());
    asked.on('error', reject);
    asked.end();
  });

const until = async (done: () => boolean) => {
  while (!done()) await atRest();
};

/** Cuts what a viewer gets into its frames: kind, first byte, length. */
function readFrames(response: IncomingMessage) {
  const frames: { kind: number; mark: number; bytes: number }[] = [];
  let rest = Buffer.alloc(0);
  response.on('data', (part: Buffer) => {
    rest = Buffer.concat([rest, part]);
    while (rest.length >= 5 && rest.length >= 5 + rest.readUInt32BE(1)) {
      const bytes = rest.readUInt32BE(1);
      frames.push({ kind: rest[0]!, mark: rest[5] ?? -1, bytes });
      rest = rest.subarray(5 + bytes);
    }
  });
  return frames;
}

describe('the recorder’s side door', () => {
  it('opens for its own user alone, also where a crashed recorder left a socket', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'girok-live-'));
    ends.push(() => rmSync(folder, { recursive: true }));
    const path = join(folder, 'recorder.sock');
    writeFileSync(path, '');
    const socket = await openRecorderSocket({
      path,
      statusPath: join(folder, 'status.sock'),
      hub: createFragmentHub(),
      status: () => ({}),
    });
    ends.push(() => socket.close());
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('makes its folder for its own user alone', async () => {
    const { path } = await openSocket();
    expect(statSync(join(path, '..')).mode & 0o777).toBe(0o700);
  });

  it.each([
    ['POST', '/status', 405],
    ['DELETE', '/live/cam01/main', 405],
    ['GET', '/', 404],
    ['GET', '/live/cam01/third', 404],
    ['GET', '/live/../main', 404],
    ['GET', '/live/Cam01/main', 404],
    ['GET', '/status', 200],
  ])('answers %s %s with %i', async (method, path, status) => {
    const door = await openSocket();
    const { response } = await ask(door.path, path, method);
    response.resume();
    expect(response.statusCode).toBe(status);
  });

  it('has a second one that tells how it is and shows no picture', async () => {
    const { path } = await openSocket();
    const status = join(path, '..', 'status.sock');
    expect(statSync(status).mode & 0o777).toBe(0o600);
    const codeOf = async (what: string) => {
      const { response } = await ask(status, what);
      response.resume();
      return response.statusCode;
    };
    expect([await codeOf('/status'), await codeOf('/live/cam01/main')]).toEqual([200, 404]);
  });

  it('gives a viewer the init segment, then pictures from the next key frame on', async () => {
    const { path, hub } = await openSocket();
    hub.init(STREAM, Buffer.from([100]));
    const { response } = await ask(path, '/live/cam01/main');
    const frames = readFrames(response);
    hub.fragment(STREAM, Buffer.from([1]), false);
    hub.fragment(STREAM, Buffer.from([2]), true);
    hub.fragment(STREAM, Buffer.from([3]), false);
    await until(() => frames.length === 3);
    expect(frames.map(({ kind, mark }) => [kind, mark])).toEqual([
      [LIVE_FRAME.init, 100],
      [LIVE_FRAME.fragment, 2],
      [LIVE_FRAME.fragment, 3],
    ]);
  });

  it('forgets a viewer that has gone', async () => {
    const { path, hub } = await openSocket();
    const { asked, response } = await ask(path, '/live/cam01/main');
    await until(() => hub.listenerCount() === 1);
    response.on('error', () => undefined);
    asked.on('error', () => undefined);
    asked.destroy();
    await until(() => hub.listenerCount() === 0);
    expect(hub.listenerCount()).toBe(0);
  });

  it('lets a slow reader lose whole groups of pictures, oldest first, and others none', async () => {
    const { path, hub } = await openSocket();
    hub.init(STREAM, Buffer.from([100]));
    const slow = (await ask(path, '/live/cam01/main')).response;
    const quick = readFrames((await ask(path, '/live/cam01/main')).response);
    // Twelve groups of a key fragment and one more, 1 MiB each; the mark says which: even begins a group.
    for (let mark = 0; mark < 24; mark++) {
      hub.fragment(STREAM, Buffer.alloc(MIB, mark), mark % 2 === 0);
      await until(() => quick.length === mark + 2);
    }
    const late = readFrames(slow);
    await until(() => late.at(-1)?.mark === 23);
    const marks = late.slice(1).map(({ mark }) => mark);
    expect(quick.slice(1).map(({ mark }) => mark)).toEqual(Array.from({ length: 24 }, (_, mark) => mark));
    expect(marks.length).toBeLessThan(24);
    expect(marks.length).toBeGreaterThanOrEqual(8);
    expect(marks).toEqual([...marks].sort((a, b) => a - b));
    // Never the rest of a group whose beginning is gone.
    for (const mark of marks) if (mark % 2 === 1) expect(marks).toContain(mark - 1);
  });

  it('does not give a slow reader the rest of a group that was too long to keep', async () => {
    const { path, hub } = await openSocket();
    hub.init(STREAM, Buffer.from([100]));
    const slow = (await ask(path, '/live/cam01/main')).response;
    for (let mark = 0; mark < 30; mark++) {
      hub.fragment(STREAM, Buffer.alloc(MIB, mark), mark === 0 || mark === 28);
      await atRest();
    }
    const late = readFrames(slow);
    await until(() => late.at(-1)?.mark === 29);
    const marks = late.slice(1).map(({ mark }) => mark);
    const unbroken = marks.filter((mark, index) => mark < 28 && mark === index);
    expect(marks).toEqual([...unbroken, 28, 29]);
  });
});
