import type { Language } from '../../../src/i18n/language.ts';
import { sentencesIn } from '../../../src/i18n/sentences.ts';
import type { NewEntry } from '../../../src/ledger/entry.ts';
import { createRegisterDesk, type Reader } from '../../../src/ledger/register-desk.ts';
import { beginPersonalLedger } from './personal.ts';

export const PURPOSES = { CRIME_PREVENTION: '범죄 예방' };
export const AUDITOR: Reader<Language> = {
  account: 'auditor-1',
  name: '감사 김정보',
  address: '192.168.0.20',
  language: 'ko',
};

/** The registers' desk over a real site.db and keyring. */
export function beginDesk() {
  const begun = beginPersonalLedger();
  const { ledger, siteTime, identity } = begun;
  const source = (language: Language) => ({
    siteTime,
    words: sentencesIn(language).ledger.views,
    purposes: PURPOSES,
  });
  const desk = createRegisterDesk<Language>({
    ledger: () => ledger,
    opening: () => begun.opening(),
    source,
    trust: () => ({ log: identity.key, witnesses: [] }),
  });
  const add = (entry: NewEntry, personal: Record<string, string> = {}) =>
    ledger.write((tx) => tx.append(entry, { personal }));
  return { ...begun, source, desk, add };
}

const RIGHT = {
  right: 'r1',
  account: 'guard-1',
  role: 'security' as const,
  cameras: ['cam01', 'cam02'],
  actions: ['playback' as const],
  from: '2026-11-22T00:00:00Z',
};
const REQUEST = {
  kind: 'ACCESS' as const,
  appliedAt: '2026-11-20T01:00:00Z',
  fileNameForm: 'cam01/영상',
  purposeReason: '본인 확인',
  legalBasis: '개인정보 보호법 제35조',
  form: '자료열람',
  period: '',
  result: '',
  safety: '',
};

/** Something of every register, `rounds` times, among entries that are in none. */
export function fillRegisters({ add, clock }: ReturnType<typeof beginDesk>, rounds: number): void {
  const at = clock as unknown as { advance(ms: number): void };
  for (let n = 0; n < rounds; n++) {
    at.advance(60_000);
    const guard = `guard-${n % 3}` as const;
    const actor = `person:${guard}` as const;
    const name = `경비 ${n}`;
    add({ event: 'recorder.stopped', facts: { signal: 'SIGTERM' }, actor: 'process:recorder' });
    add(
      { event: 'access.signed_in', facts: { session: `s${n}`, outside: false }, actor },
      { name, ip: '10.0.0.1' },
    );
    add({ event: 'access.refused', facts: { account: guard, why: 'password' }, actor: 'process:web' });
    const grant = `g${n}`;
    const scope = {
      purpose: 'CRIME_PREVENTION',
      cameras: n % 2 === 0 ? ['cam01'] : ['cam01', 'cam02'],
      from: '2026-11-21T05:00:00Z',
      to: '2026-11-21T05:10:00Z',
      masked: false,
    };
    add(
      { event: 'grant.requested', facts: { grant, ...scope }, actor },
      { reason: '현관 파손', requester: '원장' },
    );
    add(
      { event: 'viewing.opened', facts: { viewing: `v${n}`, kind: 'recorded', ...scope, grant }, actor },
      { viewer: name, terminal: '10.0.0.1' },
    );
    for (const bytes of [1000, 500])
      add({
        event: 'viewing.delivered',
        facts: {
          viewing: `v${n}`,
          camera: 'cam01',
          stream: 'main',
          from: scope.from,
          to: scope.to,
          bytes,
          startedAt: scope.from,
          endedAt: scope.to,
        },
        actor: 'process:web',
      });
    if (n % 4 !== 0)
      add({
        event: 'viewing.closed',
        facts: { viewing: `v${n}`, outcome: n % 4 === 1 ? 'incident' : 'no_finding' },
        actor,
      });
    add(
      { event: 'right.granted', facts: { ...RIGHT, account: guard }, actor: 'person:boss' },
      { name, reason: '야간' },
    );
    const row = add(
      {
        event: 'management.entered',
        facts: { ...REQUEST, kind: n % 2 === 0 ? 'ACCESS' : 'PROVISION' },
        actor: 'person:boss',
      },
      { officer: '송은서', recipient: name },
    );
    if (n % 2 === 0)
      add({
        event: 'management.updated',
        facts: { row, result: '제공', safety: '없음' },
        actor: 'person:boss',
      });
    if (n % 3 === 0)
      add({
        event: 'management.entered',
        facts: { ...REQUEST, fileNameForm: 'cam02/영상' },
        actor: 'person:boss',
        corrects: row,
      });
    add({
      event: n % 5 === 0 ? 'erase.incomplete' : 'erase.done',
      facts: {
        run: `r${n}`,
        startedAt: '2026-11-22T15:00:00.000Z',
        finishedAt: '2026-11-22T15:00:04.000Z',
        state: n % 5 === 0 ? 'incomplete' : 'complete',
        epoch: 7,
        days: [{ camera: `cam0${(n % 2) + 1}`, day: '2026-10-23', files: 10, bytes: 1000 }],
        failures: [],
        deferred: [],
      },
      actor: 'process:purge',
    });
  }
}
