import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addressOf, isSendable, redirectedUrl } from '../../../src/rtsp/address.ts';
import { baseUrl, controlUrl } from '../../../src/rtsp/control-url.ts';
import { keepAliveMethod } from '../../../src/rtsp/keep-alive.ts';
import { parseHead } from '../../../src/rtsp/message.ts';
import { readDelivery, readSession } from '../../../src/rtsp/setup-answer.ts';

const ASKED = 'rtsp://10.0.0.7:554/live?channel=1';

describe('the address of a URL', () => {
  it.each<[url: string, address: object | undefined]>([
    ['rtsp://10.0.0.7/live', { secure: false, host: '10.0.0.7', port: 554 }],
    ['RTSPS://10.0.0.7:8322', { secure: true, host: '10.0.0.7', port: 8322 }],
    ['rtsps://[fe80::1]?x', { secure: true, host: 'fe80::1', port: 322 }],
    ['rtsp://camera/live', undefined],
    ['rtsp://user:password@10.0.0.7/', undefined],
    ['rtsp://10.0.0.7:0/', undefined],
    ['rtsp://10.0.0.7:65536/', undefined],
    ['rtsp://10.0.0.7:554x/', undefined],
    ['rtsp://10.0.0.7@evil/', undefined],
    ['rtsp://10.0.0/', undefined],
    ['http://10.0.0.7/', undefined],
    ['', undefined],
  ])('%s', (url, address) => {
    expect(addressOf(url)).toEqual(address);
  });
});

describe('the base of control attributes', () => {
  it.each<[name: string, base: string | undefined, location: string | undefined, expected: string]>([
    ['Content-Base first', 'rtsp://10.0.0.7/a/', 'rtsp://10.0.0.7/b', 'rtsp://10.0.0.7/a/'],
    ['then Content-Location', undefined, 'rtsp://10.0.0.7/b', 'rtsp://10.0.0.7/b'],
    ['then what was asked', undefined, undefined, ASKED],
    ['a scheme twice', 'rtsp://rtsp://10.0.0.7/a', undefined, ASKED],
    ['no scheme', '10.0.0.7/a', undefined, ASKED],
    ['another scheme', 'http://10.0.0.7/a', undefined, ASKED],
    ['empty', '', undefined, ASKED],
    ['with a line break', 'rtsp://10.0.0.7/\rX: y', undefined, ASKED],
    ['far too long', `rtsp://10.0.0.7/${'x'.repeat(1024)}`, undefined, ASKED],
    ['another host', 'rtsp://192.168.1.1:554/a', undefined, 'rtsp://192.168.1.1:554/a'],
    ['an IPv4 address in IPv6', 'rtsp://[::ffff:10.0.0.7]/a', undefined, 'rtsp://[::ffff:10.0.0.7]/a'],
  ])('%s', (_name, base, location, expected) => {
    expect(baseUrl(ASKED, base, location)).toBe(expected);
  });
});

describe('the URL of a track', () => {
  it.each<[base: string, control: string | undefined, expected: string | undefined]>([
    ['rtsp://h/a', 'trackID=1', 'rtsp://h/a/trackID=1'],
    ['rtsp://h/a/', 'trackID=1', 'rtsp://h/a/trackID=1'],
    ['rtsp://h/a/', '/trackID=1', 'rtsp://h/a/trackID=1'],
    ['rtsp://h/cam?channel=1&subtype=0', 'trackID=0', 'rtsp://h/cam?channel=1&subtype=0/trackID=0'],
    ['rtsp://h/cam?channel=1/', 'trackID=0', 'rtsp://h/cam?channel=1/trackID=0'],
    ['rtsp://h/a', '?ctype=video', 'rtsp://h/a?ctype=video'],
    ['rtsp://h/a', '*', 'rtsp://h/a'],
    ['rtsp://h/a', undefined, 'rtsp://h/a'],
    ['rtsp://h/a', 'rtsp://elsewhere:9/x', 'rtsp://elsewhere:9/x'],
    ['rtsp://h/a', 'RTSP://elsewhere/x', 'RTSP://elsewhere/x'],
    ['rtsp://h/a', 'track\rX: y', undefined],
    ['rtsp://h/a', 'track 1', undefined],
    ['rtsp://h/a', 'track\u00001', undefined],
    ['rtsp://h/a', 'x'.repeat(1024), undefined],
  ])('%s and %s', (base, control, expected) => {
    expect(controlUrl(base, control)).toBe(expected);
  });

  it('can always stand in a request', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (base, control) => {
        const url = controlUrl(baseUrl(ASKED, base, undefined), control);
        expect(url === undefined || isSendable(url)).toBe(true);
      }),
    );
  });
});

