import { Counter, Gauge, Registry } from 'prom-client';
import type { CameraStatus, RecorderStatus, StreamStatus } from '../contract/recorder-status.ts';
import { isRecording } from '../stewardship/health.ts';
import type { allAlarms } from '../stewardship/read-alarm-book.ts';

export const METRICS_TYPE = Registry.PROMETHEUS_CONTENT_TYPE;

const STREAM_STATES: readonly StreamStatus['state'][] = ['connecting', 'recording', 'waiting', 'stopped'];

const SOURCES: readonly StreamStatus['source'][] = ['rtsp', 'ffmpeg'];

interface Metric<T> {
  readonly name: string;
  readonly help: string;
  readonly counts?: true;
  /** Absent: nothing to tell, so no sample. */
  value(of: T, status: RecorderStatus): number | undefined;
}

const ofSite: readonly Metric<RecorderStatus>[] = [
  {
    name: 'recorder_start_seconds',
    help: 'When the recorder started, Unix time',
    value: (s) => Date.parse(s.startedAt) / 1000,
  },
  {
    name: 'recorder_rss_bytes',
    help: 'Resident memory of the recorder without its children',
    value: (s) => s.memory.rssBytes,
  },
  { name: 'disk_free_bytes', help: 'Room left on the storage disk', value: (s) => s.disk.freeBytes },
  { name: 'disk_total_bytes', help: 'Size of the storage disk', value: (s) => s.disk.totalBytes },
  { name: 'disk_reserve_bytes', help: 'Kept free; recording stops there', value: (s) => s.disk.reserveBytes },
  { name: 'disk_room', help: '1 while there is room to record', value: (s) => Number(s.disk.room) },
  {
    name: 'forecast_days',
    help: 'Days of footage that fit on the disk',
    value: (s) => s.forecast?.daysThatFit,
  },
  {
    name: 'forecast_fits',
    help: '1 when the retention period fits',
    value: (s) => s.forecast && Number(s.forecast.fits),
  },
  {
    name: 'forecast_bytes_per_day',
    help: 'What all cameras write in a day',
    value: (s) => s.forecast?.bytesPerDay,
  },
  { name: 'retention_days', help: 'Full days that are kept', value: (s) => s.forecast?.retentionDays },
  { name: 'catalogue_backlog', help: 'Changes that are not durable yet', value: (s) => s.catalogue.backlog },
  {
    name: 'catalogue_oldest_waiting_seconds',
    help: 'How long the oldest of them has waited',
    value: (s) => s.catalogue.oldestWaitingMs / 1000,
  },
  {
    name: 'catalogue_last_commit_seconds',
    help: 'How long the last commit took',
    value: (s) => s.catalogue.lastCommitMs / 1000,
  },
  { name: 'catalogue_commits_total', help: 'Commits', counts: true, value: (s) => s.catalogue.commits },
  { name: 'spool_waiting', help: 'Ledger entries that are not durable yet', value: (s) => s.spool.waiting },
  { name: 'recovery_findings', help: 'Files that cannot be opened', value: (s) => s.recovery.findings },
  { name: 'live_listeners', help: 'Viewers of live fragments', value: (s) => s.liveListeners },
];

const ofCamera: readonly Metric<CameraStatus>[] = [
  { name: 'camera_pulled', help: '1 when the camera is to be recorded now', value: (c) => Number(c.pulled) },
  {
    name: 'camera_recording',
    help: '1 while every stream of the camera records',
    value: (c) => Number(isRecording(c)),
  },
  {
    name: 'camera_clock_offset_seconds',
    help: "Camera's clock minus this host's",
    value: (c) => seconds(c.clockOffsetMs),
  },
];

