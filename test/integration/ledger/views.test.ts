import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { en } from '../../../src/i18n/en.ts';
import { ko } from '../../../src/i18n/ko.ts';
import type { NewEntry } from '../../../src/ledger/entry.ts';
import type { Ledger } from '../../../src/ledger/ledger.ts';
import { type Table, toCsv, toXlsx } from '../../../src/ledger/table-formats.ts';
import { VIEWS, type ViewName } from '../../../src/ledger/views.ts';
import { createSiteTime } from '../../../src/lib/site-time.ts';
import { beginPersonalLedger } from '../../support/ledger/personal.ts';
import { beginLedger, scratchFolder } from '../../support/ledger/scratch.ts';

const siteTime = createSiteTime('Asia/Seoul');
const words = ko.ledger.views;

const certificate = {
  v: 1,
  run: 'r1',
  site: 'clinic',
  timeZone: 'Asia/Seoul',
  retentionDays: 30,
  startedAt: '2026-11-22T15:00:00.000Z',
  finishedAt: '2026-11-22T15:00:04.000Z',
  state: 'complete' as const,
  resumed: false,
  clock: 'time_server',
  epoch: 7,
  days: ['cam01', 'cam02'].map((camera) => ({
    camera,
    day: '2026-10-23',
    dueAt: '2026-11-22T15:00:00.000Z',
    hours: [0, 1],
    files: 2880,
    bytes: 1_000_000,
    removesFiles: true,
    reason: 'expired',
  })),
  rows: 5760,
  failures: [],
  deferred: [],
  late: [],
  accounted: true,
};

