import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { COMMANDS } from '../../../src/cli/commands.ts';
import { runCli } from '../../../src/cli/run.ts';
import { createLedgerRows } from '../../../src/db/site/ledger-rows.ts';
import { openSiteForReading } from '../../../src/db/site/open.ts';
import { parseCheckpoint, signCheckpoint } from '../../../src/ledger/checkpoint.ts';
import { readBody } from '../../../src/ledger/entry.ts';
import { openPersonal } from '../../../src/ledger/personal.ts';
import { keepCheckpoint } from '../../../src/ledger/second-place.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import type { CameraId } from '../../../src/lib/ids.ts';
import { createSiteTime, type LocalDay } from '../../../src/lib/site-time.ts';
import { createSpooledAccounts } from '../../../src/retention/accounts.ts';
import { readSlots } from '../../../src/vault/epoch-slots.ts';
import { createKeyEraser } from '../../../src/vault/erase-keys.ts';
import { createKeyring } from '../../../src/vault/keyring.ts';
import {
  createPersonalOpening,
  createPersonalSealing,
  personalKeyName,
} from '../../../src/vault/personal-keys.ts';
import { deriveKek } from '../../../src/vault/wrapping.ts';
import { beginLedger } from '../../support/ledger/scratch.ts';
import { createStewardHome, startSteward } from '../../support/ledger/steward-home.ts';
import { foundInMemory, halfOf } from '../../support/memory-search.ts';
import type { RecorderHome } from '../../support/recorder-home.ts';

const siteTime = createSiteTime('Asia/Seoul');
let home: RecorderHome & { readonly spool: string };
afterEach(() => home.remove());

const rootKeyOf = () => readFileSync(join(home.folder, 'secrets', 'root.key'));
const openKeyring = (readonly: boolean) =>
  createKeyring({
    folder: join(home.storage, 'keys'),
    mirrorFolder: join(home.folder, 'mirror'),
    rootKey: rootKeyOf(),
    clock: systemClock,
    siteTime,
    readonly,
    initialise: !readonly,
  });

async function girok(...argv: string[]) {
  const out: string[] = [];
  const code = await runCli([...argv, '--json', '--lang', 'ko', '--config', home.config], {
    commands: COMMANDS,
    env: {},
    clock: systemClock,
    signal: new AbortController().signal,
    terminal: { out: (text) => void out.push(text), err: () => undefined, live: false },
  });
  return {
    code,
    said: JSON.parse(out.join('')) as { rows?: (string | number)[][]; error?: { code: string } },
  };
}

function entries(...events: Parameters<ReturnType<typeof createLedgerRows>['entriesOf']>[0]) {
  const db = openSiteForReading(join(home.storage, 'site.db'));
  const keyring = openKeyring(true);
  const opening = createPersonalOpening(keyring, siteTime);
  try {
    const rows = createLedgerRows(db);
    return [...rows.entriesOf(events, 0)].map(({ body }) => {
      const entry = readBody(body);
      return { ...entry, texts: openPersonal(entry, rows, opening) };
    });
  } finally {
    opening.close();
    keyring.close();
    db.close();
  }
}

const request = {
  kind: 'ACCESS' as const,
  appliedAt: '2026-11-20T01:00:00Z',
  fileNameForm: 'cam01/영상',
  purposeReason: '=본인 확인',
  legalBasis: '개인정보 보호법 제35조',
  form: '자료열람',
  period: '',
  result: '',
  safety: '',
};

