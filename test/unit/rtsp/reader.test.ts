import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { headerOf } from '../../../src/rtsp/message.ts';
import { createRtspReader, MAX_SKIPPED_BYTES } from '../../../src/rtsp/reader.ts';

/** An interleaved frame; `bytes` is the payload behind the first byte, which says version 2. */
const frame = (channel: number, bytes: number, first = 0x80): Buffer => {
  const payload = Buffer.alloc(bytes + 1, channel);
  payload[0] = first;
  return Buffer.concat([Buffer.from([0x24, channel, payload.length >> 8, payload.length & 255]), payload]);
};
const text = (...lines: string[]) => Buffer.from(`${lines.join('\r\n')}\r\n\r\n`);
const OK = text('RTSP/1.0 200 OK', 'CSeq: 3');

interface Heard {
  readonly items: string[];
  readonly skipped: number;
}

/** What a reader makes of reads of which each lies somewhere in a memory of its own. */
function read(reads: readonly Buffer[], channels: readonly number[] = [0, 1]): Heard {
  const items: string[] = [];
  const reader = createRtspReader({
    message: (one) =>
      items.push(
        one.kind === 'reply'
          ? `${one.status} ${headerOf(one, 'cseq')} ${one.body.toString('latin1')}`.trim()
          : `${one.method} ${one.url} ${one.body.toString('latin1')}`.trim(),
      ),
    packet: (channel, _memory, start, end) => items.push(`${channel}:${end - start}`),
    broken: () => items.push('broken'),
  });
  for (const channel of channels) reader.expect(channel);
  const shared = Buffer.alloc(3_000_000, 0x24);
  for (const bytes of reads) {
    bytes.copy(shared, 7);
    reader.push(shared, 7, 7 + bytes.length);
    shared.fill(0xff, 7, 7 + bytes.length);
  }
  return { items, skipped: reader.skippedBytes };
}

