/** A player of today decodes this much of H.264 wherever it runs. */
const LONGEST_SIDE = 1920;
const SHORTEST_SIDE = 1080;
/** 0.5555… of 2592 is 1440. */
const ROUNDING = 1e-6;

/** Ticks per second of what is fed in and comes out: pictures are numbered, one tick each. */
export const PICTURE_RATE = 25;

export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

/** What pictures of this size are made into: the same size, or what fits into 1920×1080 (upright: 1080×1920). */
export function transcodedSize({ width, height }: PictureSize): PictureSize {
  const [long, short] = [Math.max(width, height), Math.min(width, height)];
  const scale = Math.min(1, LONGEST_SIDE / long, SHORTEST_SIDE / short);
  // 4:2:0 has half as many colours as pixels, each way; x264 wants 16 pixels.
  const even = (side: number) => Math.max(16, 2 * Math.floor((side * scale) / 2 + ROUNDING));
  return { width: even(width), height: even(height) };
}

/**
 * ffmpeg's arguments to decode one group of pictures, a fragmented MP4 on stdin, and to encode it as H.264 on stdout,
 * one fragment a picture. It opens nothing else: no file, no network. Whatever the group is, the parameter sets are
 * the same for one size: nothing of them depends on how many pictures there are or on what they show.
 *
 * Times go through unchanged, and no picture is doubled or left out to keep a rate: a picture that comes out has the
 * number that it went in with.
 */
export const transcodeCommand = ({ width, height }: PictureSize): readonly string[] => [
  ...['-hide_banner', '-loglevel', 'error', '-protocol_whitelist', 'pipe'],
  // One thread holds the fewest pictures in memory; a second one encodes meanwhile.
  ...['-threads', '1', '-copyts', '-f', 'mov', '-i', 'pipe:0', '-map', '0:v:0'],
  ...['-vf', `scale=${width}:${height}:flags=fast_bilinear,format=yuv420p`],
  ...['-fps_mode', 'passthrough', '-enc_time_base', `1:${PICTURE_RATE}`],
  ...['-c:v', 'libx264', '-threads', '1', '-preset', 'superfast', '-profile:v', 'main', '-level:v', '4.2'],
  // Only the first picture is a key frame, none is shown before one that was sent earlier.
  ...['-g', '1000000', '-sc_threshold', '0', '-bf', '0', '-refs', '1'],
  ...['-crf', '23', '-maxrate', '10M', '-bufsize', '10M'],
  ...['-x264-params', `fps=${PICTURE_RATE}/1`],
  // What x264 says about itself, in each group anew.
  ...['-bsf:v', 'filter_units=remove_types=6'],
  ...[
    '-f',
    'mp4',
    '-use_editlist',
    '0',
    '-avoid_negative_ts',
    'disabled',
    '-video_track_timescale',
    String(PICTURE_RATE),
  ],
  // A picture's own number is its time: not counted from the first that comes.
  ...[
    '-movflags',
    'empty_moov+default_base_moof+frag_every_frame+frag_discont',
    '-flush_packets',
    '1',
    'pipe:1',
  ],
];
