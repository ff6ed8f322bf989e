import type { CameraStatus, RecorderStatus, StreamStatus } from '../../src/contract/recorder-status.ts';

/** What our own client counts; a little went missing. */
export const NETWORK = {
  packets: 99_988,
  missingPackets: 12,
  reorderedPackets: 5,
  duplicatePackets: 4,
  foreignPackets: 3,
  damagedFrames: 2,
  clockJumps: 1,
  transport: 'udp',
  jitterMs: 1.5,
  cameraClockOffsetMs: -2500,
  driftPpm: 40,
} as const satisfies StreamStatus['network'];

/** A stream that records well. */
export const streamStatus = (changes: Partial<StreamStatus> = {}): StreamStatus => ({
  camera: 'cam01',
  stream: 'main',
  state: 'recording',
  source: 'ffmpeg',
  codec: 'avc1.640028',
  width: 1920,
  height: 1080,
  fps: 15,
  bitsPerSecond: 4_000_000,
  keyFrameIntervalMs: 1000,
  durableUntil: '2026-11-22T03:00:00.000Z',
  durableAgeMs: 900,
  gapsEnded: 2,
  gapsEndedMs: 7500,
  reconnects: 3,
  frames: 900,
  bytes: 30_000_000,
  runs: 1,
  droppedFragments: 0,
  backlogBytes: 4096,
  slowestWriteMs: 12,
  clockDifferenceMs: 12,
  ...changes,
});

export const cameraStatus = (id: string, changes: Partial<CameraStatus> = {}): CameraStatus => ({
  id,
  name: { ko: '현관', en: 'Entrance' },
  pulled: true,
  why: 'continuous',
  streams: [streamStatus({ camera: id }), streamStatus({ camera: id, stream: 'sub' })],
  ...changes,
});

/** A recorder with one camera that is well. */
export const recorderStatus = (changes: Partial<RecorderStatus> = {}): RecorderStatus => ({
  v: 1,
  at: '2026-11-22T03:00:01.000Z',
  startedAt: '2026-11-22T02:00:00.000Z',
  pid: 4711,
  site: 'Clinic',
  cameras: [cameraStatus('cam01')],
  alarms: [],
  disk: { freeBytes: 500e9, totalBytes: 1000e9, reserveBytes: 20e9, room: true },
  forecast: {
    retentionDays: 30,
    bytesPerDay: 45e9,
    measuredStreams: 1,
    assumedStreams: 1,
    freeBytes: 500e9,
    heldBytes: 0,
    reserveBytes: 20e9,
    daysThatFit: 10.7,
    fits: false,
  },
  catalogue: { backlog: 3, oldestWaitingMs: 400, lastCommitMs: 12, commits: 99 },
  spool: { waiting: 0 },
  recovery: { state: 'done', files: 0, restored: 0, findings: 0 },
  memory: { rssBytes: 90e6, heapBytes: 30e6 },
  liveListeners: 0,
  ...changes,
});
