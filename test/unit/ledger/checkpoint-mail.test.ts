import { createTransport } from 'nodemailer';
import { describe, expect, it } from 'vitest';
import { en } from '../../../src/i18n/en.ts';
import { ko } from '../../../src/i18n/ko.ts';
import { parseCheckpoint } from '../../../src/ledger/checkpoint.ts';
import { checkpointMail } from '../../../src/ledger/checkpoint-mail.ts';
import { findCheckpoint } from '../../../src/ledger/checkpoint-search.ts';
import { makeBundle } from '../../support/ledger/mutations.ts';

const { notes, key } = makeBundle(24, 12);
const [older = '', note = ''] = notes;
const checkpoint = parseCheckpoint(note)!;
const mail = (words: typeof ko.ledger.mail) =>
  checkpointMail(checkpoint, { site: '기록 시연 의원', madeAt: '2026-11-22 00:00:05', key, words });
const sizeIn = (text: string | Buffer) => findCheckpoint(Buffer.from(text))?.size;

/** The whole mail, as a program would send it and a reader would save it. */
async function saved(more: object, words = ko.ledger.mail): Promise<Buffer> {
  const { text, attachments } = mail(words);
  const files = attachments.map(({ name, content }) => ({ filename: name, content }));
  const transport = createTransport({ streamTransport: true, buffer: true, newline: 'windows' });
  const sent = await transport.sendMail({
    from: 'girok@clinic.invalid',
    to: 'officer@clinic.invalid',
    subject: '기록',
    text,
    attachments: files,
    ...more,
  });
  return sent.message as Buffer;
}

describe('a checkpoint as a mail', () => {
  it('says in both languages what it is and what to do with it, with the note in text and attachment', () => {
    for (const words of [ko.ledger.mail, en.ledger.mail]) {
      const { text, attachments } = mail(words);
      expect(text).toMatch(/기록 시연 의원.*24/);
      expect(text).toContain(key);
      expect(text.endsWith(`\n\n${note}`)).toBe(true);
      expect(text).toContain('girok ledger verify --checkpoint');
      expect(attachments).toEqual([{ name: '2026-11-22-24.checkpoint', content: note }]);
    }
  });

  it.each([
    ['as it is sent', {}],
    ['with its text in base64', { textEncoding: 'base64' }],
    ['with its text quoted-printable', { textEncoding: 'quoted-printable' }],
    ['without its attachment', { attachments: [], textEncoding: 'quoted-printable' }],
    ['without its text', { text: 'x' }],
    ['with HTML beside the text', { html: '<p>x</p>' }],
  ])('is a kept checkpoint when it is saved %s', async (_how, more) => {
    for (const words of [ko.ledger.mail, en.ledger.mail]) {
      const bytes = await saved(more, words);
      expect(findCheckpoint(bytes)?.note).toBe(note);
      expect(
        findCheckpoint(Buffer.from(bytes.toString('latin1').replaceAll('\r\n', '\n'), 'latin1'))?.note,
      ).toBe(note);
      // Passed on as an attachment of another mail.
      const passedOn = await saved({
        text: 'see there',
        attachments: [{ filename: 'mail.eml', content: bytes, contentType: 'message/rfc822' }],
      });
      expect(findCheckpoint(passedOn)?.note).toBe(note);
    }
  });
});

describe('a kept checkpoint', () => {
  it('is found in what somebody copied it into, the largest of several', () => {
    expect(sizeIn(note)).toBe(24);
    expect(sizeIn(note.trimEnd())).toBe(24);
    expect(sizeIn(note.replaceAll('\n', '\r\n'))).toBe(24);
    expect(sizeIn(`Seen today:\n\n${note}\nSigned, the officer`)).toBe(24);
    expect(sizeIn(`${note}\n\n${older}`)).toBe(24);
    expect(sizeIn(older)).toBe(12);
  });

  it('is not found where there is none, however it looks', () => {
    for (const text of [
      '',
      '\n\n\n',
      'Content-Type: multipart/mixed; boundary=x\n\n--x\n--x\n--x--',
      note.replace('\n24\n', '\n024\n'),
      note.replaceAll('— ', '- '),
      Buffer.alloc(100_000, '\n--x').toString(),
      `Content-Type: multipart/mixed; boundary="x"\n\n${'--x\nContent-Type: multipart/mixed; boundary="x"\n\n'.repeat(2000)}`,
    ])
      expect(sizeIn(text)).toBeUndefined();
  });
});
