import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { COMMANDS } from '../../../src/cli/commands.ts';
import { runCli } from '../../../src/cli/run.ts';
import { createItemRows } from '../../../src/db/site/item-rows.ts';
import { createTaskRows } from '../../../src/db/site/task-rows.ts';
import { readBody } from '../../../src/ledger/entry.ts';
import { confirmErasing, openErasingTasks } from '../../../src/oversight/erasing-confirmation.ts';
import type { ErasingReport } from '../../../src/oversight/examination.ts';
import { oversightAlarms } from '../../../src/oversight/oversight-alarms.ts';
import { beginLedger } from '../../support/ledger/scratch.ts';
import { createManualClock, type ManualClock } from '../../support/manual-clock.ts';
import { createRecorderHome, type RecorderHome } from '../../support/recorder-home.ts';
import { type PurgeHome, purgeHome, ROOT_KEY } from '../../support/retention/purge-home.ts';

const DAY_MS = 24 * 3600_000;
const us = (iso: string) => Date.parse(iso) * 1000;

let home: RecorderHome;
let storage: PurgeHome;
let clock: ManualClock;
let room: ReturnType<typeof beginLedger>;

/** October 2026 of a clinic: footage of five September days of two cameras was erased in it, younger footage lives. */
beforeEach(async () => {
  home = createRecorderHome({ cameras: [{ id: 'cam01', source: "rtsp: { main: 'rtsp://127.0.0.1:1/x' }" }] });
  home.write(readFileSync(home.config, 'utf8').replace('mirror: mirror', 'mirror: storage/mirror'));
  writeFileSync(join(home.folder, 'secrets', 'root.key'), ROOT_KEY, { mode: 0o600 });
  mkdirSync(home.storage, { recursive: true });
  clock = createManualClock(us('2026-10-15T09:00:00+09:00'));
  storage = purgeHome(clock, { storage: home.storage });
  room = beginLedger({ path: join(home.storage, 'site.db'), clock, rootKey: ROOT_KEY });
  for (const camera of ['cam01', 'cam02'])
    for (const day of ['2026-09-20', '2026-09-21', '2026-09-22', '2026-09-23', '2026-09-24', '2026-10-30'])
      storage.record(camera, day, 3);
});
afterEach(() => home.remove());

/** What a person reads. */
async function shown(...argv: string[]) {
  const out: string[] = [];
  await runCli([...argv, '--lang', 'ko', '--config', home.config], {
    commands: COMMANDS,
    env: {},
    clock,
    signal: new AbortController().signal,
    terminal: { out: (text) => void out.push(text), err: () => undefined, live: false },
  });
  return out;
}

async function girok(...argv: string[]) {
  const out: string[] = [];
  const err: string[] = [];
  const code = await runCli([...argv, '--json', '--lang', 'ko', '--config', home.config], {
    commands: COMMANDS,
    env: {},
    clock,
    signal: new AbortController().signal,
    terminal: { out: (text) => void out.push(text), err: (text) => void err.push(text), live: false },
  });
  return { code, said: JSON.parse(out.join('')), told: err.join('') };
}

const setClock = (iso: string) => clock.advance((us(iso) - clock.utcUs()) / 1000);
const openTasks = () => openErasingTasks({ ledger: room.ledger, clock, siteTime: storage.siteTime });
const entriesOf = (event: string) =>
  [...room.ledger.rows.entries(0, 1e9)]
    .map(({ body }) => readBody(body))
    .filter((entry) => entry.event === event);

async function erasedInOctober() {
  for (const day of [21, 22, 23, 24, 25]) {
    setClock(`2026-10-${day}T00:10:00+09:00`);
    expect(await storage.purge(clock)).toMatchObject({ kind: 'done', certificate: { state: 'complete' } });
  }
  setClock('2026-11-02T09:00:00+09:00');
  expect(openTasks()).toEqual(['erasing-2026-10']);
}

