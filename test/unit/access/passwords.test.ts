import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { createPasswords } from '../../../src/access/passwords.ts';

const passwords = createPasswords({ pepper: Buffer.alloc(32, 7) });

/** Threads of this process that give way to others, by the niceness in `proc(5)`, `stat`. */
const givingWay = () =>
  readdirSync('/proc/self/task').filter((thread) => {
    const stat = readFileSync(`/proc/self/task/${thread}/stat`, 'latin1');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[16]) > 0;
  }).length;

it('knows what it hashed, with its own secret alone, however it was typed', async () => {
  const stored = await passwords.hash('비밀번호 열두 글자');
  expect(stored).toMatch(/^\$argon2id\$v=19\$m=65536,t=3,p=1\$/);
  expect(await passwords.verify(stored, '비밀번호 열두 글자'.normalize('NFD'))).toBe(true);
  expect(await passwords.verify(stored, '비밀번호 열두 글짜')).toBe(false);
  expect(await createPasswords({ pepper: Buffer.alloc(32, 8) }).verify(stored, '비밀번호 열두 글자')).toBe(
    false,
  );
  expect(await passwords.verify(undefined, 'nobody has this password')).toBe(false);
});

it('works in two threads that give way to whoever is answered, and lets so many wait and no more', async () => {
  const before = givingWay();
  const tries = await Promise.allSettled(Array.from({ length: 60 }, () => passwords.verify(undefined, 'x')));
  expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(34);
  for (const one of tries)
    if (one.status === 'rejected') expect(one.reason).toMatchObject({ code: 'sign_in_busy' });
  expect(givingWay() - before).toBeLessThanOrEqual(2);
  expect(givingWay()).toBeGreaterThanOrEqual(2);
});

it('goes on with another thread where one died', async () => {
  await expect(passwords.verify('what no hash looks like', 'x')).rejects.toThrow();
  const stored = await passwords.hash('x');
  expect(await passwords.verify(stored, 'x')).toBe(true);
});
