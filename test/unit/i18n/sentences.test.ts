import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { en } from '../../../src/i18n/en.ts';
import { duties } from '../../../src/i18n/ko/duties.ts';
import { ko } from '../../../src/i18n/ko.ts';
import { chooseLanguage } from '../../../src/i18n/language.ts';
import { alarmText, sentence } from '../../../src/i18n/sentences.ts';
import { type ErrorCode, GirokError } from '../../../src/lib/errors.ts';

const OPERATE = readFileSync(new URL('../../../docs/guide/operate.md', import.meta.url), 'utf8');
const CODES = Object.keys(ko.errors) as ErrorCode[];

describe('sentences of errors', () => {
  it.each(CODES)('%s is whole in both languages when no fact is known', (code) => {
    for (const language of ['ko', 'en'] as const) {
      const said = sentence(new GirokError(code), language);
      expect(said).toMatch(/[.]$/);
      expect(said).not.toMatch(/undefined|\(\)|""| {2}/);
    }
  });

  it('name the facts that are known', () => {
    const error = new GirokError('camera_unreachable', {
      camera: 'cam07',
      address: '10.0.0.7',
      reason: 'ECONNREFUSED',
    });
    for (const language of ['ko', 'en'] as const) {
      expect(sentence(error, language)).toContain('(cam07, 10.0.0.7, ECONNREFUSED)');
    }
  });

  it('let no control character of a camera through to the terminal', () => {
    const error = new GirokError('camera_reply_refused', { reason: '\u001b[2J\r\nfine\u2028' });
    expect(sentence(error, 'en')).not.toMatch(/[\p{Cc}\u2028]/u);
  });

  it('are written in Korean in the Korean half, and without Korean in the English half', () => {
    for (const code of CODES) {
      expect(ko.errors[code]({})).toMatch(/[가-힣]/);
      expect(en.errors[code]({})).not.toMatch(/[가-힣]/);
    }
  });
});

it('the alarm of erasing that waits names a command that is taken, and none where nobody can confirm anything', () => {
  for (const words of [ko, en]) {
    const said = (why: string) => alarmText(words, 'erasing_waits', '', { why });
    for (const why of ['clock', 'days']) expect(said(why)).toContain(`--confirm ${why} --by `);
    expect(said('ledger')).not.toContain('--confirm');
  }
});

it.each(Object.keys(ko.alarms))('the guide for whoever keeps it running has a row about %s', (alarm) => {
  expect(OPERATE).toMatch(new RegExp(`^\\| \`${alarm}\`[^|]*\\|[^|]+\\|[^|]+\\|$`, 'm'));
});

it.each(Object.keys(duties))('and about the duty of %s', (duty) => {
  expect(OPERATE).toMatch(new RegExp(`^\\| \`duty_failed\` (\\w+, )*${duty}(, \\w+)* \\|`, 'm'));
});

describe('the language', () => {
  it.each([
    [{ asked: 'en', env: { LANG: 'ko_KR.UTF-8' }, site: 'ko' }, 'en'],
    [{ env: { LANG: 'en_US.UTF-8' }, site: 'ko' }, 'en'],
    [{ env: { LC_ALL: 'ko_KR', LANG: 'en_US' } }, 'ko'],
    [{ env: { LANG: 'C.UTF-8' }, site: 'en' }, 'en'],
    [{ env: { LANG: 'korean' }, site: 'en' }, 'en'],
    [{ env: { LANG: 'de_DE' } }, 'ko'],
    [{ env: {} }, 'ko'],
  ] as const)('of %j is %s', (hints, language) => {
    expect(chooseLanguage(hints)).toBe(language);
  });
});
