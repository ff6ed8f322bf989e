import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { MailConfig } from '../../../src/config/config.ts';
import { createSecrets } from '../../../src/config/secrets.ts';
import { createMailer } from '../../../src/stewardship/mail.ts';
import { createManualClock } from '../../support/manual-clock.ts';
import {
  type Certificate,
  makeCertificate,
  type SmtpOptions,
  type SmtpServer,
  startSmtpServer,
} from '../../support/smtp-server.ts';

const MAIL = { subject: '[기록] 시연 의원: 경보 1건', text: '디스크가 찼습니다.\n.\n끝\n' };
const LOGIN = { user: 'girok', password: 'open sesame' };
let certificate: Certificate;
let folder = '';
beforeAll(() => {
  certificate = makeCertificate();
  folder = mkdtempSync(join(tmpdir(), 'girok-mail-'));
  writeFileSync(join(folder, 'password'), `${LOGIN.password}\n`, { mode: 0o600 });
});
afterAll(() => rmSync(folder, { recursive: true }));

const servers: SmtpServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

async function room(options: SmtpOptions, settings: Partial<MailConfig> = {}, trusted = true) {
  const server = await startSmtpServer(options);
  servers.push(server);
  const clock = createManualClock();
  const mailer = createMailer({
    settings: {
      host: '127.0.0.1',
      port: server.port,
      tls: 'none',
      from: 'girok@clinic.example',
      to: ['manager@clinic.example'],
      dailyAt: '08:00',
      ...settings,
    },
    secrets: createSecrets({ env: {}, uid: process.getuid?.() ?? 0 }),
    clock,
    ...(trusted && { authorities: [certificate.cert] }),
  });
  return { server, mailer, clock };
}
const credential = () => ({
  user: LOGIN.user,
  password: { kind: 'file' as const, path: join(folder, 'password') },
});

describe('a mail', () => {
  it('arrives as it was written, from a machine that says so', async () => {
    const { server, mailer } = await room({});
    expect(await mailer.send(MAIL)).toEqual({ ok: true });
    const [mail] = server.mails;
    expect(mail).toMatchObject({ from: 'girok@clinic.example', to: ['manager@clinic.example'] });
    expect(mail?.subject).toBe(MAIL.subject);
    expect(mail?.text.replaceAll('\r\n', '\n').trimEnd()).toBe(MAIL.text.trimEnd());
    expect(mail?.raw).toMatch(/^auto-submitted: auto-generated\r$/im);
    expect(mail?.raw).toMatch(/^date: Sun, 22 Nov 2026 03:00:00 \+0000\r$/im);
  });

  it('goes over STARTTLS with the password inside of it alone', async () => {
    const { server, mailer } = await room(
      { certificate, login: LOGIN },
      { tls: 'starttls', credential: credential() },
    );
    expect(await mailer.send(MAIL)).toEqual({ ok: true });
    expect(server.mails).toMatchObject([{ encrypted: true }]);
    expect(server.inClear.join('\n')).not.toMatch(/AUTH|MAIL FROM/);
  });

  it.each<[string, SmtpOptions & { plain?: true; untrusted?: true; wrong?: true }, RegExp]>([
    ['whose certificate nobody vouches for', { untrusted: true }, /^ESOCKET|ETLS|CERT/],
    ['that offers no TLS', { plain: true }, /^ETLS/],
    ['that does not take the password', { wrong: true }, /^EAUTH 535$/],
  ])('is not given to a server %s', async (_what, { plain, untrusted, wrong }, error) => {
    const login = wrong ? { ...LOGIN, password: 'another' } : LOGIN;
    const { server, mailer } = await room(
      plain ? { login } : { certificate, login },
      { tls: 'starttls', credential: credential() },
      !untrusted,
    );
    expect(await mailer.send(MAIL)).toEqual({ ok: false, error: expect.stringMatching(error) });
    expect(server.mails).toEqual([]);
    expect(server.inClear.join('\n')).not.toContain('AUTH');
  });

  it('is refused in a word that holds nothing of what the server said', async () => {
    const { mailer } = await room({ answer: (line) => (line === '.' ? '554 <b>spam\u0007</b>' : undefined) });
    expect(await mailer.send(MAIL)).toEqual({ ok: false, error: 'EMESSAGE 554' });
  });

  it('that reaches some of its people is not sent to them twice, and the others are counted', async () => {
    const { server, mailer } = await room(
      { answer: (line) => (/RCPT.*gone@/.test(line) ? '550 gone' : undefined) },
      { to: ['manager@clinic.example', 'gone@clinic.example'] },
    );
    expect(await mailer.send(MAIL)).toEqual({ ok: true, error: '1 of 2 recipients' });
    expect(server.mails).toMatchObject([{ to: ['manager@clinic.example'] }]);
  });

  it('waits half a minute for a server that says nothing, and no longer', async () => {
    const { mailer, clock } = await room({ answer: () => '' });
    const sending = mailer.send(MAIL);
    await clock.run(29_000, 29_000);
    await clock.run(1000, 1000);
    expect(await sending).toEqual({ ok: false, error: 'ETIMEDOUT' });
  });

  it('is not sent without its password, or with one that others can read', async () => {
    const { mailer, server } = await room(
      { certificate, login: LOGIN },
      { tls: 'starttls', credential: credential() },
    );
    chmodSync(join(folder, 'password'), 0o644);
    expect(await mailer.send(MAIL)).toEqual({ ok: false, error: 'credential_exposed' });
    chmodSync(join(folder, 'password'), 0o600);
    expect(await mailer.send(MAIL)).toEqual({ ok: true });
    expect(server.mails).toHaveLength(1);
  });
});
