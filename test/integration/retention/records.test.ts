import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openKeyringTables } from '../../../src/db/keyring/tables.ts';
import { createLedgerRows } from '../../../src/db/site/ledger-rows.ts';
import { openSiteForReading } from '../../../src/db/site/open.ts';
import { bundleLines, verifyBundle, verifyRows } from '../../../src/ledger/bundle.ts';
import { parseCheckpoint } from '../../../src/ledger/checkpoint.ts';
import { drainSpool } from '../../../src/ledger/drain.ts';
import { readBody } from '../../../src/ledger/entry.ts';
import { openPersonal } from '../../../src/ledger/personal.ts';
import { isIncluded } from '../../../src/ledger/proofs.ts';
import { inclusionPath } from '../../../src/ledger/tree.ts';
import { hashLeaf } from '../../../src/lib/merkle.ts';
import { textsDuty } from '../../../src/main/steward/texts-duty.ts';
import { readSlots } from '../../../src/vault/epoch-slots.ts';
import { personalKeyOf } from '../../../src/vault/personal-keys.ts';
import { deriveKek, unwrapKey } from '../../../src/vault/wrapping.ts';
import { askPython, inWords } from '../../support/ledger/mutations.ts';
import { beginPersonalLedger } from '../../support/ledger/personal.ts';
import { createManualClock } from '../../support/manual-clock.ts';
import { purgeHome, ROOT_KEY } from '../../support/retention/purge-home.ts';

const YEARS_WRITTEN = {
  managementYears: 3,
  viewingYears: 3,
  accessYears: 2,
  rightsYears: 3,
  holdsYears: 3,
  erasingYears: 3,
  oversightYears: 3,
  operationYears: 3,
};

const at = (text: string) => Date.parse(text) * 1000;

function begin() {
  const clock = createManualClock(at('2026-11-22T12:00:00+09:00'));
  const home = purgeHome(clock);
  const begun = beginPersonalLedger({ clock, storage: home.storage, rootKey: ROOT_KEY });
  const { ledger, checkpoints, opening } = begun;
  const sign = (name: string) =>
    ledger.write((tx) =>
      tx.append(
        { event: 'access.signed_in', facts: { session: 's1', outside: false }, actor: 'person:a1' },
        { personal: { name, ip: '192.168.10.7' } },
      ),
    );
  const restore = (name: string) =>
    ledger.write((tx) =>
      tx.append(
        { event: 'right.restored', facts: { account: 'a1' }, actor: 'person:a2' },
        { personal: { name, reason: '교육 이수' } },
      ),
    );
  const read = (seq: number) => openPersonal(readBody(ledger.rows.entry(seq)!.body), ledger.rows, opening());
  return { ...begun, home, clock, checkpoints, sign, restore, read };
}

type Begun = ReturnType<typeof begin>;
const goTo = ({ clock }: Begun, text: string) => clock.advance((at(text) - clock.utcUs()) / 1000);

/** Everything that could be proved before can still be proved, by both verifiers and against what was kept. */
async function expectSound({ ledger, identity, checkpoints }: Begun, kept: readonly string[]) {
  const last = checkpoints.last()!;
  for (const { seq, body } of ledger.rows.entries(0, last.size)) {
    const path = inclusionPath(seq, last.size, ledger.rows);
    expect(isIncluded({ index: seq, size: last.size, leaf: hashLeaf(body), path }, last.root)).toBe(true);
  }
  const trust = { log: identity.key, kept: kept.map((note) => parseCheckpoint(note)!) };
  const bytes = Buffer.concat(
    [...bundleLines(ledger.rows, identity.key, [])].map((part) => Buffer.from(part)),
  );
  expect(inWords(verifyBundle(bytes, trust))).toBe(`sound ${last.size}`);
  expect(await askPython([bytes], { kept })).toEqual([`sound ${last.size}`]);
  expect(verifyRows(ledger.rows, { ...trust, witnesses: [] }).fault).toBeUndefined();
}

/** Keys of personal texts in a file of wrapped keys that open under any secret that lies anywhere. */
function openable({ keyFolders }: Begun, file: string): string[] {
  const places = [keyFolders.folder, keyFolders.mirrorFolder].map((each) => join(each, 'epoch.slots'));
  const keks = places.flatMap(readSlots).map(({ secret }) => deriveKek(ROOT_KEY, secret));
  const tables = openKeyringTables({ path: file, readonly: true, busyTimeoutMs: 5000 });
  try {
    return tables.rows().flatMap((row) => {
      const key = personalKeyOf(row);
      const isOpen = keks.some((kek) => unwrapKey(kek, row.epoch, row, row.wrapped));
      return key && isOpen ? [`${key.class} ${key.month}`] : [];
    });
  } finally {
    tables.close();
  }
}

