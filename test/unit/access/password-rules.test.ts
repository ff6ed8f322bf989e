import { describe, expect, it } from 'vitest';
import { isCommon } from '../../../src/access/common-passwords.ts';
import { passwordFault } from '../../../src/access/password-rules.ts';

const RULES = { length: 15, lengthWithFactor: 8, classes: 1 };
const OWNER = {
  login: 'gildong',
  name: '홍길동',
  site: ['demo-clinic', '기록 시연 의원', 'Girok demo clinic'],
};
const fault = (password: string, rules = RULES, hasFactor = false) =>
  passwordFault(password, rules, OWNER, hasFactor);

describe('a password', () => {
  it('has to be long where it is all there is, and shorter with a second factor', () => {
    expect(fault('plum tart kite')).toBe('too_short');
    expect(fault('plum tart kites')).toBeUndefined();
    expect(fault('plumtart', RULES, true)).toBeUndefined();
    expect(fault('plumtar', RULES, true)).toBe('too_short');
    expect(fault('물고기 여덟 마리와 낡은 의자')).toBeUndefined();
    // As people count, whatever the encoding.
    expect(fault('각'.normalize('NFD').repeat(14))).toBe('too_short');
    expect(fault('a'.repeat(129))).toBe('too_long');
    expect(fault(`${'plum tart kites '.repeat(8)}`)).not.toBe('too_long');
  });

  it('needs no kinds of characters, unless the site asks for some', () => {
    const site = { ...RULES, classes: 3 };
    expect(fault('plum tart kites')).toBeUndefined();
    expect(fault('plumtartkites and', site)).toBe('too_simple');
    expect(fault('Plum tart kites', site)).toBeUndefined();
    expect(fault('plum tart kites 9', site)).toBeUndefined();
  });

  it('is not made of its owner or its site', () => {
    for (const password of ['gildong12345!!', 'xx기록 시연 의원xx', 'Demo-Clinic-4711', '홍길동홍길동12'])
      expect(fault(password, { ...RULES, length: 8 }), password).toBe('personal');
    expect(fault('gildong rides an old bicycle')).toBeUndefined();
  });
});

describe('common', () => {
  it.each([
    'password',
    'Password2026!',
    'P@ssw0rd123',
    'qwertyuiop12345',
    '1q2w3e4r5t6y7u8',
    '1qaz2wsx3edc4rfv',
    'asdfghjkl;123456',
    'abcdefghijklmnop',
    '123456789012345',
    '000000000000000',
    '19880304',
    '01012345678',
    'aaaaaaaaaaaaaaab',
    'girokgirokgirok',
    'abcabcabcabcabc',
    'Hikvision12345',
    'dahua2026!!!!!!',
    'adminpassword1',
    'hospitalcctv2026',
    'dkssudgktpdy123',
    'tkfkdgo1234!',
    'qlalfqjsgh1!',
    'ㅂㅈㄷㄱㅅㅛㅕㅑ',
    '가나다라마바사아자차',
    '비밀번호1234',
    'correcthorsebatterystaple',
    'iloveyou!!!!!!!',
    'zxcvbnm,./zxcvbnm',
    'mnbvcxzlkjhgfdsa',
    'qwer1234asdf5678',
    'samsung12345678',
  ])('is %s', (password) => {
    expect(isCommon(password)).toBe(true);
  });

  it.each([
    'plum tart kites',
    'seven old bicycles hum',
    'x9Kp-27Qm-Lf3z',
    '물고기 여덟 마리',
    'vkdlxmsms dkslek',
    'quiet lemon 4 drawer',
    '7K3M9QXA',
  ])('is not %s', (password) => {
    expect(isCommon(password)).toBe(false);
  });

  it('is told quickly, whatever is typed', () => {
    for (const text of [
      'a'.repeat(128),
      'ab'.repeat(64),
      'adminadmin'.repeat(12),
      '1qaz'.repeat(32),
      'asdf '.repeat(25),
    ]) {
      const began = process.hrtime.bigint();
      isCommon(text);
      expect(Number(process.hrtime.bigint() - began) / 1e6, text).toBeLessThan(50);
    }
  });
});
