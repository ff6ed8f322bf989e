import type { Migration } from '../migrate.ts';

/**
 * catalogue.db, version by version. A released step is never edited: it is history. The comments inside the
 * statements stay in the file (`.schema` in the sqlite3 shell), for whoever meets the database without the
 * program.
 */
export const CATALOGUE_MIGRATIONS: readonly Migration[] = [
  { version: 1, name: 'segments, runs, gaps', up: (db) => db.exec(VERSION_1) },
  { version: 2, name: 'losses, sender clock', up: (db) => db.exec(VERSION_2) },
  { version: 3, name: 'health', up: (db) => db.exec(VERSION_3) },
];

const VERSION_1 = `
create table stream (
  -- What exists when. All instants: µs since 1970-01-01 UTC. All durations: µs. Sizes: bytes.
  -- A stream is never removed, so that footage outlives its camera's place in the configuration.
  key integer primary key,
  camera text not null check (length(camera) between 1 and 32),
  kind text not null check (kind in ('main', 'sub')),
  first_seen_us integer not null check (first_seen_us > 0),
  -- The longest segment and gap ever listed: how far before a range something may begin and still reach it.
  longest_segment_us integer not null default 0 check (longest_segment_us >= 0),
  longest_gap_us integer not null default 0 check (longest_gap_us >= 0),
  unique (camera, kind)
) strict;

create table run (
  -- One unbroken stretch from one source: media time advances, wall time is media time + one difference.
  key integer primary key,
  id text not null unique check (length(id) = 16),
  stream integer not null references stream (key),
  source text check (source in ('ffmpeg', 'rtsp')), -- null: rebuilt from the files
  codec text not null check (length(codec) between 1 and 64),
  width integer not null check (width between 1 and 65535),
  height integer not null check (height between 1 and 65535),
  timescale integer not null check (timescale between 1 and 4294967295), -- ticks per second of media time
  started_us integer not null check (started_us > 0),
  ended_us integer check (ended_us >= started_us), -- null: not ended, or ended by a crash not yet looked at
  end_cause text check (length(end_cause) between 1 and 32),
  clock_synchronised integer check (clock_synchronised in (0, 1)), -- of this host at the start; null: unknown
  camera_offset_ms integer, -- camera clock − host clock at the start; null: unknown
  wall_minus_media_us integer not null, -- at the start
  check ((ended_us is null) = (end_cause is null))
) strict;
create index run_by_time on run (stream, started_us);
create index run_not_ended on run (stream) where ended_us is null;

create table segment (
  -- One file of the vault. Narrow, because listings walk it; blobs live in segment_detail.
  -- reserved: an id promised to the recorder, no file yet.  open: being written, see segment_open.
  -- sealed: complete.  recovered: cut short by a crash, salvaged.  lost: its file has gone missing.
  key integer primary key,
  id text not null unique check (length(id) = 16),
  stream integer not null references stream (key),
  state text not null check (state in ('reserved', 'open', 'sealed', 'recovered', 'lost')),
  run integer references run (key),
  day text check (length(day) = 10), -- local day of the site that the footage is erased with
  hour integer check (hour between 0 and 24), -- whole hours since that day began: names the key
  file text check (length(file) between 1 and 255), -- below vault/<camera>/<day>/
  start_us integer check (start_us > 0),
  duration_us integer check (duration_us >= 0), -- null while open
  media_start integer check (media_start >= 0), -- ticks of the run's timescale
  wall_minus_media_us integer, -- wall time − media time at the first frame
  bytes integer not null default 0 check (bytes >= 0), -- of the ciphertext; 0 while open
  chunks integer not null default 0 check (chunks >= 0), -- 0 while open
  frames integer not null default 0 check (frames >= 0),
  activity integer not null default 0 check (activity between 0 and 255), -- highest of its GOPs
  check ((state = 'reserved') = (start_us is null)),
  check (state = 'reserved' or (run is not null and day is not null and hour is not null
    and file is not null and media_start is not null and wall_minus_media_us is not null)),
  check ((state in ('reserved', 'open')) = (duration_us is null))
) strict;
-- Covers every listing and the timeline: a day of a stream is one walk along this index.
create index segment_by_time on segment (stream, start_us, duration_us, state, run, activity);
create index segment_by_day on segment (stream, day, bytes, duration_us);
create index segment_unfinished on segment (state) where state in ('reserved', 'open');

create table segment_open (
  -- What is durable of a segment that is still being written. A table of its own: one page is rewritten each
  -- second, instead of a page of segment and one of each index for every stream.
  segment integer primary key references segment (key),
  chunks integer not null check (chunks >= 0), -- whole ciphertext chunks on disk: readers stop there
  duration_us integer not null check (duration_us >= 0),
  bytes integer not null check (bytes >= 0),
  frames integer not null check (frames >= 0),
  activity integer not null check (activity between 0 and 255),
  durable_us integer not null check (durable_us > 0) -- when this was true
) strict;

create table segment_integrity (
  segment integer primary key references segment (key),
  ciphertext_sha256 blob not null check (length(ciphertext_sha256) = 32),
  fragments_root blob not null check (length(fragments_root) = 32),
  leaf_hash blob not null check (length(leaf_hash) = 32)
) strict;

create table segment_detail (
  -- Read for one segment at a time. Formats: src/catalogue/gop-codec.ts and piece-codec.ts.
  segment integer primary key references segment (key),
  gops blob not null check (length(gops) >= 2),
  pieces blob not null check (length(pieces) >= 2)
) strict;

create table gap (
  -- Time without footage that has a known beginning and a cause. Time with neither footage nor a gap is
  -- 'unknown' to every reader; where both exist, footage wins.
  key integer primary key,
  id text not null unique check (length(id) = 16),
  stream integer not null references stream (key),
  from_us integer not null check (from_us > 0),
  to_us integer check (to_us > from_us), -- null: still open
  cause text not null check (cause in ('camera_off', 'refused', 'network', 'we_were_slow', 'disk',
    'maintenance', 'clock_step', 'recorder_failure', 'unknown')),
  detail text not null default '' check (length(detail) <= 200)
) strict;
create index gap_by_time on gap (stream, from_us, to_us, cause);
create index gap_open on gap (stream) where to_us is null;
`;