describe('personal texts of the ledger', () => {
  it('go in their own time with the step that erases footage, and every proof stands', async () => {
    const begun = begin();
    const { home, clock, sign, restore, read, checkpoints, storage, keyFolders } = begun;
    home.record('cam01', '2026-11-22');
    const [signed, restored] = [sign('홍길동'), restore('김정보')];
    const notes = [checkpoints.make()!.note];

    // What a backup has: databases, never a secret.
    begun.db.pragma('wal_checkpoint(TRUNCATE)');
    const backup = join(storage, 'backup');
    mkdirSync(backup);
    for (const [from, to] of [
      [begun.path, 'site.db'],
      [join(keyFolders.folder, 'keyring.db'), 'keyring.db'],
      [join(keyFolders.mirrorFolder, 'keyring.db'), 'mirror.db'],
    ] as const)
      for (const ending of ['', '-wal']) cpSync(from + ending, join(backup, to + ending));
    expect(openable(begun, join(backup, 'keyring.db')).sort()).toEqual(['access 2026-11', 'rights 2026-11']);

    goTo(begun, '2028-11-30T23:59:59.999+09:00');
    expect(await home.purge(clock)).toMatchObject({ kind: 'done', certificate: { records: [] } });
    expect(read(signed)).toEqual({ name: { text: '홍길동' }, ip: { text: '192.168.10.7' } });

    goTo(begun, '2028-12-01T00:00:00+09:00');
    const due = [{ class: 'access', month: '2026-11', dueAt: '2028-11-30T15:00:00.000Z' }];
    expect(await home.purge(clock, { dryRun: true })).toMatchObject({
      kind: 'planned',
      plan: { records: due },
    });
    expect(await home.purge(clock)).toMatchObject({
      kind: 'done',
      certificate: { state: 'complete', records: due, keys: { erased: 1, proof: { opened: 0 } } },
    });
    expect(read(signed)).toEqual({ name: 'erased', ip: 'erased' });
    expect(read(restored)).toEqual({ name: { text: '김정보' }, reason: { text: '교육 이수' } });

    // No copy of the key opens, neither where it was nor in what was kept elsewhere.
    for (const file of ['keyring.db', 'mirror.db'])
      expect(openable(begun, join(backup, file)), file).toEqual([]);
    for (const folder of [keyFolders.folder, keyFolders.mirrorFolder])
      expect(openable(begun, join(folder, 'keyring.db'))).toEqual(['rights 2026-11']);
    const old = openSiteForReading(join(backup, 'site.db'));
    const entry = readBody(begun.ledger.rows.entry(signed)!.body);
    expect(openPersonal(entry, createLedgerRows(old), begun.opening())).toEqual({
      name: 'erased',
      ip: 'erased',
    });
    old.close();

    // The ledger hears of it: before, and with the result.
    await drainSpool(begun.ledger, join(storage, 'spool'));
    const told = [...begun.ledger.rows.entriesOf(['erase.intent', 'erase.done'], 0)].map(({ body }) =>
      readBody(body),
    );
    expect(told.filter(({ facts }) => JSON.stringify(facts).includes('"month":"2026-11"'))).toHaveLength(2);
    notes.push(checkpoints.make()!.note);
    await expectSound(begun, notes);

    goTo(begun, '2028-12-01T01:00:00+09:00');
    expect(await home.purge(clock)).toMatchObject({ kind: 'done' });
    expect(home.certificates().filter(({ records }) => (records as object[]).length > 0)).toHaveLength(1);
  });

  it('leave no row behind once their key is gone, and lose none by a key that was lost by mischance', async () => {
    const begun = begin();
    const { home, clock, sign, restore, ledger, siteTime, db, openKeyring } = begun;
    for (let i = 0; i < 600; i++) sign(`사람 ${i}`);
    const [kept, lost] = [restore('김정보'), restore('박정보')];
    // The keyring never had this one, and its time is not over.
    db.prepare(`update ledger_personal set key = 'records/rights/2026-12' where seq = ?`).run(lost);
    const parts = {
      config: { records: YEARS_WRITTEN },
      keeper: { mayEnter: true },
      log: { info: () => undefined },
      clock,
      siteTime,
      ledger,
    } as unknown as Parameters<typeof textsDuty>[0];
    const keyring = openKeyring(true);
    const tidy = () => textsDuty(parts, () => keyring).run(new AbortController().signal);
    const rows = () => db.prepare('select count(*) from ledger_personal').pluck().get();
    await tidy();
    goTo(begun, '2028-12-01T00:00:00+09:00');
    // Due, and not erased yet.
    await tidy();
    expect(rows()).toBe(600 * 2 + 4);
    await home.purge(clock);
    await tidy();
    expect(rows()).toBe(4);
    expect([kept, lost].map((seq) => ledger.rows.personal(seq).length)).toEqual([2, 2]);
    keyring.close();
  });

  it('are accounted for also by the run that goes on after the keys have gone', async () => {
    const begun = begin();
    const { home, clock, sign, read } = begun;
    const signed = sign('홍길동');
    goTo(begun, '2028-12-01T00:00:00+09:00');
    const onStep = (step: string) => {
      if (step === 'prove') throw new Error('killed');
    };
    await expect(home.purge(clock, {}, { onStep })).rejects.toThrow('killed');
    expect(read(signed)).toEqual({ name: 'erased', ip: 'erased' });
    expect(await home.purge(clock)).toMatchObject({
      kind: 'done',
      certificate: { resumed: true, records: [{ class: 'access', month: '2026-11' }] },
    });
  });

  it('wait with everything else for a clock that somebody vouches for, and name nobody in the certificate', async () => {
    const begun = begin();
    const { home, clock, sign, read } = begun;
    const signed = sign('홍길동');
    goTo(begun, '2028-12-01T00:00:00+09:00');
    const unsure = { synchronised: () => false };
    expect(await home.purge(clock, {}, unsure)).toMatchObject({ kind: 'waiting' });
    expect(read(signed)).toMatchObject({ name: { text: '홍길동' } });
    const confirmed = { clock: true, days: false, place: false, by: '송은서', reason: '시계가 맞음' };
    await home.purge(clock, { confirmed }, unsure);
    expect(read(signed)).toEqual({ name: 'erased', ip: 'erased' });
    expect(JSON.stringify(home.certificates())).not.toMatch(/송은서|시계가 맞음/);
    await drainSpool(begun.ledger, join(begun.storage, 'spool'));
    const [body] = begun.ledger.rows.entriesOf(['erase.confirmed'], 0);
    expect(readBody(body!.body).facts).toMatchObject({ clock: true, days: false });
    expect(read(body!.seq)).toEqual({ by: { text: '송은서' }, reason: { text: '시계가 맞음' } });
  });
});
