import { describe, expect, it } from 'vitest';
import { parseNotify } from '../../../src/config/parse.ts';
import { faultsOf, parse, SOUND, told } from './sample.ts';

const withNotify = (text: string) => `${SOUND}notify: ${text}\n`;
const MAIL = 'host: mail.example, from: a@b.example, to: [c@d.example]';

describe('who is told', () => {
  it('is nobody unless cameras.yml says so', () => {
    expect(parse(SOUND).notify).toEqual({ language: 'ko' });
  });

  it('has the usual port of each kind of server, and a password that is only referred to', () => {
    const mail = (more: string) => parse(withNotify(`{ mail: { ${MAIL}${more} } }`)).notify.mail;
    expect(mail('')).toEqual({
      host: 'mail.example',
      port: 587,
      tls: 'starttls',
      from: 'a@b.example',
      to: ['c@d.example'],
      dailyAt: '08:00',
    });
    expect(mail(', tls: tls')?.port).toBe(465);
    expect(mail(', tls: none')?.port).toBe(25);
    expect(mail(", port: 2525, credential: { user: u, password: 'file:secret' }")).toMatchObject({
      port: 2525,
      credential: { user: 'u', password: { kind: 'file', path: '/site/secret' } },
    });
  });

  it.each([
    ['{ mail: { host: h, from: nobody, to: [a@b] } }', 'bad_mail_address notify.mail.from'],
    ['{ mail: { host: h, from: "a@b\\nBcc: x@y", to: [a@b] } }', 'bad_mail_address notify.mail.from'],
    ['{ mail: { host: h, from: a@b, to: [] } }', 'empty notify.mail.to'],
    ['{ mail: { host: "h/x", from: a@b, to: [a@b] } }', 'bad_mail_host notify.mail.host'],
    [`{ mail: { ${MAIL}, dailyAt: '24:00' } }`, 'bad_time_of_day notify.mail.dailyAt'],
    [
      `{ mail: { ${MAIL}, tls: none, credential: { user: u, password: 'env:P' } } }`,
      'password_in_clear notify.mail.credential',
    ],
    [
      `{ mail: { ${MAIL}, credential: { user: u, password: secret } } }`,
      'bad_reference notify.mail.credential.password',
    ],
    ['{ webhook: { url: "ftp://h/" } }', 'bad_webhook_url notify.webhook.url'],
    ['{ webhook: { url: "https://u:p@h/" } }', 'bad_webhook_url notify.webhook.url'],
    ['{ sms: 1 }', 'unknown_key notify.sms'],
  ])('%s is a fault', (text, fault) => {
    expect(told(withNotify(text))).toEqual([fault]);
  });

  it('never sees what it refuses repeated where it may be a secret', () => {
    const faults = faultsOf(withNotify(`{ webhook: { url: 'https://u:hunter2@h/' } }`));
    expect(JSON.stringify(faults)).not.toContain('hunter2');
  });

  it('stands in a file of its own for a witness', () => {
    const text = `mail: { ${MAIL}, credential: { user: u, password: 'file:secret' } }\n`;
    expect(parseNotify(text, '/srv/witness/notify.yml', 'en')).toMatchObject({
      language: 'en',
      mail: { credential: { password: { path: '/srv/witness/secret' } } },
    });
    expect(() => parseNotify('mail: { host: h }', '/srv/notify.yml', 'en')).toThrow('config_faulty');
  });
});