const VERSION_2 = `
create table loss (
  -- What did not arrive of footage that was kept: pictures are there, some are damaged or missing. Summed over
  -- at most ten seconds. Not in the files: lost with the database.
  key integer primary key,
  id text not null unique check (length(id) = 16),
  stream integer not null references stream (key),
  from_us integer not null check (from_us > 0),
  to_us integer not null check (to_us between from_us and from_us + 10000000),
  missing_packets integer not null check (missing_packets >= 0), -- by their sequence numbers
  damaged_frames integer not null check (damaged_frames >= 0), -- kept although a part of them is missing
  cause text not null check (cause in ('network', 'camera', 'we_were_slow')) -- camera: it left them out itself
) strict;
create index loss_by_time on loss (stream, from_us, to_us, missing_packets, damaged_frames, cause);

alter table run add column sender_offset_ms integer /* camera clock − host clock by the first sender report of
  the run, ± the way through the network; null: none came. Nothing relies on it. */ default null;
alter table run add column source_reason text /* why this source and not the usual client; null: it was the usual
  one, or rebuilt */ check (length(source_reason) between 1 and 200);
`;

const VERSION_3 = `
create table health_minute (
  -- How a stream was over about a minute that ended at at_us. Kept for days, then its ten minutes speak for it.
  -- Not in the files: lost with the database.
  stream integer not null references stream (key),
  at_us integer not null check (at_us > 0),
  fps real not null check (fps >= 0), -- frames that came, by our steady clock
  bits_per_second integer not null check (bits_per_second >= 0),
  missing_packets integer not null check (missing_packets >= 0),
  damaged_frames integer not null check (damaged_frames >= 0),
  clock_offset_ms integer, -- camera clock − host clock; null: unknown
  primary key (stream, at_us)
) strict, without rowid;

create table health_ten_minutes (
  -- The minutes that ended in from_us < at ≤ from_us + 600 s, summed up.
  stream integer not null references stream (key),
  from_us integer not null check (from_us >= 0),
  fps_least real not null,
  fps_mean real not null,
  fps_most real not null,
  bits_least integer not null,
  bits_mean integer not null,
  bits_most integer not null,
  missing_packets integer not null, -- sum
  damaged_frames integer not null, -- sum
  clock_least_ms integer, -- null: unknown
  clock_most_ms integer,
  primary key (stream, from_us)
) strict, without rowid;
`;
