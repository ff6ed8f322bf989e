import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { COMMANDS } from '../../../src/cli/commands.ts';
import { runCli } from '../../../src/cli/run.ts';
import { createAlarmRows } from '../../../src/db/site/alarm-rows.ts';
import { readBody } from '../../../src/ledger/entry.ts';
import { createLedger, type Ledger } from '../../../src/ledger/ledger.ts';
import { keepCheckpoint } from '../../../src/ledger/second-place.ts';
import { createAlarmBook } from '../../../src/stewardship/alarm-book.ts';
import { started } from '../../support/ledger/entries.ts';
import { beginLedger } from '../../support/ledger/scratch.ts';
import { createManualClock, type ManualClock } from '../../support/manual-clock.ts';
import { createRecorderHome, type RecorderHome } from '../../support/recorder-home.ts';
import { purgeHome, ROOT_KEY } from '../../support/retention/purge-home.ts';

let home: RecorderHome;
let clock: ManualClock;
let ledger: Ledger;
beforeEach(() => {
  home = createRecorderHome({ cameras: [{ id: 'cam01', source: "rtsp: { main: 'rtsp://127.0.0.1:1/x' }" }] });
  home.write(readFileSync(home.config, 'utf8').replace('mirror: mirror', 'mirror: storage/mirror'));
  writeFileSync(join(home.folder, 'secrets', 'root.key'), ROOT_KEY, { mode: 0o600 });
  mkdirSync(home.storage, { recursive: true });
  clock = createManualClock();
  purgeHome(clock, { storage: home.storage }).record('cam01', '2026-11-20', 3);
  const { db } = beginLedger({ path: join(home.storage, 'site.db'), clock, rootKey: ROOT_KEY });
  const book = createAlarmBook({ rows: createAlarmRows(db), clock });
  ledger = createLedger({ db, clock, entered: book.entered });
});
afterEach(() => home.remove());

async function girok(...argv: string[]) {
  const out: string[] = [];
  const err: string[] = [];
  const code = await runCli([...argv, '--lang', 'en', '--config', home.config], {
    commands: COMMANDS,
    env: {},
    clock,
    signal: new AbortController().signal,
    terminal: { out: (text) => void out.push(text), err: (text) => void err.push(text), live: false },
  });
  return { code, said: out.join('\n').trimEnd(), told: err.join('\n') };
}
const list = async (...args: string[]) =>
  JSON.parse((await girok('alarm', 'list', '--json', ...args)).said) as Record<string, unknown>[];
const tell = (event: 'alarm.raised' | 'alarm.cleared', alarm: string, subject = '') =>
  ledger.write((tx) => tx.append({ event, facts: { alarm, subject }, actor: 'process:recorder' }));

