/**
 * ffmpeg's arguments to decode the first picture of a fragmented MP4 on stdin into bytes of brightness on stdout, row by
 * row. It opens nothing else: no file, no network.
 */
export const greyCommand = (width: number, height: number): readonly string[] => [
  ...['-hide_banner', '-loglevel', 'error', '-protocol_whitelist', 'pipe'],
  ...['-threads', '1', '-f', 'mov', '-i', 'pipe:0', '-map', '0:v:0', '-frames:v', '1'],
  // Each pixel is the mean of those that it stands for.
  ...['-vf', `scale=${width}:${height}:flags=area,format=gray`],
  ...['-f', 'rawvideo', 'pipe:1'],
];
