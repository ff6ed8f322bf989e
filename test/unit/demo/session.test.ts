import type { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { clinicCamera } from '../../../demo/clinic.ts';
import { createFaultBoard } from '../../../demo/faults.ts';
import { createQuirkBoard, type QuirkKind } from '../../../demo/quirks.ts';
import { createSlab, frameTemplate } from '../../../demo/rtsp/packets.ts';
import { createServedLog } from '../../../demo/rtsp/served.ts';
import { createSession } from '../../../demo/rtsp/session.ts';
import { createCameraStream } from '../../../demo/rtsp/stream.ts';
import type { ServedTrack } from '../../../demo/rtsp/track.ts';
import type { Clock } from '../../../src/lib/clock.ts';

/** A clock that stands still until told; its timers never run. */
function standingClock(): Clock & { nowUs: number } {
  const clock = {
    nowUs: 0,
    utcUs: () => 1_790_000_000_000_000 + clock.nowUs,
    monoUs: () => clock.nowUs,
    after: () => () => undefined,
    every: () => () => undefined,
  };
  return clock;
}

const picture = (key: boolean) =>
  frameTemplate({ key, nals: [Buffer.from([key ? 0x65 : 0x41, 0x80, 1, 2, 3])] }, 'h264');
const track: ServedTrack = {
  codec: 'h264',
  width: 640,
  height: 360,
  bitrateBps: 1,
  frames: Array.from({ length: 30 }, (_, i) => picture(i % 15 === 0)),
  parameterSets: [],
  delay: 0,
};

function setUp() {
  const clock = standingClock();
  const faults = createFaultBoard(clock);
  const camera = clinicCamera(1);
  const stream = createCameraStream(
    { clock, faults, quirks: createQuirkBoard() },
    {
      ...{ camera, kind: 'main', startMonoUs: 0, phaseUs: 0 },
      tracks: { usual: track, changed: track, misleading: track },
    },
  );
  const served = createServedLog().begin({
    id: 'A',
    camera: camera.id,
    stream: 'main',
    transport: 'tcp',
    remote: 'x',
  });
  const socket = {
    writableLength: 0,
    written: [] as Buffer[],
    write: (data: Buffer) => socket.written.push(data) > 0,
  };
  const session = createSession({
    ...{
      id: 'A',
      stream,
      served,
      faults,
      quirks: new Set<QuirkKind>(),
      slab: createSlab(),
      random: () => 0.5,
    },
    ...{ backlogBytes: 1000, heardMonoUs: 0 },
  });
  session.video = { kind: 'tcp', socket: socket as unknown as Socket, rtp: 0, rtcp: 1 };
  const runTo = (frame: number) => {
    clock.nowUs = Math.ceil((frame * 1_000_000) / 15) + 1;
    stream.tick(clock.nowUs);
  };
  return { clock, session, served, socket, runTo };
}

describe('a session', () => {
  it('begins with the next key frame and misses none after it, however late the timer comes', () => {
    const { session, served, runTo } = setUp();
    runTo(3);
    session.play();
    runTo(14);
    expect(served.framesSent).toBe(0);
    runTo(40);
    expect([served.firstFrame, served.lastFrame, served.framesSent]).toEqual([15, 40, 26]);
  });

  it('drops whole frames of a client that does not read, up to a key frame, and names them', () => {
    const { session, served, socket, runTo } = setUp();
    session.play();
    runTo(17);
    socket.writableLength = 5000;
    runTo(20);
    socket.writableLength = 0;
    runTo(33);
    expect(served.droppedSlow).toEqual([[18, 29]]);
    expect(served.framesSent).toBe(33 - 15 + 1 - 12);
    const sequences = socket.written.map((data) => data.readUInt16BE(6));
    expect(sequences[3]! - sequences[2]!).toBe(2 + 12 * 2);
  });

  it('keeps one RTP clock per session, a frame apart', () => {
    const { session, socket, runTo } = setUp();
    const { rtpTime } = session.play();
    runTo(18);
    expect(socket.written.map((data) => data.readUInt32BE(8) - rtpTime)).toEqual([0, 6000, 12_000, 18_000]);
  });
});

describe('a fault board', () => {
  it('finds faults by camera, stream and kind, and ends them', () => {
    const board = createFaultBoard(standingClock());
    const one = board.set({ camera: 'cam01', stream: 'sub', kind: 'drop', rate: 0.1 });
    board.set({ camera: 'cam02', kind: 'stall' });
    expect(board.find('cam01', 'main', 'drop')).toBeUndefined();
    expect(board.find('cam01', 'sub', 'drop')).toEqual(one);
    expect(board.find('cam02', 'main', 'stall')).toBeDefined();
    expect(board.clear({ id: one.id })).toBe(1);
    expect(board.any('cam01')).toBe(false);
    expect(board.clear()).toBe(1);
    expect(board.list()).toEqual([]);
  });
});
