import { parseCheckpoint, type SignedCheckpoint } from './checkpoint.ts';

/**
 * The checkpoint in whatever somebody kept it in: the note itself, a text that it was copied into (from the QR code, with
 * other line ends, with words around it), or a whole saved mail with it as text or attachment.
 *
 * @param kept at most {@link LARGEST_KEPT_BYTES}
 * @returns the largest one, when there are several; undefined when there is none
 */
export function findCheckpoint(kept: Buffer): SignedCheckpoint | undefined {
  const found = textsOf(kept.toString('latin1'), 0).flatMap(checkpointsIn);
  // Of the same one, as text and as attachment, the one whose signatures are all there.
  return found.sort((a, b) => b.size - a.size || b.note.length - a.note.length)[0];
}

export const LARGEST_KEPT_BYTES = 4 * 1024 * 1024;
/** A mail within a mail within a mail. */
const DEEPEST = 4;
const NOTE = /^[\x20-\x7e]+\n(?:0|[1-9]\d{0,14})\n[A-Za-z0-9+/]{43}=\n\n(?:— [^\n ]+ [A-Za-z0-9+/=]+\n)+/gmu;

function checkpointsIn(bytes: Buffer): SignedCheckpoint[] {
  const text = `${bytes.toString('utf8').replaceAll('\r\n', '\n')}\n`;
  return [...text.matchAll(NOTE)].flatMap(([note]) => parseCheckpoint(note) ?? []);
}

/** The text as it is, and what it holds as a mail (RFC 2045, 2046): each part decoded. @param mail one byte a letter */
function textsOf(mail: string, depth: number): Buffer[] {
  const whole = Buffer.from(mail, 'latin1');
  const [, end = ''] = /(\r?\n)\r?\n/.exec(mail) ?? [];
  const split = mail.indexOf(`${end}${end}`);
  if (end === '' || depth > DEEPEST) return [whole];
  const headers = mail.slice(0, split).replace(/\r?\n[ \t]+/g, ' ');
  const body = mail.slice(split + 2 * end.length);
  const [, quoted, bare] =
    /^content-type:[^\n]*;\s*boundary=(?:"([^"\n]{1,70})"|([^\s;"]{1,70}))/im.exec(headers) ?? [];
  const boundary = quoted ?? bare;
  if (boundary !== undefined)
    return [
      whole,
      ...`\n${body}`
        .split(`\n--${boundary}`)
        .slice(1)
        .flatMap((part) => textsOf(part.replace(/^[ \t]*\r?\n/, ''), depth + 1)),
    ];
  const [, encoding = ''] = /^content-transfer-encoding:\s*([a-z0-9-]+)/im.exec(headers) ?? [];
  const inside = decoded(body, encoding.toLowerCase());
  const isMail = /^content-type:\s*message\/rfc822/im.test(headers);
  return [whole, ...(isMail ? textsOf(inside.toString('latin1'), depth + 1) : [inside])];
}

function decoded(body: string, encoding: string): Buffer {
  if (encoding === 'base64') return Buffer.from(body, 'base64');
  if (encoding !== 'quoted-printable') return Buffer.from(body, 'latin1');
  const text = body
    .replace(/=[ \t]*\r?\n/g, '')
    .replace(/=([0-9A-F]{2})/gi, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(text, 'latin1');
}