describe('girok ledger show', () => {
  function fill() {
    home = createStewardHome();
    const keyring = openKeyring(false);
    const personal = createPersonalSealing(keyring, siteTime);
    const path = join(home.storage, 'site.db');
    const begun = beginLedger({ path, clock: systemClock, rootKey: rootKeyOf(), personal });
    begun.ledger.write((tx) =>
      tx.append(
        { event: 'management.entered', facts: request, actor: 'process:cli' },
        { personal: { officer: '송은서', recipient: '김정보' } },
      ),
    );
    keyring.close();
    return begun;
  }

  it('opens names and reasons, and whoever saw them is in the ledger before that', async () => {
    fill();
    const [csv, xlsx] = [join(home.folder, '관리대장.csv'), join(home.folder, '관리대장.xlsx')];
    const { code, said } = await girok('ledger', 'show', 'management', '--csv', csv, '--xlsx', xlsx);
    expect(code).toBe(0);
    expect(said.rows?.[0]?.slice(0, 7)).toEqual([
      1,
      '열람',
      '2026-11-20 10:00:00',
      'cam01/영상',
      '송은서',
      '=본인 확인',
      '김정보',
    ]);
    expect(said.rows?.[0]).toHaveLength(12);
    expect(readFileSync(csv, 'utf8')).toContain("송은서,'=본인 확인,김정보");
    const exported = entries('log.exported');
    expect(exported).toMatchObject([
      { actor: 'process:cli', facts: { view: 'management', formats: ['json', 'csv', 'xlsx'], rows: 1 } },
    ]);
    expect(exported[0]?.texts.by).toMatchObject({ text: expect.stringMatching(/./) });
    // As another program takes it apart: twelve columns, texts and never formulas, a sheet that the book names.
    const script = [
      'import sys, zipfile, xml.etree.ElementTree as e',
      'z = zipfile.ZipFile(sys.argv[1]); assert z.testzip() is None',
      'm = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"',
      'types = e.fromstring(z.read("[Content_Types].xml"))',
      'for part in types.iter():',
      '    if "PartName" in part.attrib: assert part.attrib["PartName"][1:] in z.namelist()',
      'for rels in [n for n in z.namelist() if n.endswith(".rels")]:',
      '    base = rels.split("_rels/")[0]',
      '    for r in e.fromstring(z.read(rels)): assert base + r.attrib["Target"] in z.namelist()',
      'sheet = e.fromstring(z.read("xl/worksheets/sheet1.xml"))',
      'assert not list(sheet.iter(m + "f"))',
      'rows = [[c.attrib["r"] for c in row] for row in sheet.iter(m + "row")]',
      'assert rows[1] == [chr(65 + i) + "2" for i in range(12)], rows',
      'print([t.text for t in sheet.iter(m + "t")][15:18])',
    ].join('\n');
    const seen = execFileSync('python3', ['-X', 'utf8', '-c', script, xlsx], { encoding: 'utf8' });
    expect(seen.trim()).toBe("['송은서', '=본인 확인', '김정보']");
  });

  it('leaves them sealed when asked to, needs no key for that, and enters nothing', async () => {
    fill();
    rmSync(join(home.folder, 'secrets', 'root.key'));
    const { code, said } = await girok('ledger', 'show', 'management', '--sealed');
    expect([code, said.rows?.[0]?.[4], said.rows?.[0]?.[6]]).toEqual([0, '(봉인됨)', '(봉인됨)']);
    expect((await girok('ledger', 'show', 'destruction')).said.rows).toEqual([]);
    expect((await girok('ledger', 'show', 'management')).said).toMatchObject({
      error: { code: 'root_key_missing' },
    });
    const db = openSiteForReading(join(home.storage, 'site.db'));
    expect([...createLedgerRows(db).entriesOf(['log.exported'], 0)]).toEqual([]);
    db.close();
  });

  it('shows nobody where it cannot be entered', async () => {
    const { identity } = fill();
    // The second place has seen more than there is: nothing is entered into such a ledger.
    const seen = { origin: identity.origin, size: 99, root: Buffer.alloc(32, 1) };
    const note = signCheckpoint(seen, identity.key, identity.signing.privateKey);
    await keepCheckpoint(join(home.folder, 'mirror', 'ledger-checkpoint'), parseCheckpoint(note)!);
    const csv = join(home.folder, 'out.csv');
    const { code, said } = await girok('ledger', 'show', 'management', '--csv', csv);
    expect([code, said.error?.code, said.rows, existsSync(csv)]).toEqual([
      4,
      'ledger_damaged',
      undefined,
      false,
    ]);
    expect((await girok('ledger', 'show', 'management', '--sealed')).code).toBe(0);
  });
});

describe('the steward', () => {
  it('seals what it is told of persons, under a keyring that the recorder has made, and leaves none of it', async () => {
    home = createStewardHome();
    openKeyring(false).close();
    const spool = join(home.storage, 'spool', 'hold');
    mkdirSync(spool, { recursive: true });
    const accounts = createSpooledAccounts({
      spool,
      writer: 'hold',
      certificates: join(home.folder, 'certificates'),
      clock: systemClock,
    });
    await accounts.enter({
      event: 'hold.ended',
      facts: { hold: 'h1' },
      personal: { by: '홍길동', reason: '끝남' },
    });
    const steward = startSteward(home);
    await vi.waitUntil(() => readdirSync(spool).length === 0, { timeout: 20_000 });
    steward.child.kill('SIGTERM');
    expect(await steward.ended).toBe(0);
    expect(entries('hold.ended')).toMatchObject([
      { facts: { hold: 'h1' }, texts: { by: { text: '홍길동' }, reason: { text: '끝남' } } },
    ]);
    expect(steward.said()).not.toContain('홍길동');
  });

  it('forgets the keys of texts at once, and the wrapping key of an epoch soon after it is over', async () => {
    home = createStewardHome();
    openKeyring(false).close();
    const spool = join(home.storage, 'spool', 'hold');
    const accounts = createSpooledAccounts({
      spool,
      writer: 'hold',
      certificates: join(home.folder, 'certificates'),
      clock: systemClock,
    });
    await accounts.enter({
      event: 'hold.ended',
      facts: { hold: 'h1' },
      personal: { by: '가', reason: '나' },
    });
    const steward = startSteward(home);
    await vi.waitUntil(() => readdirSync(spool).length === 0, { timeout: 20_000 });

    const keyFolders = { folder: join(home.storage, 'keys'), mirrorFolder: join(home.folder, 'mirror') };
    const kek = deriveKek(rootKeyOf(), readSlots(join(keyFolders.folder, 'epoch.slots'))[0]!.secret);
    const keyring = openKeyring(true);
    const day = siteTime.dayOf(systemClock.utcUs());
    const name = personalKeyName({ class: 'holds', month: day.slice(0, 7) });
    const monthKey = keyring.hourKey(name.camera as CameraId, name.day as LocalDay, 0);
    keyring.close();
    const pid = steward.child.pid!;
    const has = (key: Buffer) => foundInMemory(pid, [halfOf(key)]) > 0;
    expect(has(monthKey)).toBe(false);
    // It is there to be found, so that its being gone says something.
    expect(has(kek)).toBe(true);
    const eraser = createKeyEraser({ ...keyFolders, rootKey: rootKeyOf(), clock: systemClock });
    expect(eraser.erase((each) => each.camera === name.camera).erased).toHaveLength(1);
    eraser.close();
    await vi.waitUntil(() => !has(kek), { timeout: 10_000, interval: 200 });
    steward.child.kill('SIGTERM');
    expect(await steward.ended).toBe(0);
  });
});
