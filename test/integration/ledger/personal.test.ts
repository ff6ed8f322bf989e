import { linkSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { drainSpool } from '../../../src/ledger/drain.ts';
import type { NewEntry } from '../../../src/ledger/entry.ts';
import { readBody } from '../../../src/ledger/entry.ts';
import { openPersonal } from '../../../src/ledger/personal.ts';
import { createSpooledAccounts } from '../../../src/retention/accounts.ts';
import { beginPersonalLedger } from '../../support/ledger/personal.ts';

const ended: NewEntry = { event: 'hold.ended', facts: { hold: 'h1' }, actor: 'process:hold' };

function begin() {
  const begun = beginPersonalLedger();
  const { ledger, opening } = begun;
  return {
    ...begun,
    add: (personal: Record<string, string>) => ledger.write((tx) => tx.append(ended, { personal })),
    read: (seq: number) => {
      const entry = readBody(ledger.rows.entry(seq)!.body);
      return openPersonal(entry, ledger.rows, opening());
    },
  };
}

describe('personal texts', () => {
  it('are opened again with the keyring, and lie nowhere in the clear', () => {
    const { storage, add, read, db } = begin();
    const seq = add({ by: '홍길동', reason: '' });
    expect(read(seq)).toEqual({ by: { text: '홍길동' }, reason: { text: '' } });
    db.pragma('wal_checkpoint(TRUNCATE)');
    for (const name of readdirSync(storage, { recursive: true, encoding: 'utf8' }))
      if (/\.db/.test(name)) expect(readFileSync(join(storage, name)).includes('홍길동'), name).toBe(false);
  });

  it('cannot stand in for each other: a row of another entry or field is damaged', () => {
    const { add, read, db } = begin();
    const [one, other] = [add({ by: '가', reason: '나' }), add({ by: '다', reason: '라' })];
    const set = db.prepare(
      `update ledger_personal set sealed = (select sealed from ledger_personal where seq = ? and field = ?)
       where seq = ? and field = ?`,
    );
    set.run(one, 'by', other, 'by');
    set.run(one, 'by', one, 'reason');
    expect(read(other)).toEqual({ by: 'damaged', reason: { text: '라' } });
    expect(read(one)).toEqual({ by: { text: '가' }, reason: 'damaged' });
    db.exec(`update ledger_personal set sealed = x'00'`);
    expect(read(one)).toEqual({ by: 'damaged', reason: 'damaged' });
  });

  it('that were taken away before their key was are not taken for erased', () => {
    const { add, read, db } = begin();
    const seq = add({ by: '가' });
    db.exec('delete from ledger_personal');
    expect(read(seq)).toEqual({ by: 'damaged' });
  });

  it('share one key for each class and month, made when the first is sealed', async () => {
    const { ledger, add, db, clock } = begin();
    add({ by: '가' });
    add({ by: '나' });
    ledger.write((tx) =>
      tx.append(
        { event: 'right.restored', facts: { account: 'a1' }, actor: 'person:a2' },
        { personal: { name: '다' } },
      ),
    );
    const keys = db.prepare('select key, count(*) as n from ledger_personal group by key order by key').all();
    expect(keys).toEqual([
      { key: 'records/holds/2026-11', n: 2 },
      { key: 'records/rights/2026-11', n: 1 },
    ]);
    expect(clock.utcUs()).toBeGreaterThan(0);
  });
});

describe('the spool', () => {
  it('carries personal texts, which are sealed, and overwritten where they lay', async () => {
    const { ledger, storage, clock, read } = begin();
    const spool = join(storage, 'spool');
    const accounts = createSpooledAccounts({
      spool: join(spool, 'hold'),
      writer: 'hold',
      certificates: join(storage, 'certificates'),
      clock,
    });
    await accounts.enter({
      event: 'hold.ended',
      facts: { hold: 'h1' },
      personal: { by: '가', reason: '나' },
    });
    const [name = ''] = readdirSync(join(spool, 'hold'));
    const blocks = join(storage, 'blocks');
    linkSync(join(spool, 'hold', name), blocks);
    expect(readFileSync(blocks, 'utf8')).toContain('가');
    expect(await drainSpool(ledger, spool)).toEqual({ refused: 0, waiting: 0 });
    expect(readBody(ledger.rows.entry(1)!.body).facts).toEqual({ hold: 'h1' });
    expect(read(1)).toEqual({ by: { text: '가' }, reason: { text: '나' } });
    expect(readdirSync(join(spool, 'hold'))).toEqual([]);
    expect(readFileSync(blocks).every((byte) => byte === 0)).toBe(true);
  });

  it('is emptied after a crash wherever that came: what was entered is not entered again, nor laid aside', async () => {
    const { ledger, storage, read } = begin();
    const spool = join(storage, 'spool');
    mkdirSync(join(spool, 'hold'), { recursive: true });
    const told = {
      v: 1,
      at: '2026-11-22T03:00:00.000Z',
      writer: 'hold',
      event: 'hold.ended',
      facts: { hold: 'h' },
    };
    const text = JSON.stringify({ ...told, personal: { by: '가' } });
    for (const left of [text, '\0'.repeat(text.length), text.slice(0, 9)]) {
      writeFileSync(join(spool, 'hold', '1.json'), left);
      expect(await drainSpool(ledger, spool)).toEqual({ refused: 0, waiting: 0 });
      expect([ledger.rows.size(), readdirSync(join(spool, 'hold'))]).toEqual([2, []]);
    }
    expect(read(1)).toEqual({ by: { text: '가' } });
  });

  it('of an older program told persons among the facts: they are sealed, and never come into the tree', async () => {
    const { ledger, storage, read } = begin();
    const spool = join(storage, 'spool');
    mkdirSync(join(spool, 'purge'), { recursive: true });
    const at = '2026-11-22T03:00:00.000Z';
    const tell = (name: string, event: string, facts: object, more = {}) =>
      writeFileSync(
        join(spool, 'purge', `${name}.json`),
        JSON.stringify({ v: 1, at, writer: 'purge', event, facts, ...more }),
      );
    tell('1', 'erase.confirmed', {
      run: 'r1',
      clock: true,
      days: false,
      by: '홍길동',
      reason: '시계가 맞음',
    });
    tell('2', 'erase.waits', { why: 'clock', confirmedBy: { by: '홍길동', reason: '까닭' } });
    expect(await drainSpool(ledger, spool)).toEqual({ refused: 0, waiting: 0 });
    for (const { body } of ledger.rows.entries(1, 9)) expect(body.toString()).not.toMatch(/홍길동|까닭|시계/);
    expect(readBody(ledger.rows.entry(1)!.body).facts).toEqual({ run: 'r1', clock: true, days: false });
    expect(read(1)).toEqual({ by: { text: '홍길동' }, reason: { text: '시계가 맞음' } });
    expect(read(2)).toEqual({ by: { text: '홍길동' }, reason: { text: '까닭' } });
  });

  it('has no personal texts for an entry that may not have any, and none that are too long', async () => {
    const { ledger, storage } = begin();
    const spool = join(storage, 'spool');
    mkdirSync(join(spool, 'recorder'), { recursive: true });
    const at = '2026-11-22T03:00:00.000Z';
    const started = { v: 1, at, writer: 'recorder', event: 'recorder.stopped', facts: { signal: 'SIGTERM' } };
    const bad = [{ by: 'x' }, { by: 'x'.repeat(2001) }, { 'b y': 'x' }, { by: 1 }];
    for (const [i, personal] of bad.entries())
      writeFileSync(join(spool, 'recorder', `${i}.json`), JSON.stringify({ ...started, personal }));
    expect(await drainSpool(ledger, spool)).toEqual({ refused: bad.length, waiting: 0 });
    expect(ledger.rows.size()).toBe(1 + bad.length);
  });

  it('waits where they cannot be sealed: nothing is entered without what belongs to it', async () => {
    const { ledger, storage, keyring } = begin();
    const spool = join(storage, 'spool');
    mkdirSync(join(spool, 'hold'), { recursive: true });
    const told = {
      v: 1,
      at: '2026-11-22T03:00:00.000Z',
      writer: 'hold',
      event: 'hold.ended',
      facts: { hold: 'h' },
    };
    writeFileSync(join(spool, 'hold', '1.json'), JSON.stringify({ ...told, personal: { by: '가' } }));
    keyring.close();
    await expect(drainSpool(ledger, spool)).rejects.toThrow();
    expect([ledger.rows.size(), readdirSync(join(spool, 'hold'))]).toEqual([1, ['1.json']]);
  });
});