describe('an alarm', () => {
  it('is taken on and taken note of by somebody whose name only the root key opens', async () => {
    expect(await girok('alarm', 'list')).toMatchObject({ code: 0, said: 'No alarms.' });
    tell('alarm.raised', 'disk_full');
    const id = String((await list())[0]?.id);
    expect(await girok('alarm', 'take', id, '--by', '송은서')).toMatchObject({ code: 0 });
    clock.advance(60_000);
    const noted = await girok('alarm', 'acknowledge', id, '--by', '김관리', '--note', '디스크를 주문함');
    expect(noted).toMatchObject({
      code: 0,
      said: `Alarm ${id} is acknowledged. It stays in the list until it ends, and is not told again each day.`,
    });
    expect(await list('--sealed')).toMatchObject([{ id, taken: null, acknowledged: null, note: null }]);
    expect(ledger.rows.hasEvent(['log.exported'], 0)).toBe(false);
    expect(await list()).toMatchObject([
      {
        id,
        taken: '송은서',
        acknowledged: '김관리',
        note: '디스크를 주문함',
        acknowledgedAt: new Date(clock.utcUs() / 1000).toISOString(),
      },
    ]);
    const entries = [...ledger.rows.entriesOf(['alarm.assigned', 'alarm.acknowledged'], 0)];
    expect(entries.map(({ body }) => readBody(body))).toMatchObject([
      { event: 'alarm.assigned', facts: { id, alarm: 'disk_full', subject: '' } },
      { event: 'alarm.acknowledged', facts: { id, alarm: 'disk_full', subject: '' } },
    ]);
    const [shown] = [...ledger.rows.entriesOf(['log.exported'], 0)].map(({ body }) => readBody(body));
    expect(shown).toMatchObject({ facts: { view: 'alarms', formats: ['json'], rows: 1 } });
    expect(shown?.personal?.by).toMatch(/^[0-9a-f]{64}$/);
    // Whoever did it is in the access log, also where it was done with a command.
    const { rows } = JSON.parse((await girok('ledger', 'show', 'access', '--json')).said) as {
      rows: string[][];
    };
    expect(rows.map((row) => [row[3], row[5], row[6]])).toEqual([
      ['송은서', 'disk_full', 'alarm taken on'],
      ['김관리', 'disk_full', 'alarm acknowledged'],
      [expect.stringMatching(/./), 'alarms', 'log taken out'],
    ]);
    const database = ['', '-wal'].map((ending) => readFileSync(join(home.storage, `site.db${ending}`)));
    for (const name of ['송은서', '김관리', '주문함'])
      expect(Buffer.concat(database).includes(name), name).toBe(false);

    rmSync(join(home.folder, 'secrets', 'root.key'));
    const sealed = await girok('alarm', 'list');
    expect(sealed.code).toBe(1);
    expect(sealed.said).toContain('(sealed)');
    expect(sealed.told).toContain('The root key cannot be found');
    expect((await girok('alarm', 'list', '--sealed')).told).toBe('');
  });

  it('is not taken on in a ledger that took the place of the one that was here', async () => {
    tell('alarm.raised', 'disk_full');
    const id = String((await list())[0]?.id);
    const other = beginLedger({ clock });
    other.append(started(1));
    const mirror = join(home.storage, 'mirror');
    mkdirSync(mirror, { recursive: true });
    await keepCheckpoint(join(mirror, 'ledger-checkpoint'), other.checkpoints.make()!);
    const before = ledger.rows.size();
    expect(await girok('alarm', 'take', id, '--by', '송은서')).toMatchObject({ code: 4 });
    expect(ledger.rows.size()).toBe(before);
  });

  it('names nobody where it cannot be entered who saw it', async () => {
    tell('alarm.raised', 'disk_full');
    const id = String((await list())[0]?.id);
    expect(await girok('alarm', 'take', id, '--by', '송은서')).toMatchObject({ code: 0 });
    const other = beginLedger({ clock });
    other.append(started(1));
    const mirror = join(home.storage, 'mirror');
    await keepCheckpoint(join(mirror, 'ledger-checkpoint'), other.checkpoints.make()!);
    const listed = await girok('alarm', 'list');
    expect(listed).toMatchObject({ code: 1, told: expect.stringContaining('second place') });
    expect(listed.said).toContain('(sealed)');
    expect(listed.said).not.toContain('송은서');
  });

  it('is not taken on in the ledger of another site', async () => {
    tell('alarm.raised', 'disk_full');
    const id = String((await list())[0]?.id);
    home.write(readFileSync(home.config, 'utf8').replace('site: { id: test,', 'site: { id: other,'));
    const before = ledger.rows.size();
    const refused = await girok('alarm', 'take', id, '--by', '송은서');
    expect(refused).toMatchObject({ code: 4 });
    expect(refused.told).toContain('belongs to another site');
    expect(ledger.rows.size()).toBe(before);
  });

  it('that is over, unknown or nobody’s is not taken on', async () => {
    tell('alarm.raised', 'disk_full');
    const id = String((await list())[0]?.id);
    expect(await girok('alarm', 'take', id)).toMatchObject({ code: 2 });
    expect(await girok('alarm', 'take', 'x', '--by', 'a')).toMatchObject({ code: 2 });
    tell('alarm.cleared', 'disk_full');
    const late = await girok('alarm', 'acknowledge', id, '--by', 'a');
    expect(late.code).toBe(2);
    expect(late.told).toContain('is over already');
    expect(await list()).toEqual([]);
    expect(await list('--all')).toMatchObject([{ id, severity: 'serious', ended: expect.any(String) }]);
    expect(ledger.rows.hasEvent(['alarm.assigned', 'alarm.acknowledged'], 0)).toBe(false);
  });
});
