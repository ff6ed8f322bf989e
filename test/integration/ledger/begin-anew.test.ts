import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { COMMANDS } from '../../../src/cli/commands.ts';
import { runCli } from '../../../src/cli/run.ts';
import { lockFile } from '../../../src/db/lock.ts';
import { createLedgerRows } from '../../../src/db/site/ledger-rows.ts';
import { openSiteForReading } from '../../../src/db/site/open.ts';
import { parseCheckpoint } from '../../../src/ledger/checkpoint.ts';
import { readBody } from '../../../src/ledger/entry.ts';
import { NOTE_KEY, parseVkey, verifierKey } from '../../../src/ledger/note.ts';
import { originText, parseOrigin } from '../../../src/ledger/origin.ts';
import { keepCheckpoint } from '../../../src/ledger/second-place.ts';
import { keyOfSeed } from '../../../src/ledger/signing-key.ts';
import { createWitness, submissionOf } from '../../../src/ledger/witness.ts';
import { started } from '../../support/ledger/entries.ts';
import { beginLedger } from '../../support/ledger/scratch.ts';
import { createStewardHome } from '../../support/ledger/steward-home.ts';
import { createManualClock } from '../../support/manual-clock.ts';

const WHO = ['--by', 'Kim', '--reason', 'the disk was replaced'];

let home: ReturnType<typeof createStewardHome>;
let clock: ReturnType<typeof createManualClock>;
let room: ReturnType<typeof beginLedger>;
let kept: string;
const path = () => join(home.storage, 'site.db');

beforeEach(async () => {
  home = createStewardHome();
  clock = createManualClock();
  const rootKey = readFileSync(join(home.folder, 'secrets', 'root.key'));
  room = beginLedger({ path: path(), clock, rootKey, site: 'test' });
  room.append(...Array.from({ length: 30 }, (_, n) => started(n)));
  kept = join(home.folder, 'mirror', 'ledger-checkpoint');
  await keepCheckpoint(kept, room.checkpoints.make()!);
});
afterEach(() => home.remove());

async function girok(...argv: string[]) {
  const out: string[] = [];
  const code = await runCli([...argv, '--json', '--config', home.config, '--storage', home.storage], {
    commands: COMMANDS,
    env: {},
    clock,
    signal: new AbortController().signal,
    terminal: { out: (text) => void out.push(text), err: () => undefined, live: false },
  });
  return { code, said: JSON.parse(out.join('')) as Record<string, never> };
}

/** Whatever a real process leaves when it ends: everything in one file. */
const closed = () => {
  room.db.pragma('wal_checkpoint(truncate)');
  room.db.close();
};
/** A page in the middle of the file, as a dying disk would return it. */
function breakPages(): void {
  closed();
  const file = openSync(path(), 'r+');
  for (let page = 2; page < 12; page++) writeSync(file, Buffer.alloc(3000, 0xa5), 0, 3000, page * 4096 + 200);
  closeSync(file);
}
function noDatabase(): void {
  closed();
  writeFileSync(path(), 'no database at all'.repeat(500));
}
function gone(): void {
  closed();
  rmSync(path());
}
const DAMAGES: [string, string, () => void][] = [
  [
    'its end was cut off',
    'smaller',
    () => room.db.exec('drop trigger ledger_entry_remains; delete from ledger_entry where seq > 9'),
  ],
  [
    'it was rewritten',
    'different',
    () =>
      room.db.exec(
        'drop trigger ledger_hash_stays; update ledger_hash set hash = zeroblob(32) where number = 0',
      ),
  ],
  ['its pages are broken', 'damaged', breakPages],
  ['it is no database', 'damaged', noDatabase],
  [
    'its table is gone',
    'damaged',
    () => room.db.exec('drop table ledger_personal; drop table evidence_hour; drop table ledger_entry'),
  ],
  ['it is gone', 'missing', gone],
];

describe('a ledger that is not begun anew', () => {
  it('is one that contradicts nothing', async () => {
    expect(await girok('ledger', 'begin-anew', ...WHO)).toMatchObject({ code: 2 });
    rmSync(kept);
    closed();
    rmSync(path());
    // Nobody has seen it: then it is not there yet, and a steward begins it.
    expect(await girok('ledger', 'begin-anew', ...WHO)).toMatchObject({ code: 2 });
    expect(existsSync(join(home.storage, 'ledger-before'))).toBe(false);
  });

  it('is one for which nobody gives a name and a reason, or that a steward is keeping', async () => {
    DAMAGES[0]?.[2]();
    expect(await girok('ledger', 'begin-anew', '--by', 'Kim')).toMatchObject({ code: 2 });
    const lock = lockFile(join(home.storage, 'steward.lock'));
    expect(await girok('ledger', 'begin-anew', ...WHO)).toMatchObject({
      code: 4,
      said: { error: { code: 'storage_in_use' } },
    });
    lock?.release();
  });
});

