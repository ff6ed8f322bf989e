import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSecureContext, TLSSocket } from 'node:tls';

export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

/** A certificate for 127.0.0.1 that nobody but the test trusts. */
export function makeCertificate(): Certificate {
  const folder = mkdtempSync(join(tmpdir(), 'girok-tls-'));
  try {
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    const subject = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'];
    const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
    execFileSync('openssl', ['req', '-x509', ...kind, ...subject, '-keyout', key, '-out', cert], {
      stdio: 'ignore',
    });
    return { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export interface ReceivedMail {
  readonly from: string;
  readonly to: readonly string[];
  /** Header and body as they came. */
  readonly raw: string;
  readonly subject: string;
  readonly text: string;
  readonly encrypted: boolean;
}

export interface SmtpOptions {
  readonly port?: number;
  /** Offers STARTTLS with it. */
  readonly certificate?: Certificate;
  readonly login?: { readonly user: string; readonly password: string };
  /** What is said instead of the usual answer, e.g. `550 no such person`; undefined: the usual one. */
  answer?(line: string): string | undefined;
}

export interface SmtpServer {
  readonly port: number;
  readonly mails: ReceivedMail[];
  /** All that was ever said in clear. */
  readonly inClear: string[];
  close(): Promise<void>;
}

/** A mail server as small as it can be: one that speaks SMTP (RFC 5321), STARTTLS and AUTH PLAIN. */
export async function startSmtpServer(options: SmtpOptions = {}): Promise<SmtpServer> {
  const mails: ReceivedMail[] = [];
  const inClear: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => undefined);
    converse(socket, false);
  });

  function converse(socket: Socket | TLSSocket, encrypted: boolean) {
    let buffered = '';
    let envelope = { from: '', to: [] as string[] };
    let isData = false;
    const say = (line: string) => socket.write(`${line}\r\n`);
    const onMail = (raw: string) => {
      const [head = '', ...body] = raw.split('\r\n\r\n');
      const encoded = /content-transfer-encoding: base64/i.test(head);
      const quoted = /content-transfer-encoding: quoted-printable/i.test(head);
      const plain = body.join('\r\n\r\n');
      const text = encoded ? Buffer.from(plain, 'base64').toString('utf8') : quoted ? unquote(plain) : plain;
      const subject = /^subject: ((?:.|\r\n[ \t])*)$/im.exec(head)?.[1] ?? '';
      mails.push({ ...envelope, raw, subject: decodeWords(subject), text, encrypted });
      envelope = { from: '', to: [] };
    };
    const usual = (line: string): string | undefined => {
      const [, word = '', rest = ''] = /^(\S+)\s*(.*)$/.exec(line) ?? [];
      switch (word.toUpperCase()) {
        case 'EHLO':
          return [
            '250-test',
            ...(options.certificate && !encrypted ? ['250-STARTTLS'] : []),
            ...(options.login ? ['250-AUTH PLAIN'] : []),
            '250 8BITMIME',
          ].join('\r\n');
        case 'AUTH': {
          const wanted = `\0${options.login?.user}\0${options.login?.password}`;
          const given = Buffer.from(rest.replace(/^PLAIN /i, ''), 'base64').toString();
          return given === wanted ? '235 welcome' : '535 no';
        }
        case 'MAIL':
          envelope.from = /<(.*?)>/.exec(rest)?.[1] ?? '';
          return '250 yes';
        case 'RCPT':
          envelope.to.push(/<(.*?)>/.exec(rest)?.[1] ?? '');
          return '250 yes';
        case 'DATA':
          isData = true;
          return '354 go on';
        case 'STARTTLS':
          return '502 no';
        case 'QUIT':
          return '221 bye';
        default:
          return '250 yes';
      }
    };
    const onLine = (line: string) => {
      const other = options.answer?.(line);
      if (other !== undefined) {
        if (other !== '') say(other);
        return;
      }
      if (/^STARTTLS/i.test(line) && options.certificate) {
        say('220 go on');
        socket.removeAllListeners('data');
        const secureContext = createSecureContext(options.certificate);
        const secured = new TLSSocket(socket, { isServer: true, secureContext });
        secured.on('error', () => undefined);
        return converse(secured, true);
      }
      const answer = usual(line);
      if (answer !== undefined) say(answer);
    };
    socket.on('data', (bytes: Buffer) => {
      buffered += bytes.toString('latin1');
      for (;;) {
        const end = isData ? buffered.indexOf('\r\n.\r\n') : buffered.indexOf('\r\n');
        if (end === -1) break;
        const part = buffered.slice(0, end);
        buffered = buffered.slice(end + (isData ? 5 : 2));
        if (!encrypted) inClear.push(part);
        if (!isData) {
          onLine(part);
          continue;
        }
        isData = false;
        const other = options.answer?.('.');
        if (other === undefined) onMail(part.replace(/\r\n\.\./g, '\r\n.'));
        say(other ?? '250 taken');
      }
    });
    if (!encrypted) say('220 test ESMTP');
  }

  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    mails,
    inClear,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

const unquote = (text: string): string =>
  Buffer.from(
    text
      .replace(/=\r\n/g, '')
      .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  ).toString('utf8');

/** Encoded words (RFC 2047). */
const decodeWords = (text: string): string =>
  text
    .replace(/\r\n[ \t]/g, ' ')
    .replace(/\?=\s+=\?/g, '?==?')
    .replace(/=\?utf-8\?([BQ])\?(.*?)\?=/gi, (_, kind: string, word: string) =>
      kind.toUpperCase() === 'B'
        ? Buffer.from(word, 'base64').toString('utf8')
        : unquote(word.replaceAll('_', ' ')),
    );
