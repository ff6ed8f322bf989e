import type { Chances } from './random.ts';

/** Words that readers of RTSP, SDP and HTTP-like heads look for, and what has broken such readers before. */
const WORDS = [
  '\r\n\r\n',
  '\n\n',
  '\r\n ',
  '$\0\0\0',
  '$\0\xff\xff',
  '$\x01\0\x01\x80',
  'RTSP/1.0 200 OK\r\n',
  'RTSP/1.0 401 Unauthorized\r\nWWW-Authenticate: Digest nonce="a", realm="b"\r\n\r\n',
  'RTSP/1.0 302 Moved\r\nLocation: rtsp://127.0.0.1/again\r\n\r\n',
  'RTSP/1.0 302 Moved\r\nLocation: rtsp://10.0.0.1/\r\n\r\n',
  'RTSP/1.0 454 Session Not Found\r\n\r\n',
  'RTSP/1.0 461 Unsupported Transport\r\n\r\n',
  'OPTIONS * RTSP/1.0\r\nCSeq: 1\r\n\r\n',
  'TEARDOWN x RTSP/1.0\r\n\r\n',
  'ANNOUNCE rtsp://x/ RTSP/1.0\r\nContent-Length: 70000\r\n\r\n',
  'Content-Length: 65536\r\n',
  'Content-Length: -1\r\n',
  'Content-Base: rtsp://rtsp://x/\r\n',
  'Session: a;timeout=0\r\n',
  'Session: \r\n',
  'Transport: RTP/AVP/TCP;interleaved=255-255\r\n',
  'Transport: RTP/AVP;multicast\r\n',
  'CSeq: 99999999999999999999\r\n',
  'WWW-Authenticate: Basic, Digest, Basic realm="\\"\r\n',
  'm=video 0 RTP/AVP 96\r\n',
  'm=video 0 RTP/AVP 97 98 99\r\n',
  'm=audio 0 RTP/AVP 0\r\n',
  'a=rtpmap:96 H264/90000\r\n',
  'a=rtpmap:96 H265/90000\r\n',
  'a=rtpmap:96 H264/1\r\n',
  'a=rtpmap:96 H264/999999999\r\n',
  'a=fmtp:96 sprop-parameter-sets=,,,,\r\n',
  `a=fmtp:96 sprop-parameter-sets=${'Z0LAHg==,'.repeat(40)}\r\n`,
  'a=fmtp:96 packetization-mode=2\r\n',
  'a=fmtp:96 sprop-max-don-diff=1\r\n',
  'a=fmtp:96 sprop-vps=QAEMAf//;sprop-sps=QgEBAWA=;sprop-pps=RAHA\r\n',
  'a=control:*\r\n',
  'a=control:rtsp://10.0.0.1/\r\n',
  '=',
  '"',
  '\\',
  ',',
  ';',
  ':',
  '/',
  '%00',
  '%s%n',
  '\0',
  '\x80\xc8\0\x06',
  '\0\0\x01',
  '\0\0\0\x01\x67',
];
const NUMBERS = [
  '0',
  '-1',
  '255',
  '256',
  '65535',
  '65536',
  '2147483648',
  '4294967295',
  '1e9',
  '9'.repeat(40),
];
const BYTES = [0, 1, 0x7f, 0x80, 0xff, 0x20, 0x24, 0x0a, 0x0d, 0x22, 0x3d];
const LINE_ENDS = ['\n', '\r', '\n\r', '\r\r\n', ' \r\n', '\r\n\r\n', '\r\n\t', '\0'];
/** What one input may grow to; a camera that sends more is met by the readers' own bounds, which are tests. */
const LONGEST = 262_144;

type Change = (bytes: Buffer, chances: Chances, others: readonly Buffer[]) => Buffer;

const range = (bytes: Buffer, chances: Chances): [number, number] => {
  const from = chances.below(bytes.length + 1);
  const most = chances.once(4) ? bytes.length : 40;
  return [from, Math.min(bytes.length, from + chances.below(most + 1))];
};

const insert = (bytes: Buffer, at: number, piece: Buffer): Buffer =>
  Buffer.concat([bytes.subarray(0, at), piece, bytes.subarray(at)]);

const changes: readonly Change[] = [
  function flip(bytes, chances) {
    const own = Buffer.from(bytes);
    for (let left = 1 + chances.below(8); left > 0 && own.length > 0; left--) {
      const at = chances.below(own.length);
      own[at] = (own[at] ?? 0) ^ (1 << chances.below(8));
    }
    return own;
  },
  function put(bytes, chances) {
    const own = Buffer.from(bytes);
    if (own.length > 0) own[chances.below(own.length)] = chances.pick(BYTES);
    return own;
  },
  function cutOut(bytes, chances) {
    const [from, to] = range(bytes, chances);
    return Buffer.concat([bytes.subarray(0, from), bytes.subarray(to)]);
  },
  function cutOff(bytes, chances) {
    return bytes.subarray(0, chances.below(bytes.length + 1));
  },
  function double(bytes, chances) {
    const [from, to] = range(bytes, chances);
    const times = chances.once(10) ? 1 + chances.below(200) : 1;
    const piece = bytes.subarray(from, to);
    return insert(bytes, to, Buffer.concat(Array.from({ length: times }, () => piece)).subarray(0, LONGEST));
  },
  function splice(bytes, chances, others) {
    const other = others.length > 0 ? chances.pick(others) : bytes;
    const [from, to] = range(other, chances);
    return insert(bytes, chances.below(bytes.length + 1), other.subarray(from, to));
  },
  function swap(bytes, chances) {
    const cuts = [0, 0, 0].map(() => chances.below(bytes.length + 1)).sort((a, b) => a - b);
    const [a = 0, b = 0, c = 0] = cuts;
    return Buffer.concat([
      bytes.subarray(0, a),
      bytes.subarray(b, c),
      bytes.subarray(a, b),
      bytes.subarray(c),
    ]);
  },
  function noise(bytes, chances) {
    const piece = chances.bytes(1 + chances.below(chances.once(10) ? 3000 : 8));
    return insert(bytes, chances.below(bytes.length + 1), piece);
  },
  function word(bytes, chances) {
    const piece = Buffer.from(chances.pick(WORDS), 'latin1');
    return insert(bytes, chances.below(bytes.length + 1), piece);
  },
];

