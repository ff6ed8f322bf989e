import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { COMMANDS } from '../../../src/cli/commands.ts';
import { runCli } from '../../../src/cli/run.ts';
import { parseCheckpoint } from '../../../src/ledger/checkpoint.ts';
import { keepCheckpoint } from '../../../src/ledger/second-place.ts';
import { started } from '../../support/ledger/entries.ts';
import { askPython } from '../../support/ledger/mutations.ts';
import { beginLedger } from '../../support/ledger/scratch.ts';
import { erased } from '../../support/ledger/story.ts';
import { createManualClock } from '../../support/manual-clock.ts';
import { createRecorderHome, type RecorderHome } from '../../support/recorder-home.ts';

let home: RecorderHome;
let clock: ReturnType<typeof createManualClock>;
let room: ReturnType<typeof beginLedger>;
beforeEach(() => {
  home = createRecorderHome({ cameras: [{ id: 'cam01', source: "rtsp: { main: 'rtsp://127.0.0.1:1/x' }" }] });
  mkdirSync(home.storage, { recursive: true });
  clock = createManualClock();
  room = beginLedger({ path: join(home.storage, 'site.db'), clock });
});
afterEach(() => home.remove());

async function girok(...argv: string[]) {
  const out: string[] = [];
  const code = await runCli([...argv, '--json', '--config', home.config], {
    commands: COMMANDS,
    env: {},
    clock,
    signal: new AbortController().signal,
    terminal: { out: (text) => void out.push(text), err: () => undefined, live: false },
  });
  return { code, said: JSON.parse(out.join('')) as Record<string, unknown> };
}

it('a ledger is shown, bundled, verified here and elsewhere, and kept as a page and as a file', async () => {
  const file = (name: string) => join(home.folder, name);
  expect(await girok('ledger', 'bundle', file('early'))).toMatchObject({ code: 1, said: { entries: 0 } });
  room.append(started(1), started(2));
  room.checkpoints.make();
  expect(await girok('ledger', 'status')).toMatchObject({
    code: 0,
    said: {
      entries: 3,
      unsigned: 0,
      waiting: 0,
      alarms: [],
      checkpoint: { signers: [room.identity.origin] },
    },
  });
  const kept = await girok('ledger', 'checkpoint', '--copy', file('kept'), '--page', file('page.html'));
  expect(kept).toMatchObject({ code: 0, said: { size: 3 } });
  expect(parseCheckpoint(readFileSync(file('kept'), 'utf8'))?.size).toBe(3);
  expect(readFileSync(file('page.html'), 'utf8')).toMatch(/<svg[\s\S]*girok\.invalid\/test/);
  // Never over something that is there, and in words.
  expect(await girok('ledger', 'checkpoint', '--copy', file('kept'))).toMatchObject({
    code: 1,
    said: { error: { code: 'file_exists', facts: { path: file('kept') } } },
  });
  expect(await girok('ledger', 'checkpoint', '--page', file('no/such/folder'))).toMatchObject({
    code: 1,
    said: { error: { code: 'file_unwritable', facts: { system: 'ENOENT' } } },
  });

  const key = String(kept.said.key);
  expect(await girok('ledger', 'bundle', file('bundle'))).toMatchObject({
    code: 0,
    said: { entries: 3, key },
  });
  expect(await girok('ledger', 'bundle', file('bundle'))).toMatchObject({
    code: 1,
    said: { error: { code: 'file_exists' } },
  });
  expect(await girok('ledger', 'show', 'entries', '--csv', file('bundle'))).toMatchObject({
    code: 1,
    said: { error: { code: 'file_exists' } },
  });
  const trust = ['--key', key, '--checkpoint', file('kept')];
  expect(await girok('ledger', 'verify', '--bundle', file('bundle'), ...trust)).toMatchObject({
    code: 0,
    said: { sound: true, entries: 3, vouched: 3 },
  });
  expect(await girok('ledger', 'verify', ...trust)).toMatchObject({ code: 0, said: { sound: true } });
  // Two recorders began, and the first never ended: a finding, and no fault.
  expect((await girok('ledger', 'verify')).said.findings).toMatchObject([
    { code: 'process_crashed', severity: 'warning', entry: 2 },
  ]);
  const note = readFileSync(file('kept'), 'utf8');
  expect(await askPython([readFileSync(file('bundle'))], { key, kept: [note] })).toEqual(['sound 3']);

  room.db.exec('drop trigger ledger_entry_stays');
  room.db.exec(`update ledger_entry set body = replace(body, '13', '14') where seq = 2`);
  expect(await girok('ledger', 'verify')).toMatchObject({
    code: 1,
    said: { sound: false, fault: { code: 'leaf', from: 2, to: 3 } },
  });
});

it('what stands is told without the steward: alarms, what waits, and a second place that knows more', async () => {
  room.append(started(1), {
    event: 'alarm.raised',
    facts: { alarm: 'witness_silent', subject: '' },
    actor: 'process:steward',
  });
  const made = room.checkpoints.make()!;
  expect(await girok('ledger', 'status')).toMatchObject({
    code: 1,
    said: { alarms: [{ alarm: 'witness_silent' }] },
  });
  room.append({
    event: 'alarm.cleared',
    facts: { alarm: 'witness_silent', subject: '' },
    actor: 'process:steward',
  });
  expect(await girok('ledger', 'status')).toMatchObject({ code: 0, said: { unsigned: 1, late: false } });
  await clock.run(200_000, 200_000);
  expect(await girok('ledger', 'status')).toMatchObject({ code: 1, said: { late: true } });
  mkdirSync(join(home.folder, 'mirror'));
  await keepCheckpoint(join(home.folder, 'mirror', 'ledger-checkpoint'), made);
  room.checkpoints.make();
  expect((await girok('ledger', 'status')).code).toBe(0);
  room.db.exec('drop trigger ledger_entry_remains; delete from ledger_entry where seq > 1');
  expect(await girok('ledger', 'status')).toMatchObject({
    code: 1,
    said: { divergence: { kind: 'smaller', seen: 3, found: 2 } },
  });
});

it('a ledger that is whole and tells of something that must not be has an exit code of its own', async () => {
  const at = '2026-11-22T00:00:00.000Z';
  room.append(erased(at, [{ camera: 'cam01', day: '2026-11-20', dueAt: at }]));
  room.checkpoints.make();
  const finding = {
    code: 'erased_early',
    severity: 'serious',
    entry: 1,
    facts: { camera: 'cam01', day: '2026-11-20' },
    sentence: expect.stringContaining('2026-11-20'),
  };
  const bundle = join(home.folder, 'bundle');
  await girok('ledger', 'bundle', bundle);
  for (const option of ['--bundle', '--proof'])
    expect(await girok('ledger', 'verify', option, `${bundle}-gone`)).toMatchObject({
      code: 2,
      said: { error: { code: 'usage', sentence: expect.stringContaining('bundle-gone') } },
    });
  for (const where of [[], ['--bundle', bundle]])
    expect(await girok('ledger', 'verify', ...where)).toMatchObject({
      code: 7,
      said: { sound: true, counts: { serious: 1 }, findings: [finding] },
    });
});
