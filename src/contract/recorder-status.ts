import { z } from 'zod';

/** What the recorder says about itself, over its socket and as the document of `girok status --json`. */

const instant = z.iso.datetime();
const count = z.number();

/** What the network did to a stream; counts since its recording began, over all sessions (RFC 3550). */
const networkStatusSchema = z.object({
  packets: count,
  missingPackets: count,
  reorderedPackets: count,
  duplicatePackets: count,
  foreignPackets: count,
  /** Pictures kept although a part of them is missing. */
  damagedFrames: count,
  /** How often the camera set its clock; the pictures went on without a hole. */
  clockJumps: count,
  /** Of the latest session, like all below; absent where its client does not count. */
  transport: z.enum(['tcp', 'udp']).optional(),
  jitterMs: count.optional(),
  /** Camera's clock minus ours, by its sender reports; ± the way through the network. */
  cameraClockOffsetMs: count.optional(),
  /** How much faster the stream's clock runs than ours, parts per million. */
  driftPpm: count.optional(),
});

export const streamStatusSchema = z.object({
  camera: z.string(),
  stream: z.enum(['main', 'sub']),
  state: z.enum(['connecting', 'recording', 'waiting', 'stopped']),
  /** Our own words for why it is not recording. */
  trouble: z.string().optional(),
  source: z.enum(['ffmpeg', 'rtsp']),
  /** Why it is not the usual client, where it is not. */
  sourceReason: z.string().optional(),
  /** Absent where nobody counts: ffmpeg does not. */
  network: networkStatusSchema.optional(),
  codec: z.string().optional(),
  width: count.optional(),
  height: count.optional(),
  /** Measured over the last seconds. */
  fps: count,
  bitsPerSecond: count,
  keyFrameIntervalMs: count.optional(),
  /** Footage up to here survives a power cut. */
  durableUntil: instant.optional(),
  durableAgeMs: count.optional(),
  gap: z.object({ since: instant, cause: z.string() }).optional(),
  gapsEnded: count,
  gapsEndedMs: count,
  reconnects: count,
  frames: count,
  bytes: count,
  runs: count,
  droppedFragments: count,
  /** Held in memory for the disk. */
  backlogBytes: count,
  /** The longest write or sync of the last two segments. */
  slowestWriteMs: count,
  /** This host's clock minus the time written beside the pictures. */
  clockDifferenceMs: count,
});

/** What a camera says it is. */
export const deviceSchema = z.object({
  manufacturer: z.string().max(60).optional(),
  model: z.string().max(60).optional(),
  firmware: z.string().max(60).optional(),
});

export const cameraStatusSchema = z.object({
  id: z.string(),
  name: z.object({ ko: z.string(), en: z.string() }),
  pulled: z.boolean(),
  /** Why it is or is not pulled, e.g. `continuous`, `prohibited`. */
  why: z.string(),
  /** Camera's clock minus ours. */
  clockOffsetMs: count.optional(),
  /** Absent: it has not said. */
  device: deviceSchema.optional(),
  streams: z.array(streamStatusSchema),
});

export const alarmSchema = z.object({
  code: z.string(),
  subject: z.string(),
  since: instant,
  facts: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
});

export const forecastSchema = z.object({
  retentionDays: count,
  /** Measured where a stream has been recorded, else announced by the camera, else assumed. */
  bytesPerDay: count,
  measuredStreams: count,
  assumedStreams: count,
  freeBytes: count,
  heldBytes: count,
  reserveBytes: count,
  /** Days that fit on the disk as it is. */
  daysThatFit: count,
  fits: z.boolean(),
});

export const recorderStatusSchema = z.object({
  v: z.literal(1),
  at: instant,
  startedAt: instant,
  pid: count,
  site: z.string(),
  cameras: z.array(cameraStatusSchema),
  alarms: z.array(alarmSchema),
  disk: z.object({ freeBytes: count, totalBytes: count, reserveBytes: count, room: z.boolean() }),
  forecast: forecastSchema.optional(),
  catalogue: z.object({
    backlog: count,
    oldestWaitingMs: count,
    lastCommitMs: count,
    commits: count,
    trouble: z.string().optional(),
  }),
  spool: z.object({ waiting: count }),
  recovery: z.object({
    state: z.enum(['running', 'done', 'failed']),
    files: count,
    restored: count,
    findings: count,
  }),
  memory: z.object({ rssBytes: count, heapBytes: count }),
  liveListeners: count,
});

export type RecorderStatus = z.infer<typeof recorderStatusSchema>;
export type CameraStatus = z.infer<typeof cameraStatusSchema>;
export type StreamStatus = z.infer<typeof streamStatusSchema>;
export type Forecast = z.infer<typeof forecastSchema>;