describe('a ledger is begun anew when', () => {
  it.each(DAMAGES)('%s (%s)', async (_how, why, damage) => {
    const old = room.identity.origin;
    damage();
    const before = existsSync(path()) ? readFileSync(path()) : undefined;
    const { code, said } = await girok('ledger', 'begin-anew', ...WHO);
    expect({ code, said }).toMatchObject({ code: 0, said: { before: { origin: old, size: 31, why } } });
    // Laid aside as it was, and nothing deleted.
    const folder = String(said.folder);
    if (before) expect(readFileSync(join(folder, 'site.db')).equals(before)).toBe(true);
    expect(parseCheckpoint(readFileSync(join(folder, 'ledger-checkpoint'), 'utf8'))?.origin).toBe(old);
    // The new one says so in its first entry, under its signature, in the second place and to everybody who asks.
    const db = openSiteForReading(path());
    const first = readBody(createLedgerRows(db).entry(0)!.body);
    db.close();
    const origin = (first.event === 'ledger.begun' && first.facts.origin) || '';
    expect(parseOrigin(origin)?.before).toMatchObject({ id: parseOrigin(old)?.id, size: 31, why });
    expect(parseCheckpoint(readFileSync(kept, 'utf8'))).toMatchObject({ origin, size: 1 });
    const chain = [{ origin: old, size: 31, why, folder }];
    expect(await girok('ledger', 'verify')).toMatchObject({ code: 0, said: { entries: 1, before: chain } });
    expect(await girok('ledger', 'status')).toMatchObject({ code: 0, said: { before: chain } });
    // Only once: now nothing contradicts it.
    expect((await girok('ledger', 'begin-anew', ...WHO)).code).toBe(2);
  });

  it('it happens again, and the chain shows all of them', async () => {
    DAMAGES[0]?.[2]();
    const one = await girok('ledger', 'begin-anew', ...WHO);
    await clock.run(1000, 1000);
    rmSync(path());
    const two = await girok('ledger', 'begin-anew', ...WHO);
    expect(two.said).toMatchObject({ before: { origin: one.said.origin, size: 1, why: 'missing' } });
    expect((await girok('ledger', 'status')).said).toMatchObject({
      before: [{ origin: one.said.origin }, { origin: room.identity.origin, size: 31, why: 'smaller' }],
    });
  });

  it('only somebody elsewhere has seen more: what they kept is enough', async () => {
    const elsewhere = join(home.folder, 'printed.txt');
    writeFileSync(elsewhere, `Seen in November:\n${readFileSync(kept, 'utf8')}`);
    rmSync(kept);
    DAMAGES[0]?.[2]();
    expect((await girok('ledger', 'begin-anew', ...WHO)).code).toBe(2);
    expect(await girok('ledger', 'begin-anew', ...WHO, '--checkpoint', elsewhere)).toMatchObject({
      code: 0,
      said: { before: { size: 31, why: 'smaller', found: 10 } },
    });
  });

  it('the second place is away: a steward keeps it there once it is back', async () => {
    const elsewhere = join(home.folder, 'printed.txt');
    writeFileSync(elsewhere, readFileSync(kept, 'utf8'));
    rmSync(join(home.folder, 'mirror'), { recursive: true });
    DAMAGES[0]?.[2]();
    const { code, said } = await girok('ledger', 'begin-anew', ...WHO, '--checkpoint', elsewhere);
    expect({ code, said }).toMatchObject({ code: 0, said: { before: { size: 31, why: 'smaller' } } });
    expect(existsSync(join(String(said.folder), 'begun-anew.json'))).toBe(true);
    expect(existsSync(join(home.folder, 'mirror'))).toBe(false);
  });

  it('it was broken off before: the same again goes on, and the old one lies in one place', async () => {
    DAMAGES[0]?.[2]();
    closed();
    const folder = join(home.storage, 'ledger-before', '06broken0off0000');
    mkdirSync(folder, { recursive: true });
    const before = readFileSync(path());
    writeFileSync(`${path()}.new`, 'half of it');
    // The files were moved, and then the power failed.
    writeFileSync(join(folder, 'site.db'), before);
    rmSync(path());
    expect(await girok('ledger', 'begin-anew', ...WHO)).toMatchObject({ code: 0, said: { folder } });
    expect(readFileSync(join(folder, 'site.db')).equals(before)).toBe(true);
    expect(await girok('ledger', 'verify')).toMatchObject({ code: 0, said: { entries: 1 } });
  });

  it('it was broken off, and a steward began another one meanwhile: neither takes the place of the other', async () => {
    DAMAGES[0]?.[2]();
    closed();
    const folder = join(home.storage, 'ledger-before', '06broken0off0000');
    mkdirSync(folder, { recursive: true });
    const before = readFileSync(path());
    writeFileSync(join(folder, 'site.db'), before);
    rmSync(path());
    const rootKey = readFileSync(join(home.folder, 'secrets', 'root.key'));
    beginLedger({ path: path(), clock, rootKey, site: 'test' }).db.close();
    const meanwhile = readFileSync(path());
    const { code, said } = await girok('ledger', 'begin-anew', ...WHO);
    expect({ code, said }).toMatchObject({ code: 0, said: { before: { why: 'different', size: 31 } } });
    expect(readFileSync(join(folder, 'site.db')).equals(before)).toBe(true);
    expect(readFileSync(join(String(said.folder), 'site.db')).equals(meanwhile)).toBe(true);
  });

  it('one before it was broken off at its very end: what that one kept stays beside its ledger', async () => {
    DAMAGES[0]?.[2]();
    const one = await girok('ledger', 'begin-anew', ...WHO);
    const folder = String(one.said.folder);
    const seen = readFileSync(join(folder, 'ledger-checkpoint'));
    rmSync(join(folder, 'begun-anew.json'));
    await clock.run(1000, 1000);
    rmSync(path());
    const two = await girok('ledger', 'begin-anew', ...WHO);
    expect(two).toMatchObject({ code: 0, said: { before: { origin: one.said.origin } } });
    expect(String(two.said.folder)).not.toBe(folder);
    expect(readFileSync(join(folder, 'ledger-checkpoint')).equals(seen)).toBe(true);
  });
});

