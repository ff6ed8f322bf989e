import type { Generated } from 'kysely';

/** The tables of catalogue.db for Kysely; what the columns mean is said in `migrations.ts`. */
export interface CatalogueTables {
  stream: StreamTable;
  run: RunTable;
  segment: SegmentTable;
  segment_open: SegmentOpenTable;
  segment_integrity: SegmentIntegrityTable;
  segment_detail: SegmentDetailTable;
  gap: GapTable;
  loss: LossTable;
  health_minute: HealthMinuteTable;
  health_ten_minutes: HealthTenMinutesTable;
}

interface StreamTable {
  key: Generated<number>;
  camera: string;
  kind: 'main' | 'sub';
  first_seen_us: number;
  longest_segment_us: Generated<number>;
  longest_gap_us: Generated<number>;
}

interface RunTable {
  key: Generated<number>;
  id: string;
  stream: number;
  source: 'ffmpeg' | 'rtsp' | null;
  codec: string;
  width: number;
  height: number;
  timescale: number;
  started_us: number;
  ended_us: number | null;
  end_cause: string | null;
  clock_synchronised: 0 | 1 | null;
  camera_offset_ms: number | null;
  wall_minus_media_us: number;
  sender_offset_ms: number | null;
  source_reason: string | null;
}

interface SegmentTable {
  key: Generated<number>;
  id: string;
  stream: number;
  state: 'reserved' | 'open' | 'sealed' | 'recovered' | 'lost';
  run: number | null;
  day: string | null;
  hour: number | null;
  file: string | null;
  start_us: number | null;
  duration_us: number | null;
  media_start: number | null;
  wall_minus_media_us: number | null;
  bytes: Generated<number>;
  chunks: Generated<number>;
  frames: Generated<number>;
  activity: Generated<number>;
}

interface SegmentOpenTable {
  segment: number;
  chunks: number;
  duration_us: number;
  bytes: number;
  frames: number;
  activity: number;
  durable_us: number;
}

interface SegmentIntegrityTable {
  segment: number;
  ciphertext_sha256: Buffer;
  fragments_root: Buffer;
  leaf_hash: Buffer;
}

interface SegmentDetailTable {
  segment: number;
  gops: Buffer;
  pieces: Buffer;
}

interface GapTable {
  key: Generated<number>;
  id: string;
  stream: number;
  from_us: number;
  to_us: number | null;
  cause: string;
  detail: Generated<string>;
}

interface LossTable {
  key: Generated<number>;
  id: string;
  stream: number;
  from_us: number;
  to_us: number;
  missing_packets: number;
  damaged_frames: number;
  cause: string;
}

interface HealthMinuteTable {
  stream: number;
  at_us: number;
  fps: number;
  bits_per_second: number;
  missing_packets: number;
  damaged_frames: number;
  clock_offset_ms: number | null;
}

interface HealthTenMinutesTable {
  stream: number;
  from_us: number;
  fps_least: number;
  fps_mean: number;
  fps_most: number;
  bits_least: number;
  bits_mean: number;
  bits_most: number;
  missing_packets: number;
  damaged_frames: number;
  clock_least_ms: number | null;
  clock_most_ms: number | null;
}