const request = {
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

type ViewingOpened = Extract<NewEntry, { event: 'viewing.opened' }>;

/** A ledger with a keyring, to be filled and shown with its texts opened. */
function filled() {
  const begun = beginPersonalLedger();
  const source = {
    rows: begun.ledger.rows,
    siteTime,
    words,
    opening: begun.opening(),
    purposes: { CRIME_PREVENTION: '범죄 예방' },
  };
  const add = (ledger: Ledger, entry: NewEntry, personal: Record<string, string> = {}) =>
    ledger.write((tx) => tx.append(entry, { personal }));
  return {
    ...begun,
    source,
    add,
    show: (view: ViewName) => VIEWS[view]({ ...source, opening: begun.opening() }),
  };
}

describe('the registers', () => {
  it('have the twelve columns of the official form, and results that came later in their row', () => {
    const personal = { seal: (plaintext: Buffer) => ({ key: 'k', sealed: plaintext }) };
    const { ledger } = beginLedger({ personal });
    const facts = {
      kind: 'ACCESS' as const,
      appliedAt: '2026-11-20T01:00:00Z',
      fileNameForm: 'cam01/video',
      purposeReason: '=1+1',
      legalBasis: '개인정보 보호법 제35조',
      form: '자료열람',
      period: '',
      result: '',
      safety: '',
    };
    const row = ledger.write((tx) =>
      tx.append(
        { event: 'management.entered', facts, actor: 'person:officer' },
        { personal: { officer: '홍길동', recipient: '김정보' } },
      ),
    );
    ledger.write((tx) =>
      tx.append({
        event: 'management.updated',
        facts: { row, result: "타인영상 제거 후 제공('26.11.22)", safety: '' },
        actor: 'person:officer',
      }),
    );
    const table = VIEWS.management({ rows: ledger.rows, siteTime, words });
    expect(table.titles).toHaveLength(12);
    expect(table.rows).toEqual([
      [
        1,
        '열람',
        '2026-11-20 10:00:00',
        'cam01/video',
        '(봉인됨)',
        '=1+1',
        '(봉인됨)',
        '개인정보 보호법 제35조',
        '자료열람',
        '',
        "타인영상 제거 후 제공('26.11.22)",
        '',
      ],
    ]);
    expect(toCsv(table)).toContain(`,'=1+1,`);
  });

  it('tell of each run of the purge', () => {
    const { ledger, append } = beginLedger();
    append({ event: 'erase.done', facts: certificate, actor: 'process:purge' });
    const table = VIEWS.destruction({ rows: ledger.rows, siteTime, words });
    expect(table.rows).toEqual([
      [
        1,
        'r1',
        '2026-11-23 00:00:00',
        '2026-11-23 00:00:04',
        '완료',
        2,
        '2026-10-23',
        '2026-10-23',
        5760,
        2_000_000,
        0,
        0,
        7,
      ],
    ]);
    expect(table.rows[0]).toHaveLength(table.titles.length);
    const { titles, rows } = VIEWS.entries({ rows: ledger.rows, siteTime, words });
    expect(rows.map((row) => row.slice(4, 6))).toEqual([
      ['장부 시작', 'ledger.begun'],
      ['파기 완료', 'erase.done'],
    ]);
    expect(titles).toHaveLength(rows[0]?.length ?? 0);
  });

  it('open what is sealed, say what has been erased, and do not hide what was changed', () => {
    const { ledger, add, show, db } = filled();
    const row = (officer: string) =>
      add(
        ledger,
        { event: 'management.entered', facts: request, actor: 'process:cli' },
        { officer, recipient: '김정보' },
      );
    const seqs = [row('홍길동'), row('나'), row('다')];
    db.prepare(`update ledger_personal set key = 'records/management/2001-01' where seq = ?`).run(seqs[1]);
    db.prepare(`update ledger_personal set sealed = zeroblob(60) where seq = ? and field = 'officer'`).run(
      seqs[2],
    );
    const people = show('management').rows.map((line) => [line[0], line[4], line[6]]);
    expect(people).toEqual([
      [1, '홍길동', '김정보'],
      [2, '(삭제됨)', '(삭제됨)'],
      [3, '(손상됨)', '김정보'],
    ]);
  });

  it('show what was set right in the row that it is about: the newest value, and by which entry', () => {
    const { ledger, add, show } = filled();
    const entered = (facts: Partial<typeof request>, corrects?: number, personal = {}) =>
      add(
        ledger,
        {
          event: 'management.entered',
          facts: { ...request, ...facts },
          actor: 'process:cli',
          ...(corrects !== undefined && { corrects }),
        },
        personal,
      );
    const first = entered({}, undefined, { officer: '홍길동', recipient: '김정보' });
    entered({ fileNameForm: '둘째' });
    const wrong = entered({ fileNameForm: 'cam02/영상', form: '사본' }, first);
    const again = entered({ fileNameForm: 'cam03/영상', form: '사본' }, wrong, { recipient: '박정보' });
    add(ledger, {
      event: 'management.updated',
      facts: { row: first, result: '제공 완료', safety: '없음' },
      actor: 'process:cli',
    });
    const third = entered({ fileNameForm: '셋째' });
    const noted = add(ledger, {
      event: 'ledger.corrected',
      facts: { reason: '취소된 건' },
      actor: 'process:cli',
      corrects: third,
    });
    // Of a row that there is not: in the ledger, and nowhere else.
    add(ledger, {
      event: 'management.updated',
      facts: { row: 0, result: 'x', safety: '' },
      actor: 'process:cli',
    });
    const rows = show('management').rows;
    expect(rows.map(([number]) => number)).toEqual([1, 2, 3]);
    expect(rows[0]).toEqual([
      1,
      '열람',
      '2026-11-20 10:00:00',
      `cam03/영상 [정정: 기록 ${again}번]`,
      '홍길동',
      '본인 확인',
      `박정보 [정정: 기록 ${again}번]`,
      '개인정보 보호법 제35조',
      `사본 [정정: 기록 ${wrong}번]`,
      '',
      '제공 완료',
      '없음',
    ]);
    expect(rows[1]?.slice(3)).toEqual([
      '둘째',
      '',
      '본인 확인',
      '',
      '개인정보 보호법 제35조',
      '자료열람',
      '',
      '',
      '',
    ]);
    expect(rows[2]?.[10]).toBe(`취소된 건 [정정: 기록 ${noted}번]`);
  });

  it('tell of each viewing: the footage, its purpose, who, when, and what was really delivered', () => {
    const { ledger, add, show } = filled();
    const opened: ViewingOpened = {
      event: 'viewing.opened',
      facts: {
        viewing: 'v1',
        kind: 'recorded',
        purpose: 'CRIME_PREVENTION',
        cameras: ['cam01', 'cam02'],
        from: '2026-11-21T05:00:00Z',
        to: '2026-11-21T05:10:00Z',
        masked: false,
        request: '2026-0003',
        grant: 'g1',
      },
      actor: 'person:guard-1',
      atUs: Date.parse('2026-11-22T03:00:00Z') * 1000,
    };
    const who = {
      viewer: '이경비 (운영담당자)',
      reason: '현관 유리 파손 확인',
      requester: '',
      terminal: '192.168.10.21',
    };
    add(ledger, opened, who);
    for (const bytes of [1000, 2345])
      add(ledger, {
        event: 'viewing.delivered',
        facts: {
          viewing: 'v1',
          camera: 'cam01',
          stream: 'main',
          from: '2026-11-21T05:00:00Z',
          to: '2026-11-21T05:01:00Z',
          bytes,
          startedAt: '2026-11-22T03:00:01Z',
          endedAt: '2026-11-22T03:00:30Z',
        },
        actor: 'process:web',
      });
    add(ledger, {
      event: 'viewing.closed',
      facts: { viewing: 'v1', outcome: 'incident', incident: 'i7' },
      actor: 'person:guard-1',
      atUs: Date.parse('2026-11-22T03:04:00Z') * 1000,
    });
    add(ledger, { ...opened, facts: { ...opened.facts, viewing: 'v2', kind: 'live', masked: true } }, who);
    expect(show('viewing').rows).toEqual([
      [
        1,
        'v1',
        '2026-11-21 14:00:00',
        '2026-11-21 14:10:00',
        '범죄 예방',
        '현관 유리 파손 확인',
        '이경비 (운영담당자)',
        '2026-11-22 12:00:00',
        '2026-11-22 12:04:00',
        '',
        'cam01 cam02',
        '녹화 영상',
        '192.168.10.21',
        '아니오',
        '2026-0003',
        'g1',
        3345,
        '사건 i7',
      ],
      expect.arrayContaining([2, 'v2', '실시간', '예', 0, '']),
    ]);
  });

  it('tell of whoever was at the system, from where, and what they handled', () => {
    const { ledger, add, show } = filled();
    const atUs = Date.parse('2026-11-22T03:00:00Z') * 1000;
    const ip = '192.168.10.21';
    add(
      ledger,
      { event: 'access.signed_in', facts: { session: 's1', outside: false }, actor: 'person:guard-1', atUs },
      { name: '이경비', ip },
    );
    add(
      ledger,
      { event: 'access.refused', facts: { account: 'guard-1', why: 'password' }, actor: 'process:web', atUs },
      { ip },
    );
    add(
      ledger,
      {
        event: 'right.suspended',
        facts: { account: 'guard-1', why: 'failures' },
        actor: 'person:officer',
        atUs,
      },
      { name: '이경비', reason: '확인 필요' },
    );
    // What a program does by itself is no access.
    add(ledger, {
      event: 'right.suspended',
      facts: { account: 'guard-2', why: 'unused' },
      actor: 'process:steward',
      atUs,
    });
    add(ledger, { event: 'recorder.stopped', facts: { signal: 'SIGTERM' }, actor: 'process:recorder', atUs });
    const at = '2026-11-22 12:00:00';
    expect(show('access').rows).toEqual([
      [1, at, 'guard-1', '이경비', ip, '', '로그인', ''],
      [2, at, 'guard-1', '', ip, 'guard-1', '로그인 거부', 'why=password'],
      [3, at, 'officer', '', '', 'guard-1', '권한 정지', 'why=failures'],
    ]);
  });

  it('tell of each right: whose, of what kind, for which cameras and how long, and who allowed it', () => {
    const { ledger, add, show } = filled();
    const right = {
      right: 'r1',
      account: 'guard-1',
      role: 'security' as const,
      cameras: ['cam01'],
      actions: ['live' as const, 'playback' as const],
      lookBackHours: 24,
      from: '2026-11-22T00:00:00Z',
      until: '2027-11-22T00:00:00Z',
      requestedBy: 'lead',
      approvedBy: 'officer',
    };
    const atUs = Date.parse('2026-11-22T03:00:00Z') * 1000;
    const why = { name: '이경비', reason: '야간 근무' };
    add(ledger, { event: 'right.granted', facts: right, actor: 'person:admin', atUs }, why);
    add(ledger, {
      event: 'right.suspended',
      facts: { account: 'guard-1', why: 'unused' },
      actor: 'process:web',
      atUs,
    });
    expect(show('rights').rows).toEqual([
      [
        1,
        '2026-11-22 12:00:00',
        '권한 부여',
        'guard-1',
        '이경비',
        '운영담당자',
        'cam01',
        '실시간, 재생',
        24,
        '2026-11-22 09:00:00',
        '2027-11-22 09:00:00',
        '야간 근무',
        'admin',
        'lead',
        'officer',
      ],
      [
        2,
        '2026-11-22 12:00:00',
        '권한 정지 (장기 미사용)',
        'guard-1',
        '',
        '',
        '',
        '',
        '',
        '',
        '',
        '',
        'web',
        '',
        '',
      ],
    ]);
  });

  it('have a title for each column, in both languages', () => {
    const { ledger, add, source } = filled();
    add(ledger, { event: 'erase.done', facts: certificate, actor: 'process:purge' });
    add(ledger, { event: 'management.entered', facts: request, actor: 'process:cli' });
    add(ledger, { event: 'account.opened', facts: { account: 'a', role: 'auditor' }, actor: 'person:b' });
    const viewing: ViewingOpened['facts'] = {
      viewing: 'v',
      kind: 'shift',
      purpose: 'FIRE_PREVENTION',
      cameras: ['cam01'],
      masked: false,
    };
    add(ledger, { event: 'viewing.opened', facts: viewing, actor: 'person:b' });
    for (const { views } of [ko.ledger, en.ledger])
      for (const [name, view] of Object.entries(VIEWS)) {
        const { titles, rows } = view({ ...source, words: views });
        expect(rows.length, name).toBeGreaterThan(0);
        for (const row of rows) expect(row, name).toHaveLength(titles.length);
      }
  });

  it('are files that other programs read', () => {
    const table: Table = {
      name: '관리[대장]',
      titles: ['번호', '내용'],
      rows: [
        [1, 'a & <b> "c"\n한글 \u0001'],
        [2, ''],
      ],
    };
    expect(toCsv(table)).toBe('\ufeff번호,내용\r\n1,"a & <b> ""c""\n한글 \u0001"\r\n2,\r\n');
    const file = join(scratchFolder(), 'table.xlsx');
    writeFileSync(file, toXlsx(table));
    const script = [
      'import sys, zipfile, xml.dom.minidom as m',
      'z = zipfile.ZipFile(sys.argv[1]); assert z.testzip() is None',
      '[m.parseString(z.read(n)) for n in z.namelist()]',
      'd = m.parseString(z.read("xl/worksheets/sheet1.xml"))',
      'print([t.firstChild.data if t.firstChild else "" for t in d.getElementsByTagName("t")])',
    ].join('\n');
    const said = execFileSync('python3', ['-X', 'utf8', '-c', script, file], { encoding: 'utf8' });
    expect(said.trim()).toBe(`['번호', '내용', 'a & <b> "c"\\n한글 \ufffd', '']`);
  });
});