describe('the monthly confirmation of erasing', () => {
  it('is looked at, confirmed once, and fills its line in the management ledger in official words', async () => {
    await erasedInOctober();
    expect(await girok('task', 'list')).toMatchObject({
      code: 0,
      said: [{ task: 'erasing-2026-10', month: '2026-10', overdue: false }],
    });
    const shown = await girok('task', 'show', 'erasing-2026-10');
    expect(shown).toMatchObject({
      code: 0,
      said: {
        confirmed: false,
        report: {
          checks: [
            { check: 'oldest', passed: true },
            { check: 'certificates', passed: true },
            { check: 'restore', passed: true },
            { check: 'control', passed: true },
            { check: 'monitor', passed: true },
          ],
          cameras: [
            { camera: 'cam01', oldestDay: '2026-10-30', ageDays: 3 },
            { camera: 'cam02', oldestDay: '2026-10-30', ageDays: 3 },
          ],
          erased: {
            runs: 5,
            cameras: 2,
            cameraDays: 10,
            keys: 240,
            files: 60,
            shotFrom: '2026-09-20',
            shotTo: '2026-09-24',
          },
          restore: { keyrings: 2, copies: 0, opened: 0, files: 0, control: 'opened' },
        },
      },
    });
    expect(await girok('task', 'confirm', 'erasing-2026-10')).toMatchObject({ code: 2 });

    const done = await girok('task', 'confirm', 'erasing-2026-10', '--by', '송은서', '--witness', '김입회');
    expect(done).toMatchObject({ code: 0, said: { state: 'done', failed: [] } });
    const [entry] = entriesOf('task.done');
    expect(entry).toMatchObject({
      seq: done.said.entry,
      facts: { task: 'erasing-2026-10', report: done.said.report, row: done.said.row },
    });
    expect(Object.keys(entry!.personal!)).toEqual(['by', 'witness']);
    expect(readFileSync(join(home.storage, 'site.db')).includes('송은서')).toBe(false);
    const kept = join(home.storage, 'retention', 'confirmations', `${done.said.report}.json`);
    expect(JSON.parse(readFileSync(kept, 'utf8'))).toMatchObject({
      task: 'erasing-2026-10',
      restore: { opened: 0 },
    });

    const { said } = await girok('ledger', 'show', 'management');
    expect(said.titles).toHaveLength(12);
    expect(said.rows).toHaveLength(1);
    const [row] = said.rows as string[][];
    expect(row).toHaveLength(12);
    expect(row!.map(String)).toEqual([
      '1',
      '파기',
      '2026-11-02 09:00:00',
      "'26.09.20~'26.09.24 촬영 CCTV 2대/영상 (파일 60개)",
      expect.stringMatching(/송은서|봉인/),
      '보관기간 경과',
      '',
      '개인정보 처리방침 제14조, 표준 개인정보 보호지침 제41조',
      '해당 없음',
      '30일 주기 자동 파기, 매월 1일 확인',
      "자동 파기 확인('26.11.02), 보관기간이 지난 영상 없음, 임의 복원 시도 실패",
      '해당 없음',
    ]);

    expect(await girok('task', 'confirm', 'erasing-2026-10', '--by', '김둘째')).toMatchObject({
      code: 1,
      said: { state: 'done_before', entry: done.said.entry },
    });
    expect(entriesOf('task.done')).toHaveLength(1);
    expect(await girok('task', 'show', 'erasing-2026-10')).toMatchObject({
      code: 0,
      said: { confirmed: true, sha256: done.said.report },
    });
    expect((await girok('task', 'list')).said).toEqual([]);
    // A report that was changed afterwards is not shown as the one that was confirmed.
    writeFileSync(kept, readFileSync(kept, 'utf8').replace('"opened":0', '"opened":1'));
    expect(await girok('task', 'show', 'erasing-2026-10')).toMatchObject({
      code: 4,
      said: { error: { code: 'database_damaged' } },
    });
  });

  it('is refused while something erased can be opened, and says what; found not in order it stands as an alarm', async () => {
    const old = join(home.folder, 'old');
    cpSync(join(home.storage, 'keys'), join(old, 'keys'), { recursive: true });
    await erasedInOctober();
    // Somebody had copied the secret of that time, and a backup has the keys.
    mkdirSync(join(home.storage, 'backup', 'b1'), { recursive: true });
    cpSync(join(old, 'keys', 'keyring.db'), join(home.storage, 'backup', 'b1', 'keyring.db'));
    expect(await girok('task', 'show', 'erasing-2026-10')).toMatchObject({
      code: 0,
      said: { report: { restore: { keyrings: 3, copies: 240, opened: 0 } } },
    });
    const mirror = join(home.storage, 'mirror', 'epoch.slots');
    const secret = readFileSync(mirror);
    writeFileSync(mirror, readFileSync(join(old, 'keys', 'epoch.slots')));
    const page = (await shown('task', 'show', 'erasing-2026-10')).at(-1);
    expect(page).toContain('--not-in-order');
    expect(page).not.toMatch(/^맞으면/m);
    const refused = await girok('task', 'confirm', 'erasing-2026-10', '--by', '송은서');
    expect(refused).toMatchObject({
      code: 1,
      said: { state: 'failed', failed: expect.arrayContaining(['oldest', 'restore', 'monitor']) },
    });
    expect(entriesOf('task.done')).toEqual([]);
    expect(entriesOf('management.entered')).toEqual([]);
    expect((await girok('retention', 'status')).said).toMatchObject({
      onlyInBackups: 240,
      oldest: { day: '2026-09-20' },
      sound: false,
    });

    const entered = await girok('task', 'confirm', 'erasing-2026-10', '--by', '송은서', '--not-in-order');
    expect(entered).toMatchObject({ code: 1, said: { state: 'not_in_order' } });
    expect(entriesOf('task.not_in_order')).toMatchObject([
      { seq: entered.said.entry, facts: { failed: refused.said.failed } },
    ]);
    const look = () =>
      oversightAlarms(
        { tasks: createTaskRows(room.db).list(), items: createItemRows(room.db).list() },
        clock.utcUs(),
        storage.siteTime,
      );
    expect(look()).toEqual([{ code: 'erasing_not_in_order', subject: 'erasing-2026-10' }]);
    expect((await girok('task', 'list')).code).toBe(1);

    writeFileSync(mirror, secret);
    expect(
      await girok('task', 'confirm', 'erasing-2026-10', '--by', '송은서', '--not-in-order'),
    ).toMatchObject({
      code: 2,
    });
    expect(await girok('task', 'confirm', 'erasing-2026-10', '--by', '송은서')).toMatchObject({ code: 0 });
    expect(look()).toEqual([]);
  });

  it.each<[string, (storage: string) => void, string]>([
    [
      'a thumbnail in the vault',
      (root) => writeFileSync(join(root, 'vault', 'cam01', 'thumb.jpg'), 'x'),
      'monitor',
    ],
    [
      'a cache beside it',
      (root) => cpSync(join(root, 'keys'), join(root, 'cache'), { recursive: true }),
      'monitor',
    ],
    [
      'video in the clear in a file that belongs there',
      (root) =>
        writeFileSync(join(root, 'catalogue.db-wal'), Buffer.from('....moof\0\0\0\u0010mfhd', 'latin1')),
      'monitor',
    ],
    [
      'a certificate that is none',
      (root) => writeFileSync(join(root, 'retention', 'certificates', 'x.json'), '{}'),
      'certificates',
    ],
    ['a keyring that cannot be searched', (root) => rmSync(join(root, 'mirror', 'keyring.db')), 'restore'],
  ])('is refused with %s', async (_what, spoil, check) => {
    await erasedInOctober();
    spoil(home.storage);
    expect(await girok('task', 'show', 'erasing-2026-10')).toMatchObject({ code: 1 });
    const { said } = await girok('task', 'show', 'erasing-2026-10');
    const failed = said.report.checks.filter((each: { passed: boolean }) => !each.passed);
    expect(failed.map((each: { check: string }) => each.check)).toContain(check);
  });

  it('is refused while the mirror with the old secret is away, and says which days it may still open', async () => {
    const [mirror, away] = [join(home.storage, 'mirror'), join(home.folder, 'away')];
    renameSync(mirror, away);
    setClock('2026-10-26T00:10:00+09:00');
    expect(await storage.purge(clock)).toMatchObject({ kind: 'done', certificate: { state: 'incomplete' } });
    setClock('2026-11-02T09:00:00+09:00');
    openTasks();
    expect((await girok('retention', 'status')).said).toMatchObject({
      owed: { oldestDay: '2026-09-20' },
      inOrder: false,
    });
    const { code, said } = await girok('task', 'show', 'erasing-2026-10');
    expect(code).toBe(1);
    const failed = said.report.checks.filter((each: { passed: boolean }) => !each.passed);
    expect(failed.map((each: { check: string }) => each.check)).toEqual([
      'certificates',
      'restore',
      'monitor',
    ]);
    rmSync(mirror, { recursive: true, force: true });
    renameSync(away, mirror);
    await storage.purge(clock);
    expect(await girok('task', 'show', 'erasing-2026-10')).toMatchObject({
      code: 0,
      said: { report: { erased: { incomplete: [expect.any(String)] } } },
    });
  });

  it('finds footage that was not erased in its time', async () => {
    await erasedInOctober();
    setClock('2026-12-02T09:00:00+09:00');
    expect(openTasks()).toEqual(['erasing-2026-11']);
    // 2026-10-30 was due on 30 November; nobody has run the purge.
    expect(await girok('task', 'confirm', 'erasing-2026-11', '--by', '송은서')).toMatchObject({
      code: 1,
      said: { failed: ['oldest'] },
    });
    await storage.purge(clock);
    const late = await girok('task', 'show', 'erasing-2026-11');
    expect(late).toMatchObject({ code: 0, said: { report: { erased: { runs: 0, lateDays: 0 } } } });
    expect(late.said.report.erased.daysWithoutRun).toHaveLength(30);
    expect(await girok('task', 'confirm', 'erasing-2026-11', '--by', '송은서')).toMatchObject({ code: 0 });
    const { said } = await girok('ledger', 'show', 'management');
    expect(said.rows[0][3]).toBe("'26.11 중 파기된 CCTV 영상 없음");
    setClock('2027-01-01T09:00:00+09:00');
    openTasks();
    const december = await girok('task', 'show', 'erasing-2026-12');
    expect(december.said.report.erased).toMatchObject({
      runs: 1,
      lateDays: 2,
      late: [{ camera: 'cam01', day: '2026-10-30' }, { camera: 'cam02' }],
    });
  });

  it('is all or nothing: what cannot be sealed is not entered', async () => {
    await erasedInOctober();
    const { said } = await girok('task', 'show', 'erasing-2026-10');
    const before = room.ledger.rows.size();
    // This ledger has no keys for personal texts.
    expect(() =>
      confirmErasing(room.ledger, said.report as ErasingReport, { actor: 'process:cli', by: 'x' }),
    ).toThrow();
    expect(room.ledger.rows.size()).toBe(before);
    expect(createTaskRows(room.db).find('erasing-2026-10')).toMatchObject({ doneUs: null });
  });

  it('that somebody else confirms meanwhile says so, and enters nothing', async () => {
    await erasedInOctober();
    const real = clock.utcUs;
    for (const fault of [[], ['--not-in-order']]) {
      room.db.exec('update task set done_us = null, done_seq = null');
      if (fault.length > 0) rmSync(join(home.storage, 'retention', 'certificates'), { recursive: true });
      // The first time that the command asks is after it has looked whether the task is open.
      const asked = vi.spyOn(clock, 'utcUs').mockImplementation(() => {
        room.db.exec('update task set done_us = 1, done_seq = 0');
        return real();
      });
      const before = room.ledger.rows.size();
      const { code, said } = await girok('task', 'confirm', 'erasing-2026-10', '--by', '송은서', ...fault);
      asked.mockRestore();
      expect({ code, said }).toMatchObject({ code: 1, said: { state: 'done_before', entry: 0 } });
      expect(Object.keys(said)).toContain('report');
      expect(room.ledger.rows.size()).toBe(before);
    }
  });

  it('is not confirmed before its month is over, nor in a ledger that is not there', async () => {
    setClock('2026-11-02T09:00:00+09:00');
    openTasks();
    clock.setWall(-5 * DAY_MS * 1000);
    expect(await girok('task', 'confirm', 'erasing-2026-10', '--by', '송은서')).toMatchObject({ code: 2 });
    expect(await girok('task', 'show', 'erasing-2026-09')).toMatchObject({ code: 2 });
    room.db.close();
    for (const name of readdirSync(home.storage))
      if (name.startsWith('site.db')) rmSync(join(home.storage, name));
    expect(await girok('task', 'confirm', 'erasing-2026-10', '--by', '송은서')).toMatchObject({
      code: 6,
      said: { error: { code: 'ledger_missing' } },
    });
    expect(existsSync(join(home.storage, 'site.db'))).toBe(false);
  });
});

