import { mutateBytes, mutateList, mutateText } from './mutate.ts';
import { changePacket } from './packets.ts';
import type { Chances } from './random.ts';
import type { Recording } from './recordings.ts';

const STATUSES = [100, 200, 200, 299, 301, 302, 401, 403, 404, 454, 455, 461, 500, 551, 999];
const DIGEST = 'WWW-Authenticate: Digest realm="r", nonce="';
const HEADERS = [
  ...['rtsp://127.0.0.1/again', '/again', 'rtsps://127.0.0.1/', 'rtsp://10.0.0.1/', '//x', ''].map(
    (to) => `Location: ${to}`,
  ),
  'WWW-Authenticate: Basic realm="x"',
  'WWW-Authenticate: Basic, Digest, Basic realm="\\"',
  `${DIGEST}1", stale=true`,
  `${DIGEST}2", algorithm=MD5-sess, qop="auth,auth-int", opaque="o"`,
  `${DIGEST}3", algorithm=SHA-256-sess`,
  `${DIGEST}4", algorithm=SHA-512`,
  `${DIGEST}\x01"`,
  `${DIGEST}${'n'.repeat(15_000)}"`,
  ...['0;timeout=1', ';', 'a b', `${'s'.repeat(256)};timeout=999999`, 's;timeout=-1', '\x01'].map(
    (session) => `Session: ${session}`,
  ),
  ...[
    '/TCP;interleaved=255-255',
    '/TCP;interleaved=2-3;ssrc=cafe0001',
    '/TCP;interleaved=999-1',
    ';multicast',
    ';client_port=1-2;server_port=',
    ';client_port=5000-5001;server_port=6000-6001;ssrc=zz',
    '/TCP;unicast;interleaved = 0 - 1 ; ssrc= 1F',
  ].map((way) => `Transport: RTP/AVP${way}`),
  ...['rtsp://rtsp://x/', 'x', 'rtsp://10.0.0.1:99999/', 'rtsp://u:p@10.0.0.1/ a'].map(
    (base) => `Content-Base: ${base}`,
  ),
  ...[0, 1, 70_000, 65_536, '1e3'].map((bytes) => `Content-Length: ${bytes}`),
  ...[0, 1, 2, 3, 4, 5, 6, 7, '9'.repeat(30), -1].map((cseq) => `CSeq: ${cseq}`),
  'Public: GET_PARAMETER',
  'Public: SET_PARAMETER',
  ' folded',
  ': nothing',
];
const CHALLENGES = HEADERS.filter((header) => header.startsWith('WWW-'));
/** Messages of their own between the others. A reply without CSeq answers whatever is asked at the moment. */
const MESSAGES = [
  'OPTIONS * RTSP/1.0\r\nCSeq: 1\r\n\r\n',
  'GET_PARAMETER rtsp://x/ RTSP/1.0\r\nCSeq: 4294967296\r\nContent-Length: 5\r\n\r\nhello',
  'ANNOUNCE rtsp://x/ RTSP/1.0\r\nCSeq: \r\nContent-Length: 65536\r\n\r\n',
  'TEARDOWN rtsp://x/ RTSP/1.0\r\nCSeq: 5\r\n\r\n',
  'RTSP/1.0 302 Moved\r\nLocation: /again\r\n\r\n',
  ...[100, 200, 301, 401, 404, 454, 461, 500].map((status) => `RTSP/1.0 ${status}\r\n\r\n`),
  '$\x01\0\x1c\x80\xc8\0\x06',
  '$\x01\0\x08\x81\xcb\0\x01',
  '$\x07\0\0',
  '\r\n\r\n\r\n',
  'HTTP/1.1 200 OK\r\n\r\n',
].map((text) => Buffer.from(text, 'latin1'));
/** More than the reader skips before it gives up. */
const FLOOD_BYTES = 1_200_000;

/** A recorded conversation with its messages, its packets or its bytes changed. */
export function changeConversation(recordings: readonly Recording[], chances: Chances): Buffer {
  const { items } = chances.pick(recordings);
  const others = chances.pick(recordings).items;
  const some = items.slice(0, Math.max(6, 1 + chances.below(items.length)));
  // Sent elsewhere in the middle of it, the client begins anew.
  if (chances.once(20)) some.splice(1 + chances.below(4), 0, Buffer.from(MESSAGES[4] as Buffer), ...others);
  if (chances.once(3)) some.splice(chances.below(some.length), 0, chances.pick(MESSAGES));
  const heads = Math.min(some.length, 6);
  // Half of the changes hit what comes before the packets.
  const made = chances.once(2)
    ? [
        ...mutateList(some.slice(0, heads), chances, (item) => changeItem(item, chances, others)),
        ...some.slice(heads),
      ]
    : mutateList(some, chances, (item) => changeItem(item, chances, others));
  if (chances.once(2000)) made.push(chances.bytes(FLOOD_BYTES));
  const bytes = Buffer.concat(made);
  return chances.once(6) ? mutateBytes(bytes, chances, others) : bytes;
}

function changeItem(item: Buffer, chances: Chances, others: readonly Buffer[]): Buffer {
  if (chances.once(12)) return chances.pick(others);
  if (item[0] !== 0x24)
    return chances.once(2) ? changeReply(item, chances) : mutateText(item, chances, others);
  if (chances.once(2)) return mutateBytes(item, chances, others);
  const packet = changePacket(item.subarray(4), chances).subarray(0, 0xffff);
  return Buffer.concat([Buffer.from([0x24, item[1] ?? 0, packet.length >> 8, packet.length & 255]), packet]);
}

/** Another status, and a header instead of the one of its name or beside it. */
function changeReply(item: Buffer, chances: Chances): Buffer {
  const text = item.toString('latin1');
  const end = text.indexOf('\r\n\r\n');
  const lines = text.slice(0, end < 0 ? text.length : end).split('\r\n');
  if (chances.once(3)) lines[0] = `RTSP/1.0 ${chances.pick(STATUSES)} Said`;
  const asksForLogin = lines[0]?.includes(' 401 ');
  for (let left = chances.below(3); left > 0; left--) {
    const header = chances.pick(asksForLogin && chances.once(2) ? CHALLENGES : HEADERS);
    const name = header.slice(0, header.indexOf(':') + 1);
    const at = chances.once(4) ? -1 : lines.findIndex((line) => line.startsWith(name));
    if (at > 0) lines[at] = header;
    else lines.push(header);
  }
  return Buffer.from(lines.join('\r\n') + (end < 0 ? '' : text.slice(end)), 'latin1');
}