it('to the witness it is a new log, and the old one stays what it was', async () => {
  const own = keyOfSeed(Buffer.alloc(32, 42));
  const key = verifierKey('girok-witness.invalid/test', NOTE_KEY.witness, own.publicKey);
  const old = parseCheckpoint(readFileSync(kept, 'utf8'))!;
  const witness = (log: string) =>
    createWitness({
      folder: join(home.folder, 'witness'),
      logs: [room.identity.key, parseVkey(log)!],
      key,
      privateKey: own.privateKey,
      clock,
    });
  DAMAGES[0]?.[2]();
  const { said } = await girok('ledger', 'begin-anew', ...WHO);
  const watching = witness(String(said.key));
  expect((await watching.addCheckpoint(submissionOf(0, [], old.note))).status).toBe(200);
  expect((await watching.addCheckpoint(submissionOf(0, [], readFileSync(kept, 'utf8')))).status).toBe(200);
  expect((await watching.latest(room.identity.origin))?.size).toBe(31);
});

describe('a database that cannot be read', () => {
  it.each(DAMAGES.slice(2, 5))('is said in one sentence by every command: %s', async (_how, _why, damage) => {
    damage();
    for (const argv of [['verify'], ['bundle', join(home.folder, 'b')], ['show', 'entries'], ['status']])
      expect(await girok('ledger', ...argv)).toMatchObject({
        code: 4,
        said: { error: { code: 'ledger_unreadable', facts: { path: path() } } },
      });
    // What could not be written whole does not stay.
    expect(existsSync(join(home.folder, 'b'))).toBe(false);
  });
});

it('an origin is written in one way and names what was before it', () => {
  const before = { id: '06a', size: 31, root: Buffer.alloc(32, 0xfb), why: 'smaller', found: 10 } as const;
  const origin = originText({ site: 'clinic', id: '06b', before });
  expect(parseOrigin(origin)).toEqual({ site: 'clinic', id: '06b', before });
  expect(originText({ site: 'x'.repeat(32), id: 'y'.repeat(32), before }).length).toBeLessThan(200);
  for (const other of [
    `${origin}/`,
    origin.replace('smaller', 'larger'),
    origin.replace('/31/', '/031/'),
    'girok.invalid/x',
  ])
    expect(parseOrigin(other)).toBeUndefined();
});