describe('items that were handed out', () => {
  const add = (...more: string[]) =>
    girok('item', 'add', '--what', '김아무개 사본', '--to', '홍길동', '--by', '송은서', ...more);

  it('have numbers without gaps in each year, and end in the management ledger', async () => {
    expect((await add('--kind', 'usb', '--return-by', '2026-10-31')).said).toMatchObject({
      item: '2026-0001',
    });
    expect((await add('--kind', 'paper')).code).toBe(2);
    expect((await add('--kind', 'disc', '--return-by', '2026-10-14')).code).toBe(2);
    expect((await add('--kind', 'disc', '--hold', '0000000000000000')).code).toBe(2);
    expect((await add('--kind', 'print')).said).toMatchObject({ item: '2026-0002' });
    expect(await girok('item', 'list')).toMatchObject({
      code: 0,
      said: [
        {
          item: '2026-0001',
          kind: 'usb',
          state: 'out',
          due: '2026-10-31',
          what: '김아무개 사본',
          to: '홍길동',
          by: '송은서',
        },
        { item: '2026-0002', kind: 'print', state: 'out' },
      ],
    });
    expect(entriesOf('log.exported')).toMatchObject([
      { facts: { view: 'items', formats: ['json'], rows: 2 }, personal: { by: expect.any(String) } },
    ]);
    const sealed = await girok('item', 'list', '--sealed');
    expect(sealed.said).toMatchObject([{ what: null, to: null, by: null }, { item: '2026-0002' }]);
    expect(entriesOf('log.exported')).toHaveLength(1);
    expect(readFileSync(join(home.storage, 'site.db')).includes('홍길동')).toBe(false);

    setClock('2026-11-01T00:00:00+09:00');
    expect(await girok('item', 'list', '--open')).toMatchObject({
      code: 1,
      said: [{ overdue: true }, { overdue: false }],
    });
    const items = () => createItemRows(room.db).list();
    expect(oversightAlarms({ tasks: [], items: items() }, clock.utcUs(), storage.siteTime)).toEqual([
      { code: 'item_overdue', subject: '2026-0001' },
    ]);
    expect(await girok('item', 'returned', '2026-0001', '--by', '송은서')).toMatchObject({ code: 0 });
    expect(await girok('item', 'returned', '2026-0001', '--by', '송은서')).toMatchObject({ code: 2 });
    expect(oversightAlarms({ tasks: [], items: items() }, clock.utcUs(), storage.siteTime)).toEqual([]);

    const destroy = (...more: string[]) => girok('item', 'destroyed', ...more, '--by', '송은서');
    expect((await destroy('2026-0009', '--method', 'shred')).code).toBe(2);
    expect((await destroy('2026-0001', '--method', 'eat')).code).toBe(2);
    // Neither tomorrow, nor before it came back.
    expect((await destroy('2026-0001', '--method', 'wipe', '--on', '2026-11-02')).code).toBe(2);
    expect((await destroy('2026-0001', '--method', 'wipe', '--on', '2026-10-31')).code).toBe(2);
    expect(await destroy('2026-0001', '--method', 'wipe')).toMatchObject({
      code: 0,
      said: { method: 'wipe' },
    });
    expect((await destroy('2026-0001', '--method', 'wipe')).code).toBe(2);
    const shredded = await destroy(
      '2026-0002',
      '--method',
      'shred',
      '--on',
      '2026-10-20',
      '--witness',
      '김입회',
    );
    expect(shredded.code).toBe(0);
    expect(entriesOf('item.destroyed')[1]).toMatchObject({
      facts: { item: '2026-0002', method: 'shred', on: '2026-10-20', row: shredded.said.row },
    });
    expect((await girok('item', 'list', '--open')).said).toEqual([]);

    const { said } = await girok('ledger', 'show', 'management');
    expect(said.rows.map((row: unknown[]) => [row[1], row[3], row[5], row[9], row[10]])).toEqual([
      [
        '파기',
        '제2026-0001호/USB',
        '이용·제공·열람 목적 달성',
        "'26.10.15 반출, '26.10.31 반환·파기 예정",
        "초기화('26.11.01)",
      ],
      [
        '파기',
        '제2026-0002호/출력물',
        '이용·제공·열람 목적 달성',
        "'26.10.15 반출",
        "파쇄('26.10.20), 입회자 있음",
      ],
    ]);

    setClock('2026-12-31T23:59:59+09:00');
    expect((await add('--kind', 'disc')).said).toMatchObject({ item: '2026-0003' });
    setClock('2027-01-01T00:00:00+09:00');
    expect((await add('--kind', 'disc')).said).toMatchObject({ item: '2027-0001' });
  });
});
