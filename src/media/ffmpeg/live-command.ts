/**
 * ffmpeg's arguments to copy the video of a fragmented MP4 on stdin, never decoding it, as FLV to stdout. It opens
 * nothing else: no file, no network; where the pictures go on to stands on no command line.
 */
export const LIVE_COMMAND: readonly string[] = [
  '-hide_banner',
  '-loglevel',
  'error',
  '-protocol_whitelist',
  'pipe',
  '-f',
  'mov',
  // The init segment says all there is to know: waiting to learn more would be a delay.
  '-fflags',
  'nobuffer',
  '-analyzeduration',
  '0',
  '-fpsprobesize',
  '0',
  '-i',
  'pipe:0',
  '-map',
  '0:v:0',
  '-c',
  'copy',
  '-f',
  'flv',
  '-flvflags',
  'no_duration_filesize',
  '-flush_packets',
  '1',
  'pipe:1',
];