const ofStream: readonly Metric<StreamStatus>[] = [
  { name: 'stream_fps', help: 'Pictures a second over the last seconds', value: (s) => s.fps },
  { name: 'stream_bits_per_second', help: 'Bit rate over the last seconds', value: (s) => s.bitsPerSecond },
  {
    name: 'stream_key_frame_interval_seconds',
    help: 'Time between key frames',
    value: (s) => seconds(s.keyFrameIntervalMs),
  },
  {
    name: 'stream_durable_age_seconds',
    help: 'Age of the last footage that survives a power cut',
    value: (s) => seconds(s.durableAgeMs),
  },
  {
    name: 'stream_slowest_write_ms',
    help: 'Longest write or sync of the last two segments',
    value: (s) => s.slowestWriteMs,
  },
  { name: 'stream_backlog_bytes', help: 'Held in memory for the disk', value: (s) => s.backlogBytes },
  {
    name: 'stream_clock_difference_seconds',
    help: "This host's clock minus the time written beside the pictures",
    value: (s) => seconds(s.clockDifferenceMs),
  },
  {
    name: 'stream_open_gap_seconds',
    help: 'Length of the gap that is open now; 0 without one',
    value: (s, { at }) => (s.gap ? (Date.parse(at) - Date.parse(s.gap.since)) / 1000 : 0),
  },
  {
    name: 'stream_gaps_total',
    help: 'Gaps that ended since the recorder started',
    counts: true,
    value: (s) => s.gapsEnded,
  },
  {
    name: 'stream_gap_seconds_total',
    help: 'Their length',
    counts: true,
    value: (s) => s.gapsEndedMs / 1000,
  },
  {
    name: 'stream_reconnects_total',
    help: 'Times the stream was pulled anew',
    counts: true,
    value: (s) => s.reconnects,
  },
  { name: 'stream_frames_total', help: 'Pictures recorded', counts: true, value: (s) => s.frames },
  { name: 'stream_bytes_total', help: 'Bytes recorded', counts: true, value: (s) => s.bytes },
  {
    name: 'stream_dropped_fragments_total',
    help: 'Fragments that were lost because the disk was too slow',
    counts: true,
    value: (s) => s.droppedFragments,
  },
  {
    name: 'rtp_packets_total',
    help: 'Packets received (RFC 3550)',
    counts: true,
    value: (s) => s.network?.packets,
  },
  {
    name: 'rtp_packets_missing_total',
    help: 'Packets that never came, by their sequence numbers',
    counts: true,
    value: (s) => s.network?.missingPackets,
  },
  {
    name: 'rtp_packets_reordered_total',
    help: 'Packets that came in another order and were put right',
    counts: true,
    value: (s) => s.network?.reorderedPackets,
  },
  {
    name: 'rtp_packets_duplicate_total',
    help: 'Packets that came more than once',
    counts: true,
    value: (s) => s.network?.duplicatePackets,
  },
  {
    name: 'rtp_packets_foreign_total',
    help: "Packets of somebody else's stream, or unreadable",
    counts: true,
    value: (s) => s.network?.foreignPackets,
  },
  {
    name: 'frames_damaged_total',
    help: 'Pictures kept although a part of them is missing',
    counts: true,
    value: (s) => s.network?.damagedFrames,
  },
  {
    name: 'camera_clock_jumps_total',
    help: 'How often the camera set the clock of its stream; the recording went on without a hole',
    counts: true,
    value: (s) => s.network?.clockJumps,
  },
  {
    name: 'rtp_jitter_seconds',
    help: 'Mean deviation of the arrival times (RFC 3550, 6.4.1)',
    value: (s) => seconds(s.network?.jitterMs),
  },
  {
    name: 'rtp_sender_clock_offset_seconds',
    help: "Camera's clock minus this host's by the stream's sender reports, give or take the way through the network",
    value: (s) => seconds(s.network?.cameraClockOffsetMs),
  },
  {
    name: 'rtp_clock_drift_ppm',
    help: "How much faster the stream's clock runs than this host's, parts per million",
    value: (s) => s.network?.driftPpm,
  },
];

/**
 * What the recorder says of itself as Prometheus text; without a recorder only `girok_recorder_up 0`
 * and the alarms of the others. Counters
 * begin at 0 with each start of the recorder.
 */
export function metricsText(
  status: RecorderStatus | undefined,
  standing: ReturnType<typeof allAlarms>,
): Promise<string> {
  const registry = new Registry();
  const gauge = <L extends string>(name: string, help: string, labelNames: L[] = []) =>
    new Gauge({ name: `girok_${name}`, help, labelNames, registers: [registry] });
  gauge('recorder_up', '1 while the recorder answers').set(status ? 1 : 0);
  const alarms = gauge('alarm', '1 while the alarm stands', ['alarm', 'subject', 'process', 'severity']);
  for (const { code, subject, process, severity } of standing)
    alarms.set({ alarm: code, subject, process, severity }, 1);
  if (!status) return registry.metrics();

  const tell = <T>(
    metrics: readonly Metric<T>[],
    things: readonly T[],
    labelsOf: (of: T) => Record<string, string>,
  ) => {
    for (const { name, help, counts, value } of metrics) {
      const samples = things.flatMap((of) => {
        const amount = value(of, status);
        return amount === undefined ? [] : [{ labels: labelsOf(of), amount }];
      });
      // prom-client would show a metric without samples as 0, which says something else.
      if (samples.length === 0) continue;
      const options = {
        name: `girok_${name}`,
        help,
        labelNames: things[0] === undefined ? [] : Object.keys(labelsOf(things[0])),
        registers: [registry],
      };
      if (counts) {
        const counter = new Counter(options);
        for (const { labels, amount } of samples) counter.inc(labels, amount);
      } else {
        const one = new Gauge(options);
        for (const { labels, amount } of samples) one.set(labels, amount);
      }
    }
  };
  const streams = status.cameras.flatMap((camera) => camera.streams);
  tell(ofSite, [status], () => ({}));
  tell(ofCamera, status.cameras, ({ id }) => ({ camera: id }));
  tell(ofStream, streams, ({ camera, stream }) => ({ camera, stream }));

  const states = gauge('stream_state', '1 for the state that the stream is in', [
    'camera',
    'stream',
    'state',
  ]);
  for (const { camera, stream, state } of streams)
    for (const each of STREAM_STATES) states.set({ camera, stream, state: each }, Number(each === state));
  const sources = gauge('stream_source', '1 for the client that pulls the stream', [
    'camera',
    'stream',
    'source',
  ]);
  for (const { camera, stream, source } of streams)
    for (const each of SOURCES) sources.set({ camera, stream, source: each }, Number(each === source));
  return registry.metrics();
}

const seconds = (ms: number | undefined): number | undefined => (ms === undefined ? undefined : ms / 1000);
