import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readDescription } from '../../../src/rtsp/sdp.ts';

const SPS = Buffer.from('67640028acd940780227e5c05a808080a0000003002000000781e30632c0', 'hex');
const PPS = Buffer.from('68ebe3cb22c0', 'hex');
const b64 = (bytes: Buffer) => bytes.toString('base64');
const USUAL = ['v=0', 'o=- 1 1 IN IP4 1.2.3.4', 's=x', 'c=IN IP4 0.0.0.0', 't=0 0', 'a=control:*'];
const VIDEO = ['m=video 0 RTP/AVP 96', 'a=rtpmap:96 H264/90000', 'a=control:trackID=1'];
const sdp = (...lines: string[]) => `${lines.join('\r\n')}\r\n`;
const plain = { codec: 'h264', clockRate: 90_000, payloadType: 96, parameterSets: [], control: 'trackID=1' };

describe('a description', () => {
  it.each<[name: string, text: string, track: object]>([
    [
      'as it should be',
      sdp(
        ...USUAL,
        ...VIDEO,
        `a=fmtp:96 packetization-mode=1;profile-level-id=640028;sprop-parameter-sets=${b64(SPS)},${b64(PPS)}`,
      ),
      { ...plain, parameterSets: [SPS, PPS], presentationControl: '*' },
    ],
    [
      'of H.265',
      sdp(
        ...USUAL,
        'm=video 0 RTP/AVP 98',
        'a=rtpmap:98 h265/90000',
        'a=fmtp:98 sprop-pps=AwM=; sprop-vps=AQE=; sprop-sps=AgI=,AgM=',
      ),
      {
        codec: 'h265',
        payloadType: 98,
        control: undefined,
        parameterSets: ['0101', '0202', '0203', '0303'].map((hex) => Buffer.from(hex, 'hex')),
      },
    ],
    [
      'without o=, with several s=, with a broken c=',
      sdp('v=0', 's=a', 's=b', 'c=IN IP4', 'c=', 'k', '=', ...VIDEO),
      plain,
    ],
    ['without v=', sdp(...VIDEO), plain],
    ['with bare line feeds and trailing blanks', VIDEO.map((line) => `${line}  \t`).join('\n'), plain],
    ['with the control first', sdp(...USUAL, VIDEO[0]!, VIDEO[2]!, VIDEO[1]!), plain],
    [
      'with a media section that cannot be read',
      sdp(
        ...USUAL,
        'm=application/TP-LINK 0 RTP/AVP smart/1/90000',
        'a=rtpmap:95 TP-LINK/90000',
        'm=video',
        'a=control:x',
        ...VIDEO,
      ),
      plain,
    ],
    [
      'with audio first',
      sdp(...USUAL, 'm=audio 0 RTP/AVP 8 0', 'a=control:audio', 'a=fmtp:96 x=1', ...VIDEO),
      plain,
    ],
    [
      'with metadata and a second video',
      sdp(
        ...VIDEO,
        'm=application 0 RTP/AVP 107',
        'a=control:meta',
        'm=video 0 RTP/AVP 97',
        'a=rtpmap:97 H265/90000',
        'a=control:t3',
      ),
      plain,
    ],
    ['with a video first that is not for us', sdp('m=video 0 RTP/AVP 26', 'a=control:jpeg', ...VIDEO), plain],
    ['with fmtp empty', sdp(...VIDEO, 'a=fmtp:96', 'a=fmtp:96 '), plain],
    [
      'with fmtp without parameter sets',
      sdp(...VIDEO, 'a=fmtp:96 packetization-mode=1;profile-level-id=640028'),
      plain,
    ],
    [
      'with fmtp of another payload type',
      sdp(...VIDEO, 'a=fmtp:97 packetization-mode=2;sprop-parameter-sets=aaaa'),
      plain,
    ],
    [
      'with fmtp in another section',
      sdp(...VIDEO, 'm=audio 0 RTP/AVP 0', `a=fmtp:96 sprop-parameter-sets=${b64(SPS)}`),
      { ...plain, parameterSets: [SPS] },
    ],
    [
      'with several rtpmaps',
      sdp(
        'm=video 0 RTP/AVP 97 96',
        'a=rtpmap:96 H264/90000',
        'a=rtpmap:97 rtx/90000',
        'a=control:trackID=1',
      ),
      plain,
    ],
    [
      'with an rtpmap the section does not name',
      sdp('m=video 0 RTP/AVP 35', 'a=rtpmap:96 H264/90000 ', 'a=control:trackID=1'),
      plain,
    ],
    [
      'with an rtpmap without a clock',
      sdp('m=video 0 RTP/AVP 96', 'a=rtpmap:96  H264', 'a=control:trackID=1'),
      plain,
    ],
    [
      'with another clock',
      sdp('m=video 0 RTP/AVP 96', 'a=rtpmap:96 H264/45000/1', 'a=control:trackID=1'),
      { ...plain, clockRate: 45_000 },
    ],
    [
      'with bytes behind the SPS',
      sdp(
        ...VIDEO,
        `a=fmtp:96 sprop-parameter-sets=${b64(Buffer.concat([SPS, Buffer.from([0, 1])]))},${b64(PPS)},`,
      ),
      { ...plain, parameterSets: [Buffer.concat([SPS, Buffer.from([0, 1])]), PPS] },
    ],
    [
      'with parameter sets that are no base64',
      sdp(...VIDEO, 'a=fmtp:96 sprop-parameter-sets=!!!,,%%%'),
      plain,
    ],
    [
      'with a parameter set of any size',
      sdp(...VIDEO, `a=fmtp:96 sprop-parameter-sets=${'A'.repeat(9000)},${b64(PPS)}`),
      { ...plain, parameterSets: [PPS] },
    ],
    ['with RTP/AVP/TCP and a port', sdp('m=video 40000/2 RTP/AVP/TCP 96', ...VIDEO.slice(1)), plain],
  ])('is read %s', (_name, text, track) => {
    expect(readDescription(text)).toMatchObject({ track });
  });

  it.each<[name: string, text: string, fault: object]>([
    ['empty', '', { fault: 'unreadable_description' }],
    ['of something else', '<html>m=video</html>', { fault: 'unreadable_description' }],
    [
      'with only a broken section',
      sdp(...USUAL, 'm=video', ...VIDEO.slice(1)),
      { fault: 'unreadable_description' },
    ],
    ['without any section', sdp(...USUAL), { fault: 'no_video' }],
    ['of audio only', sdp(...USUAL, 'm=audio 0 RTP/AVP 0', 'a=rtpmap:0 H264/90000'), { fault: 'no_video' }],
    [
      'of another codec',
      sdp('m=video 0 RTP/AVP 96', 'a=rtpmap:96 AV1/90000'),
      { fault: 'unsupported_codec', encoding: 'AV1' },
    ],
    [
      'of a codec with a long name',
      sdp('m=video 0 RTP/AVP 96', `a=rtpmap:96 M\x01P\xe94${'x'.repeat(90)}/1`),
      { fault: 'unsupported_codec', encoding: `MP4${'x'.repeat(17)}` },
    ],
    [
      'of a codec without an rtpmap',
      sdp('m=video 0 RTP/AVP 26'),
      { fault: 'unsupported_codec', encoding: 'JPEG' },
    ],
    ['of a dynamic type without an rtpmap', sdp('m=video 0 RTP/AVP 96'), { fault: 'unsupported_codec' }],
    ['encrypted', sdp('m=video 0 RTP/SAVP 96', ...VIDEO.slice(1)), { fault: 'unsupported_transport' }],
    [
      'of H.264 in interleaved mode',
      sdp(...VIDEO, 'a=fmtp:96 Packetization-Mode = 2'),
      { fault: 'unsupported_packetization' },
    ],
    [
      'of H.265 with decoding order numbers',
      sdp('m=video 0 RTP/AVP 96', 'a=rtpmap:96 H265/90000', 'a=fmtp:96 sprop-max-don-diff=1'),
      { fault: 'unsupported_packetization' },
    ],
  ])('is refused %s', (_name, text, fault) => {
    expect(readDescription(text)).toStrictEqual(fault);
  });

  it('gives what stands in a broken section to nobody', () => {
    const read = readDescription(sdp(...VIDEO.slice(0, 2), 'm=video', 'a=control:x'));
    expect(read).toMatchObject({ track: { control: undefined, presentationControl: undefined } });
  });

  it('never does harm, whatever stands in it', () => {
    const piece = fc.constantFrom(
      'm=video 0 RTP/AVP 96\n',
      'm=',
      'a=rtpmap:',
      'a=fmtp:96 ',
      '96 H264/90000\n',
      'sprop-parameter-sets=',
      'a=control:',
      ';',
      ',',
      '=',
      ':',
      '\r\n',
      ' ',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(piece, fc.string()), { maxLength: 60 }), (pieces) => {
        const read = readDescription(pieces.join(''));
        expect('track' in read || read.fault.length > 0).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });
});
