import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRtspReader, type Incoming, parseTransport } from '../../../demo/rtsp/message.ts';

const TALK = Buffer.concat([
  Buffer.from('OPTIONS rtsp://a/main RTSP/1.0\r\nCSeq: 1\r\n\r\n'),
  Buffer.from([0x24, 1, 0, 4, 0x0d, 0x0a, 0x0d, 0x0a]),
  Buffer.from('SET_PARAMETER rtsp://a/main RTSP/1.0\r\nCSeq: 2\r\nContent-Length: 5\r\n\r\nhello'),
  Buffer.from('\r\nPLAY rtsp://a/main RTSP/1.0\r\ncseq:3\r\nSession:  AB;timeout=60 \r\n\r\n'),
]);

const summary = (items: Incoming[]) =>
  items.map((item) =>
    item.kind === 'request' ? `${item.request.method} ${item.request.headers.cseq}` : item.kind,
  );

describe('reading an RTSP connection', () => {
  it('finds requests and interleaved data wherever the network cuts the bytes', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: TALK.length - 1 }), { maxLength: 12 }), (cuts) => {
        const reader = createRtspReader();
        const edges = [0, ...cuts.sort((a, b) => a - b), TALK.length];
        const items = edges.slice(1).flatMap((end, i) => reader.push(TALK.subarray(edges[i], end)));
        expect(summary(items)).toEqual(['OPTIONS 1', 'data', 'SET_PARAMETER 2', 'PLAY 3']);
      }),
    );
  });

  it('gives up on what is no RTSP', () => {
    expect(createRtspReader().push(Buffer.from('GET / HTTP/1.1\r\n\r\n'))).toEqual([{ kind: 'broken' }]);
    expect(createRtspReader().push(Buffer.alloc(20_000, 0x41))).toEqual([{ kind: 'broken' }]);
  });

  it('takes the first transport that it can serve', () => {
    expect(parseTransport('RTP/AVP;multicast, RTP/AVP;unicast;client_port=5000-5001', 0)).toEqual({
      kind: 'udp',
      rtp: 5000,
      rtcp: 5001,
    });
    expect(parseTransport('RTP/AVP/TCP;unicast;interleaved=4-5', 0)).toEqual({
      kind: 'tcp',
      rtp: 4,
      rtcp: 5,
    });
    expect(parseTransport('RTP/AVP/TCP;unicast', 2)).toEqual({ kind: 'tcp', rtp: 2, rtcp: 3 });
    expect(parseTransport('RAW/RAW/UDP', 0)).toBeUndefined();
    expect(parseTransport('RTP/AVP;unicast;client_port=0', 0)).toBeUndefined();
  });
});
