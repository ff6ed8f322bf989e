import { describe, expect, it } from 'vitest';
import { pullCommand } from '../../../src/media/ffmpeg/pull-command.ts';

describe('the command that pulls a camera', () => {
  it.each(['tcp', 'udp'] as const)('is exactly this over %s', (transport) => {
    expect(pullCommand('rtsp://admin:p%20w@127.0.0.1:554/live', transport)).toEqual([
      ...['-nostdin', '-hide_banner', '-loglevel', 'error'],
      ...['-protocol_whitelist', 'rtsp,rtsps,rtp,srtp,tcp,tls,udp', '-f', 'rtsp'],
      ...['-rtsp_transport', transport, '-allowed_media_types', 'video', '-timeout', '5000000'],
      ...['-analyzeduration', '2000000', '-fpsprobesize', '0'],
      ...['-i', 'rtsp://admin:p%20w@127.0.0.1:554/live'],
      ...['-map', '0:v:0', '-c', 'copy', '-copyinkf'],
      ...['-movflags', '+frag_keyframe+empty_moov+default_base_moof', '-frag_duration', '500000'],
      ...['-video_track_timescale', '90000', '-f', 'mp4', 'pipe:1'],
    ]);
  });

  it.each([
    'rtsp://127.0.0.1/a b;$(reboot)`id`"\'|&> /tmp/x',
    'rtsp://127.0.0.1/ -i file:///etc/passwd',
    'file:///etc/passwd',
    '-version',
  ])('keeps %s one argument behind -i, to be opened as RTSP or not at all', (url) => {
    const args = pullCommand(url, 'tcp');
    expect(args.filter((arg) => arg === url)).toHaveLength(1);
    expect(args[args.indexOf(url) - 1]).toBe('-i');
    expect(args.slice(0, args.indexOf('-i'))).toEqual(expect.arrayContaining(['-f', 'rtsp']));
    const plain = pullCommand('rtsp://127.0.0.1/', 'tcp');
    expect(args.filter((arg) => arg !== url)).toEqual(plain.filter((arg) => arg !== 'rtsp://127.0.0.1/'));
  });
});
