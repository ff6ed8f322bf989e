import { describe, expect, it } from 'vitest';
import { createQuirkBoard, QUIRK_KINDS, type QuirkKind } from '../../../demo/quirks.ts';
import { quirkyAnswer, refusalOf } from '../../../demo/rtsp/quirky-answers.ts';
import { announcedSets, quirkySdp } from '../../../demo/rtsp/quirky-sdp.ts';
import { describeStream } from '../../../demo/rtsp/sdp.ts';
import type { ServedTrack } from '../../../demo/rtsp/track.ts';

const HEADERS = {
  transport: 'Transport: RTP/AVP/TCP;unicast;interleaved=0-1;ssrc=000D93FF',
  udp: 'Transport: RTP/AVP;unicast;client_port=5000-5001;server_port=6000-6001',
  base: 'Content-Base: rtsp://127.0.0.1:8554/main/',
  type: 'Content-Type: application/sdp',
  info: 'RTP-Info: url=rtsp://127.0.0.1/main/trackID=0;seq=77;rtptime=123',
  public: 'Public: OPTIONS, GET_PARAMETER, SET_PARAMETER, TEARDOWN',
};

describe('headers of cameras with quirks', () => {
  it.each<[QuirkKind, keyof typeof HEADERS, string | undefined]>([
    ['transport_without_tcp', 'transport', 'RTP/AVP;unicast;interleaved=0-1;ssrc=000D93FF'],
    ['transport_ssrc_blank', 'transport', 'RTP/AVP/TCP;unicast;interleaved=0-1;ssrc=     D93FF'],
    ['transport_ssrc_first', 'transport', 'RTP/AVP/TCP;ssrc=000D93FF;interleaved=0-1'],
    ['transport_missing', 'transport', undefined],
    ['server_port_empty', 'udp', 'RTP/AVP;unicast;client_port=5000-5001;server_port='],
    ['base_doubled', 'base', 'rtsp://rtsp://127.0.0.1:8554/main/'],
    ['base_without_scheme', 'base', '127.0.0.1:8554/main/'],
    ['base_v4_mapped', 'base', 'rtsp://::ffff:127.0.0.1:8554/main/'],
    ['content_type_missing', 'type', undefined],
    ['rtp_info_seq_zero', 'info', 'url=rtsp://127.0.0.1/main/trackID=0;seq=0;rtptime=123'],
    ['rtp_info_seq_one', 'info', 'url=rtsp://127.0.0.1/main/trackID=0;seq=1;rtptime=123'],
    ['rtp_info_time_invalid', 'info', 'url=rtsp://127.0.0.1/main/trackID=0;seq=77;rtptime=-nan'],
    ['rtp_info_semicolons', 'info', 'url=rtsp://127.0.0.1/main/trackID=0;seq=77;rtptime=123;;'],
    ['rtp_info_ssrc', 'info', 'url=rtsp://127.0.0.1/main/trackID=0;ssrc=1A2B3C4D;seq=77;rtptime=123'],
    ['keepalive_cuts', 'public', 'OPTIONS, TEARDOWN'],
  ])('%s', (quirk, header, expected) => {
    const { headers } = quirkyAnswer({ status: 200, headers: [HEADERS[header]] }, new Set([quirk]));
    const name = HEADERS[header].split(':')[0];
    expect(headers).toEqual(expected === undefined ? [] : [`${name}: ${expected}`]);
  });

  it('challenges_one_header joins what would be several', () => {
    const answer = {
      status: 401,
      headers: ['WWW-Authenticate: Basic realm="a"', 'WWW-Authenticate: Digest b'],
    };
    expect(quirkyAnswer(answer, new Set(['challenges_one_header'])).headers).toEqual([
      'WWW-Authenticate: Basic realm="a", Digest b',
    ]);
  });

  it('refuse what they do not like', () => {
    const asked = (method: string, headers: Record<string, string> = {}) => ({
      method,
      url: 'rtsp://a/main',
      headers,
    });
    const refused = (quirk: QuirkKind, ...request: Parameters<typeof asked>) =>
      refusalOf(asked(...request), new Set([quirk]));
    expect(refused('keepalive_ignored', 'GET_PARAMETER')).toBe('silence');
    expect(refused('keepalive_refused', 'GET_PARAMETER')).toEqual({ status: 501 });
    expect(refused('keepalive_cuts', 'SET_PARAMETER')).toBe('end');
    expect(refused('keepalive_cuts', 'OPTIONS')).toBeUndefined();
    expect(refused('require_refused', 'DESCRIBE', { require: 'x' })).toMatchObject({ status: 551 });
    expect(refused('require_refused', 'DESCRIBE')).toBeUndefined();
    expect(refused('control_with_query', 'SETUP')).toEqual({ status: 404 });
  });
});

