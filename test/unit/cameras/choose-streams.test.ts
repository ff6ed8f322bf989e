import { describe, expect, it } from 'vitest';
import { chooseStreams, codecOf, type MediaProfile } from '../../../src/cameras/choose-streams.ts';

const profile = (
  token: string,
  encoding: string,
  width: number,
  height: number,
  more: Partial<MediaProfile> = {},
) => ({
  token,
  encoding,
  width,
  height,
  encoderToken: `encoder ${token}`,
  ...more,
});
const chosen = (...profiles: MediaProfile[]) => {
  const streams = chooseStreams(profiles);
  return streams && [streams.main.token, streams.sub?.token];
};

describe('the streams to record', () => {
  it('are the largest, and the largest small one that every browser plays', () => {
    expect(
      chosen(
        profile('tiny', 'H264', 320, 180),
        profile('sub', 'H264', 640, 360),
        profile('big', 'H265', 2560, 1440),
        profile('hevc', 'H265', 1280, 720),
        profile('middle', 'H264', 1920, 1080),
      ),
    ).toEqual(['big', 'sub']);
  });

  it('take a small H.265 stream when there is no H.264', () => {
    expect(chosen(profile('big', 'H265', 1920, 1080), profile('small', 'H265', 640, 360))).toEqual([
      'big',
      'small',
    ]);
  });

  it('never are pictures that are not video of the two codings', () => {
    expect(chosen(profile('jpeg', 'JPEG', 4000, 3000), profile('main', 'H264', 1920, 1080))).toEqual([
      'main',
      undefined,
    ]);
    expect(chosen(profile('jpeg', 'JPEG', 4000, 3000))).toBeUndefined();
    expect(chosen()).toBeUndefined();
  });

  it('do not call the same encoder twice a sub-stream', () => {
    const same = { encoderToken: 'one' };
    expect(chosen(profile('a', 'H264', 1920, 1080, same), profile('b', 'H264', 640, 360, same))).toEqual([
      'a',
      undefined,
    ]);
  });

  it('stay with the first video source of a device that has several', () => {
    expect(
      chosen(
        profile('a', 'H264', 1280, 720, { sourceToken: '1' }),
        profile('b', 'H264', 3840, 2160, { sourceToken: '2' }),
        profile('c', 'H264', 640, 360, { sourceToken: '1' }),
      ),
    ).toEqual(['a', 'c']);
  });

  it.each([
    ['H264', 'h264'],
    ['h.264', 'h264'],
    ['H265', 'h265'],
    ['HEVC', 'h265'],
    ['MPEG4', undefined],
    ['', undefined],
  ])('know %s as %s', (encoding, codec) => {
    expect(codecOf(encoding)).toBe(codec);
  });
});