describe('a redirect', () => {
  it.each<[name: string, location: string | undefined, expected: string | undefined]>([
    ['to another path', 'rtsp://10.0.0.7/other', 'rtsp://10.0.0.7/other'],
    ['to another port', 'rtsp://10.0.0.7:8554/live', 'rtsp://10.0.0.7:8554/live'],
    ['to encryption', 'rtsps://10.0.0.7/live', 'rtsps://10.0.0.7/live'],
    ['to a path alone', '/other?x', 'rtsp://10.0.0.7:554/other?x'],
    ['to the same address as IPv6', 'rtsp://[::ffff:10.0.0.7]/a', 'rtsp://[::ffff:10.0.0.7]/a'],
    ['to another address', 'rtsp://10.0.0.8/live', undefined],
    ['to another host without a scheme', '//10.0.0.8/live', undefined],
    ['to a name', 'rtsp://camera/live', undefined],
    ['with user info', 'rtsp://10.0.0.7:554@10.0.0.8/', undefined],
    ['to another protocol', 'http://10.0.0.7/', undefined],
    ['with a line break', 'rtsp://10.0.0.7/a\rX: y', undefined],
    ['to nowhere', undefined, undefined],
  ])('%s', (_name, location, expected) => {
    expect(redirectedUrl(ASKED, location)).toBe(expected);
  });

  it('never leads out of an encrypted connection', () => {
    expect(redirectedUrl('rtsps://10.0.0.7/a', 'rtsp://10.0.0.7/a')).toBeUndefined();
  });
});