describe('descriptions of cameras with quirks', () => {
  const track: ServedTrack = {
    ...{ codec: 'h264', width: 640, height: 360, bitrateBps: 500_000, frames: [], delay: 0 },
    parameterSets: [Buffer.from([0x67, 1, 2, 3]), Buffer.from([0x68, 4])],
  };
  const other: ServedTrack = {
    ...track,
    parameterSets: [Buffer.from([0x67, 9, 9, 9]), Buffer.from([0x68, 9])],
  };
  const sdpOf = (quirks: readonly QuirkKind[], audio = false) => {
    const set = new Set(quirks);
    const sdp = describeStream(announcedSets(track, other, set), { address: '127.0.0.1', audio });
    return quirkySdp(sdp, 'rtsp://a/main?channel=1', set);
  };
  const usual = sdpOf([]);
  const fmtp = (sdp: string) => sdp.split('\r\n').find((line) => line.startsWith('a=fmtp')) ?? '';
  const sets = (sdp: string) =>
    /sprop-parameter-sets=([^;]*)/
      .exec(fmtp(sdp))?.[1]
      ?.split(',')
      .map((text) => Buffer.from(text, 'base64'));

  it('change what they should and leave the rest', () => {
    expect(sdpOf(['sdp_without_origin'])).toBe(usual.replace(/o=.*\r\n/, ''));
    expect(sdpOf(['sdp_many_names']).match(/^s=/gm)).toHaveLength(3);
    expect(sdpOf(['sdp_broken_connection'])).toContain('\r\nc=IN\r\n');
    expect(sdpOf(['sdp_unreadable_media']).indexOf('m=application/TP-LINK')).toBeLessThan(usual.length);
    expect(sdpOf(['sdp_unreadable_media'])).toMatch(/m=application[\s\S]*m=video/);
    expect(sdpOf(['trailing_blanks'])).toContain('a=rtpmap:96 H264/90000  \r\n');
    expect(sdpOf(['control_first'])).toMatch(/m=video [^\n]*\r\na=control:trackID=0\r\nb=/);
    expect(sdpOf(['control_with_query'])).toContain('a=control:rtsp://a/main?channel=1\r\n');
  });

  it('have the wrong parameter sets, or none, or too much', () => {
    expect(sets(usual)).toEqual(track.parameterSets);
    expect(fmtp(sdpOf(['fmtp_empty']))).toBe('a=fmtp:96 ');
    expect(fmtp(sdpOf(['sets_in_band_only']))).toBe('a=fmtp:96 packetization-mode=1;profile-level-id=010203');
    expect(sdpOf(['long_group'])).not.toContain('sprop');
    expect(sets(sdpOf(['sets_wrong_in_sdp']))).toEqual(other.parameterSets);
    expect(sets(sdpOf(['sps_extra_bytes']))?.[0]).toEqual(Buffer.from([0x67, 1, 2, 3, 0xbd, 0x80]));
    const moved = sdpOf(['fmtp_on_audio'], true);
    expect(moved.indexOf('a=fmtp:96')).toBeGreaterThan(moved.indexOf('m=audio'));
  });
});

describe('the quirk board', () => {
  it('gives each camera its own, or those of all', () => {
    const board = createQuirkBoard(['padding']);
    board.set('cam02', []);
    expect([...board.of('cam01')]).toEqual(['padding']);
    expect(board.of('cam02').size).toBe(0);
    expect(new Set(QUIRK_KINDS).size).toBe(QUIRK_KINDS.length);
  });
});
