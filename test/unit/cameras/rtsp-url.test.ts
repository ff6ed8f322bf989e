import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRtspUrl, printRtspUrl } from '../../../src/cameras/rtsp-url.ts';
import { GirokError } from '../../../src/lib/errors.ts';

describe('an RTSP address', () => {
  it.each([
    'rtsp://10.0.0.1/Streaming/Channels/101?transportmode=unicast&profile=Profile_1',
    'rtsp://10.0.0.1:554/cam/realmonitor?channel=1&subtype=0',
    'rtsps://[fd00::1]:322/a;b=c/%20x',
    'rtsp://camera.local',
    'rtsp://10.0.0.1:8554?x',
  ])('%s comes back to the letter', (url) => {
    expect(printRtspUrl(parseRtspUrl(url, 'refuse'))).toBe(url);
  });

  it('names the pinned address instead of the host and keeps the rest', () => {
    const url = parseRtspUrl('RTSP://camera.local:8554/a?b#c', 'refuse');
    expect(printRtspUrl(url, 'fd00::1')).toBe('rtsp://[fd00::1]:8554/a?b#c');
  });

  it.each([
    'http://10.0.0.1/',
    'rtsp:/10.0.0.1',
    'rtsp://',
    'rtsp:///path',
    'rtsp://a:b@10.0.0.1/',
    '-i',
    'file:///etc/passwd',
    'concat:rtsp://10.0.0.1',
    'rtsp://10.0.0.1:0/',
    'rtsp://10.0.0.1:65536/',
    'rtsp://10.0.0.1:x/',
    'rtsp://10.0.0.1\\@evil/',
    'rtsp://10.0.0.1/a b',
    'rtsp://10.0.0.1/\r\nPLAY',
    'rtsp://10.0.0.1/\u0000',
    'rtsp://[10.0.0.1]/',
    'rtsp://a|b/',
    `rtsp://10.0.0.1/${'x'.repeat(512)}`,
    'rtsp://10.0.0.1/\ud800',
    'rtsp+tcp://10.0.0.1/',
    ' rtsp://10.0.0.1/',
  ])('%j is refused', (url) => {
    expect(() => parseRtspUrl(url, 'refuse')).toThrow(
      expect.objectContaining({ code: 'camera_url_refused' }),
    );
  });

  it('loses the login that a camera wrote into it', () => {
    expect(printRtspUrl(parseRtspUrl('rtsp://a:p@ss@10.0.0.1/x@y', 'strip'))).toBe('rtsp://10.0.0.1/x@y');
  });

  it('either parses or is refused, and never begins with a dash', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 600 }), (junk) => {
        for (const text of [junk, `rtsp://${junk}`, `rtsp://10.0.0.1/${junk}`]) {
          try {
            const printed = printRtspUrl(parseRtspUrl(text, 'strip'));
            if (!/^rtsps?:\/\/[^@/]+/.test(printed) || /\p{Cc}/u.test(printed)) return false;
          } catch (error) {
            if (!(error instanceof GirokError) || (junk.length > 3 && error.message.includes(junk)))
              return false;
          }
        }
        return true;
      }),
    );
  });
});
