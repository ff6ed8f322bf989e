import { describe, expect, it } from 'vitest';
import { pullCommand } from '../../../src/media/ffmpeg/pull-command.ts';

describe('the command that pulls a camera', () => {
  it.each([
    ['tcp', ['-rtsp_transport', 'tcp'], 'tcp'],
    ['udp', ['-rtsp_transport', 'udp'], 'tcp,rtp,udp'],
    ['auto', ['-rtsp_transport', 'tcp+udp', '-rtsp_flags', 'prefer_tcp'], 'tcp,rtp,udp'],
  ] as const)('is exactly this over %s', (transport, way, protocols) => {
    expect(pullCommand('rtsp://127.0.0.1:40001/0f', transport)).toEqual([
      ...['-nostdin', '-hide_banner', '-loglevel', 'error', '-protocol_whitelist', protocols, '-f', 'rtsp'],
      ...[...way, '-allowed_media_types', 'video', '-timeout', '5000000'],
      ...['-analyzeduration', '2000000', '-fpsprobesize', '0'],
      ...['-i', 'rtsp://127.0.0.1:40001/0f'],
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