describe('a connection’s bytes', () => {
  it.each<[name: string, bytes: Buffer[], items: string[], skipped: number]>([
    [
      'a reply with a body',
      [text('RTSP/1.0 200 OK', 'CSeq: 1', 'Content-Length: 3'), Buffer.from('v=0')],
      ['200 1 v=0'],
      0,
    ],
    [
      'a reply with bare line feeds',
      [Buffer.from('RTSP/1.0 404 Not Found\nCSeq:2\n\n'), frame(0, 9)],
      ['404 2', '0:10'],
      0,
    ],
    ['a reply without a reason or headers', [text('RTSP/1.0 200')], ['200 undefined'], 0],
    [
      'frames of channels that nobody asked for',
      [frame(7, 3), frame(0, 5), frame(200, 0)],
      ['7:4', '0:6', '200:1'],
      0,
    ],
    [
      'line breaks before a frame and before a reply',
      [Buffer.from('\r\n\r\n'), frame(0, 5), Buffer.from('\r\n'), OK, frame(1, 8)],
      ['0:6', '200 3', '1:9'],
      0,
    ],
    [
      'a request of the camera between frames',
      [frame(0, 5), text('OPTIONS * RTSP/1.0', 'CSeq: 9'), frame(0, 5)],
      ['0:6', 'OPTIONS *', '0:6'],
      0,
    ],
    ['an empty frame', [Buffer.from([0x24, 0, 0, 0]), frame(0, 5)], ['0:6'], 0],
    ['a frame of the largest size', [frame(0, 65_534), frame(1, 8)], ['0:65535', '1:9'], 0],
    ['garbage before a frame', [frame(0, 5), Buffer.from('\x00\x01xyz'), frame(0, 6)], ['0:6', '0:7'], 5],
    ['garbage before a reply', [Buffer.from('\x00RTSP/2 RTSP'), OK, frame(0, 6)], ['200 3', '0:7'], 12],
    [
      'garbage that looks like a frame of an unknown channel',
      [Buffer.from([0xff, 0x24, 9, 0, 2, 0x80, 1]), frame(0, 6)],
      ['0:7'],
      7,
    ],
    [
      'garbage that looks like a frame without a version',
      [Buffer.from([0xff, 0x24, 0, 0, 2, 0x01, 1]), frame(0, 6)],
      ['0:7'],
      7,
    ],
    [
      'a frame whose middle is missing',
      [frame(0, 900).subarray(0, 300), frame(0, 900), frame(1, 30), frame(0, 900), OK],
      ['0:901', '1:31', '0:901', '200 3'],
      300,
    ],
    ['capital letters that are no request', [Buffer.from('ABC DEF GHI\r\n'), OK], ['200 3'], 13],
    ['another protocol', [text('HTTP/1.1 400 Bad Request')], [], 28],
    [
      'a head with too many lines',
      [text('RTSP/1.0 200 OK', ...Array.from({ length: 101 }, () => 'a: b')), OK],
      ['200 3'],
      625,
    ],
    ['a head that is too long', [text('RTSP/1.0 200 OK', `a: ${'x'.repeat(20_000)}`), OK], ['200 3'], 20_024],
    ['a body that is too long', [text('RTSP/1.0 200 OK', 'Content-Length: 70000'), OK], ['broken'], 42],
    [
      'a length that is no number',
      [text('RTSP/1.0 200 OK', 'CSeq: 4', 'Content-Length: -5'), OK],
      ['200 4', '200 3'],
      0,
    ],
    [
      'garbage without an end',
      [Buffer.alloc(MAX_SKIPPED_BYTES + 1, 0x41), OK],
      ['broken'],
      MAX_SKIPPED_BYTES + 1,
    ],
    [
      'a lot of garbage, and again after a frame',
      [Buffer.alloc(MAX_SKIPPED_BYTES, 0x41), frame(0, 5), Buffer.alloc(MAX_SKIPPED_BYTES, 0x41), OK],
      ['0:6', '200 3'],
      2 * MAX_SKIPPED_BYTES,
    ],
    ['a lot of garbage that ends', [Buffer.alloc(MAX_SKIPPED_BYTES, 0x41), OK], ['200 3'], MAX_SKIPPED_BYTES],
  ])('%s', (_name, bytes, items, skipped) => {
    const whole = Buffer.concat(bytes);
    expect(read([whole])).toEqual({ items, skipped });
    if (whole.length < 100_000)
      expect(read(Array.from(whole, (byte) => Buffer.from([byte])))).toEqual({ items, skipped });
  });

  it('give the same packets wherever the network cuts them', () => {
    const part = fc.oneof(
      { weight: 6, arbitrary: fc.tuple(fc.constantFrom(0, 1, 5), fc.nat(300)).map(([c, n]) => frame(c, n)) },
      { weight: 2, arbitrary: fc.constant(OK) },
      fc.constant(Buffer.from('\r\n')),
      fc.constant(text('GET_PARAMETER rtsp://a RTSP/1.0', 'CSeq: 1', 'Content-Length: 4', '', 'ab')),
      fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 20 }), fc.array(fc.nat(), { maxLength: 30 }), (parts, at) => {
        const whole = Buffer.concat(parts);
        const edges = [0, ...at.map((n) => n % (whole.length + 1)).sort((a, b) => a - b), whole.length];
        const reads = edges.slice(1).map((end, i) => whole.subarray(edges[i], end));
        expect(collect(reads)).toEqual(collect([whole]));
      }),
      { numRuns: 500, examples: [[[Buffer.from('R\0')], [1]]] },
    );
  });

  it.each([
    ['replies that never end', 'RTSP/1.0 200 OK\n'],
    ['replies in one line', 'RTSP/1.0 200 OK\r'],
    ['replies that begin and no more', 'RTSP/1.'],
    ['methods between frames', '$\0\0\x01\x80A x'],
    ['heads between frames', '$\0\0\x01\x80RTSP/1.0 200 OK\na:b\n'],
  ])('cost no more than they are worth: %s', (_name, text) => {
    // What looks like a beginning at every few bytes must not be read to its far end each time.
    const bytes = Buffer.from(text.repeat(4_000_000 / text.length), 'latin1');
    const cpu = process.cpuUsage();
    for (let at = 0; at < bytes.length; at += 262_144) collect([bytes.subarray(at, at + 262_144)]);
    const { user } = process.cpuUsage(cpu);
    expect(user / 1e6).toBeLessThan(1);
  });

  it('are no longer looked at once the reader is closed', () => {
    const items: number[] = [];
    const reader = createRtspReader({
      message: () => reader.close(),
      packet: (channel) => items.push(channel),
      broken: () => items.push(-1),
    });
    const bytes = Buffer.concat([frame(0, 3), OK, frame(1, 3)]);
    reader.push(bytes, 0, bytes.length);
    reader.push(bytes, 0, bytes.length);
    expect(items).toEqual([0]);
  });
});

/** Like {@link read}, for payloads of which nothing is known. */
function collect(reads: readonly Buffer[]): Heard {
  const items: string[] = [];
  const reader = createRtspReader({
    message: (one) => items.push(`${one.kind} ${one.body.toString('hex')}`),
    packet: (channel, memory, start, end) => items.push(`${channel} ${memory.toString('hex', start, end)}`),
    broken: () => items.push('broken'),
  });
  reader.expect(0);
  reader.expect(1);
  for (const bytes of reads) reader.push(bytes, 0, bytes.length);
  return { items, skipped: reader.skippedBytes };
}