describe('the answer to SETUP', () => {
  const tcp = (rtpChannel: number, rtcpChannel: number, ssrc?: number) => ({
    kind: 'tcp',
    rtpChannel,
    rtcpChannel,
    ssrc,
  });
  it.each<[name: string, header: string | undefined, expected: object | undefined]>([
    ['as asked', 'RTP/AVP/TCP;unicast;interleaved=0-1', tcp(0, 1)],
    ['without /TCP', 'RTP/AVP;unicast;interleaved=0-1', tcp(0, 1)],
    ['other channels', 'RTP/AVP/TCP;interleaved=6-7', tcp(6, 7)],
    ['one channel', 'RTP/AVP/TCP;interleaved=4', tcp(4, 5)],
    ['one channel twice', 'RTP/AVP/TCP;interleaved=2-2', tcp(2, 3)],
    ['impossible channels', 'RTP/AVP/TCP;interleaved=300-301', tcp(0, 1)],
    ['blanks', ' RTP/AVP/TCP ; unicast ; interleaved = 2 - 3 ; ssrc = 0A0B ', tcp(2, 3, 0x0a0b)],
    ['ssrc first', 'ssrc=6B8B4567;RTP/AVP/TCP;unicast;interleaved=0-1', tcp(0, 1, 0x6b8b4567)],
    ['ssrc with blanks inside', 'RTP/AVP/TCP;unicast;interleaved=0-1;ssrc=   4F', tcp(0, 1, 0x4f)],
    ['ssrc that is none', 'RTP/AVP/TCP;unicast;interleaved=0-1;ssrc=1234567890', tcp(0, 1)],
    ['no channels', 'RTP/AVP/TCP;unicast', tcp(0, 1)],
    ['empty', '', tcp(0, 1)],
    ['missing', undefined, tcp(0, 1)],
    ['UDP all the same', 'RTP/AVP;unicast;client_port=0-1;server_port=6970-6971', undefined],
    ['multicast', 'RTP/AVP;multicast;destination=239.0.0.1', undefined],
  ])('over TCP: %s', (_name, header, expected) => {
    expect(readDelivery(header, 'tcp')).toEqual(expected);
  });

  const udp = (rtpPort?: number, rtcpPort?: number, ssrc?: number) => ({
    kind: 'udp',
    rtpPort,
    rtcpPort,
    ssrc,
  });
  it.each<[name: string, header: string | undefined, expected: object | undefined]>([
    [
      'as asked',
      'RTP/AVP;unicast;client_port=5000-5001;server_port=6970-6971;ssrc=1F',
      udp(6970, 6971, 0x1f),
    ],
    ['one port', 'RTP/AVP/UDP;unicast;server_port=6970', udp(6970, 6971)],
    ['empty server_port', 'RTP/AVP;unicast;client_port=5000-5001;server_port=', udp()],
    ['no port', 'RTP/AVP;unicast;server_port=0-0', udp()],
    ['missing', undefined, udp()],
    ['TCP all the same', 'RTP/AVP/TCP;interleaved=0-1', undefined],
    ['multicast', 'RTP/AVP;multicast;port=5000-5001', undefined],
  ])('over UDP: %s', (_name, header, expected) => {
    expect(readDelivery(header, 'udp')).toEqual(expected);
  });

  it.each<[header: string, expected: object | undefined]>([
    ['12345', { id: '12345', timeoutS: 60 }],
    ['12345;timeout=30', { id: '12345', timeoutS: 30 }],
    [' AbC-1 ; Timeout = 30 ;x', { id: 'AbC-1', timeoutS: 30 }],
    ['1;timeout=', { id: '1', timeoutS: 60 }],
    ['1;timeout=0', { id: '1', timeoutS: 60 }],
    ['1;timeout=-5', { id: '1', timeoutS: 60 }],
    ['a b', undefined],
    ['a\rb', undefined],
    [';timeout=30', undefined],
    ['x'.repeat(257), undefined],
  ])('names the session: %s', (header, expected) => {
    expect(readSession(header)).toEqual(expected);
  });

  it('does no harm, whatever it is', () => {
    fc.assert(
      fc.property(fc.string(), fc.constantFrom('tcp', 'udp'), (text, asked) => {
        readDelivery(text, asked);
        readSession(text);
        readDelivery(`interleaved=${text};server_port=${text};ssrc=${text}`, asked);
      }),
    );
  });
});

describe('the means of keeping a session alive', () => {
  it.each<[announced: string[], expected: string]>([
    [[], 'OPTIONS'],
    [['OPTIONS, DESCRIBE, GET_PARAMETER, SET_PARAMETER'], 'GET_PARAMETER'],
    [['options', 'get_parameter'], 'GET_PARAMETER'],
    [['OPTIONS,SET_PARAMETER'], 'OPTIONS'],
    [['DESCRIBE, SET_PARAMETER'], 'SET_PARAMETER'],
    [['DESCRIBE, PLAY'], 'OPTIONS'],
  ])('%s: %s', (announced, expected) => {
    expect(keepAliveMethod(announced)).toBe(expected);
  });
});

describe('the head of a message', () => {
  it('has headers as cameras write them', () => {
    const head = parseHead(
      'RTSP/1.0 401  Unauthorized \r\nCSEQ :  7 \r\nno colon\r\n: no name\r\nWWW-Authenticate: Digest a="1",\r\n  b="2"\r\nwww-authenticate: Basic\r\n\r\n',
    );
    expect(head).toMatchObject({ kind: 'reply', status: 401 });
    expect(Object.fromEntries(head?.headers ?? [])).toEqual({
      cseq: ['7'],
      'www-authenticate': ['Digest a="1", b="2"', 'Basic'],
    });
  });

  it('is none when its first line says nothing', () => {
    for (const text of [
      '',
      'RTSP/1.0',
      'RTSP/1.0 2000',
      'HTTP/1.1 200 OK',
      'options * RTSP/1.0',
      'OPTIONS  RTSP/1.0',
    ])
      expect(parseHead(text)).toBeUndefined();
  });

  it('never does harm', () => {
    fc.assert(fc.property(fc.string(), (text) => void parseHead(`RTSP/1.0 200 ${text}`)));
  });
});
