import { expect, it } from 'vitest';
import { errorAnswer } from '../../../src/http/error-map.ts';
import { en } from '../../../src/i18n/en.ts';
import { ko } from '../../../src/i18n/ko.ts';

const thrown = (code: string) => Object.assign(new Error('/var/lib/girok/site.db: no'), { code });

it.each([
  ['SQLITE_FULL', 'storage_full'],
  ['ENOSPC', 'storage_full'],
  ['SQLITE_BUSY', 'ledger_unwritable'],
  ['SQLITE_BUSY_SNAPSHOT', 'ledger_unwritable'],
  ['SQLITE_IOERR_FSYNC', 'ledger_unwritable'],
  ['SQLITE_CONSTRAINT', 'internal'],
] as const)('says of %s what to do, and nothing of the machine', (code, error) => {
  for (const [language, { errors }] of [
    ['ko', ko],
    ['en', en],
  ] as const) {
    const { status, body } = errorAnswer(thrown(code), language);
    expect(status).toBe(error === 'internal' ? 500 : 503);
    expect(body).toMatchObject({ error, message: errors[error]({}) });
    expect(JSON.stringify(body)).not.toMatch(/site\.db|SQLITE|ENOSPC/);
  }
});