/** What only makes sense for text. */
const textChanges: readonly Change[] = [
  function number(bytes, chances) {
    const text = bytes.toString('latin1');
    const found = [...text.matchAll(/\d+/g)];
    if (found.length === 0) return bytes;
    const { index, 0: digits } = chances.pick(found);
    const made = `${text.slice(0, index)}${chances.pick(NUMBERS)}${text.slice(index + digits.length)}`;
    return Buffer.from(made, 'latin1');
  },
  function lineEnds(bytes, chances) {
    const all = chances.once(2);
    const end = chances.pick(LINE_ENDS);
    const lines = bytes.toString('latin1').split('\r\n');
    const changed = chances.below(lines.length);
    const made = lines.map(
      (line, i) => `${line}${i + 1 === lines.length ? '' : all || i === changed ? end : '\r\n'}`,
    );
    return Buffer.from(made.join(''), 'latin1');
  },
  function order(bytes, chances) {
    const lines = bytes.toString('latin1').split('\r\n');
    const [moved = ''] = lines.splice(chances.below(lines.length), 1);
    lines.splice(chances.below(lines.length + 1), 0, moved);
    return Buffer.from(lines.join('\r\n'), 'latin1');
  },
  function line(bytes, chances) {
    const lines = bytes.toString('latin1').split('\r\n');
    const at = chances.below(lines.length);
    const times = chances.once(20) ? chances.below(3000) : chances.below(3);
    lines.splice(at, 1, ...Array.from({ length: times }, () => lines[at] ?? ''));
    return Buffer.from(lines.join('\r\n'), 'latin1');
  },
  function wordLine(bytes, chances) {
    const lines = bytes.toString('latin1').split('\r\n');
    lines.splice(chances.below(lines.length), chances.below(2), chances.pick(WORDS).replace(/\r\n$/, ''));
    return Buffer.from(lines.join('\r\n'), 'latin1');
  },
  function manyLines(bytes, chances) {
    const lines = bytes.toString('latin1').split('\r\n');
    const at = chances.below(lines.length);
    const some = lines.slice(at, at + 1 + chances.below(6));
    lines.splice(at, 0, ...Array.from({ length: chances.below(700) }, () => some).flat());
    return Buffer.from(lines.join('\r\n'), 'latin1');
  },
  function long(bytes, chances) {
    const filler = chances.pick([
      ' ',
      'A',
      '=',
      ',',
      ';',
      '"',
      '\\',
      '0',
      'a=b;',
      '1 ',
      '\t',
      ':',
      '/',
      'Digest ',
    ]);
    const piece = filler.repeat(1 + chances.below(chances.once(5) ? 30_000 : 300));
    return insert(bytes, chances.below(bytes.length + 1), Buffer.from(piece));
  },
];

/** One to three changes of what a machine or a person may do to bytes. */
export function mutateBytes(bytes: Buffer, chances: Chances, others: readonly Buffer[] = []): Buffer {
  return changed(bytes, chances, others, changes);
}

/** The same for text; half of the changes know that it is text. */
export function mutateText(bytes: Buffer, chances: Chances, others: readonly Buffer[] = []): Buffer {
  return changed(bytes, chances, others, chances.once(2) ? changes : textChanges);
}

function changed(
  bytes: Buffer,
  chances: Chances,
  others: readonly Buffer[],
  from: readonly Change[],
): Buffer {
  let made = bytes;
  for (let left = 1 + chances.below(3); left > 0; left--) made = chances.pick(from)(made, chances, others);
  return made.subarray(0, LONGEST);
}

/** A list with one to three of its members changed, left out, doubled, moved or made up. */
export function mutateList(
  list: readonly Buffer[],
  chances: Chances,
  change: (one: Buffer) => Buffer,
): Buffer[] {
  const made = [...list];
  for (let left = 1 + chances.below(3); left > 0 && made.length > 0; left--) {
    const at = chances.below(made.length);
    const one = made[at] as Buffer;
    const what = chances.below(8);
    if (what === 0) made.splice(at, 1);
    else if (what === 1) made.splice(at, 0, one);
    else if (what === 2) made.splice(chances.below(made.length), 0, ...made.splice(at, 1));
    else if (what === 3) made.splice(at, chances.below(made.length - at) + 1);
    else made[at] = change(one);
  }
  return made;
}
