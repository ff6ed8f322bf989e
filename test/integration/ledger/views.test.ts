import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ko } from '../../../src/i18n/ko.ts';
import { type Table, toCsv, toXlsx } from '../../../src/ledger/table-formats.ts';
import { allEntries, destructionLog, managementLedger } from '../../../src/ledger/views.ts';
import { createSiteTime } from '../../../src/lib/site-time.ts';
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
    const table = managementLedger(ledger.rows, siteTime, words);
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
    const table = destructionLog(ledger.rows, siteTime, words);
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
    const { titles, rows } = allEntries(ledger.rows, siteTime, words);
    expect(rows.map((row) => row.slice(4, 6))).toEqual([
      ['장부 시작', 'ledger.begun'],
      ['파기 완료', 'erase.done'],
    ]);
    expect(titles).toHaveLength(rows[0]?.length ?? 0);
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
