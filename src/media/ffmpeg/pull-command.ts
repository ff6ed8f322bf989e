import ffmpeg from 'fluent-ffmpeg';

/** Shorter than a second, so that a crash loses little; a key frame always begins a fragment. */
const FRAGMENT_US = 500_000;
/** Media times of the output, ticks per second: the RTP clock of every video format. */
export const PULL_TIMESCALE = 90_000;
const SOCKET_TIMEOUT_US = 5_000_000;

/**
 * ffmpeg's arguments to copy the video of one RTSP stream, never decoding it, as fragmented MP4 to stdout.
 * `-f rtsp` with the protocol whitelist lets nothing but RTSP be opened, whatever the URL says, and
 * `-allowed_media_types video` keeps audio from ever being set up.
 *
 * @param url complete URL; its password stands on ffmpeg's command line until our own client replaces it.
 */
export function pullCommand(url: string, transport: 'tcp' | 'udp'): string[] {
  const command = ffmpeg(url)
    .inputOptions([
      '-nostdin',
      '-hide_banner',
      '-loglevel',
      'error',
      '-protocol_whitelist',
      'rtsp,rtsps,rtp,srtp,tcp,tls,udp',
      '-f',
      'rtsp',
      '-rtsp_transport',
      transport,
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
