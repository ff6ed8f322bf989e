import ffmpeg from 'fluent-ffmpeg';

/** Shorter than a second, so that a crash loses little; a key frame always begins a fragment. */
const FRAGMENT_US = 500_000;
/** Media times of the output, ticks per second: the RTP clock of every video format. */
export const PULL_TIMESCALE = 90_000;
const SOCKET_TIMEOUT_US = 5_000_000;

/** By what ffmpeg may be given a stream: `auto` is TCP first, and UDP where the camera insists on it. */
const TRANSPORTS = {
  auto: { options: ['-rtsp_transport', 'tcp+udp', '-rtsp_flags', 'prefer_tcp'], protocols: 'tcp,rtp,udp' },
  tcp: { options: ['-rtsp_transport', 'tcp'], protocols: 'tcp' },
  udp: { options: ['-rtsp_transport', 'udp'], protocols: 'tcp,rtp,udp' },
} as const;

/**
 * ffmpeg's arguments to copy the video of one RTSP stream, never decoding it, as fragmented MP4 to stdout.
 * `-f rtsp` with the protocol whitelist lets nothing but RTSP be opened, whatever the URL says, and
 * `-allowed_media_types video` keeps audio from ever being set up.
 *
 * @param url without user info: it stands on a command line that all can read.
 */
export function pullCommand(url: string, transport: keyof typeof TRANSPORTS): string[] {
  const { options, protocols } = TRANSPORTS[transport];
  const command = ffmpeg(url)
    .inputOptions([
      '-nostdin',
      '-hide_banner',
      '-loglevel',
      'error',
      '-protocol_whitelist',
      protocols,
      '-f',
      'rtsp',
      ...options,
      '-allowed_media_types',
      'video',
      '-timeout',
      String(SOCKET_TIMEOUT_US),
      // Enough to find the parameter sets of a camera that does not announce them; what was read is kept.
      '-analyzeduration',
      '2000000',
      '-fpsprobesize',
      '0',
    ])
    .outputOptions([
      '-map',
      '0:v:0',
      '-c',
      'copy',
      // Frames before the first key frame too: they are not recorded, but they show that the camera lives.
      '-copyinkf',
      '-movflags',
      '+frag_keyframe+empty_moov+default_base_moof',
      '-frag_duration',
      String(FRAGMENT_US),
      '-video_track_timescale',
      String(PULL_TIMESCALE),
    ])
    .format('mp4')
    .output('pipe:1');
  // The builder has no public way to hand out its arguments, and its own start passes our environment on.
  return (command as unknown as { _getArguments(): string[] })._getArguments();
}
