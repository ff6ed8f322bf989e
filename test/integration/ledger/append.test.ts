import { createHash, randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { openSiteForReading, openSiteForWriting } from '../../../src/db/site/open.ts';
import { isTrusted } from '../../../src/ledger/checkpoint.ts';
import { BODY_SHAPE, readBody } from '../../../src/ledger/entry.ts';
import { createLedger } from '../../../src/ledger/ledger.ts';
import { createRightEdge, rootOf } from '../../../src/ledger/tree.ts';
import { hashLeaf } from '../../../src/lib/merkle.ts';
import { started } from '../../support/ledger/entries.ts';
import { beginLedger, scratchFolder } from '../../support/ledger/scratch.ts';
import { createManualClock } from '../../support/manual-clock.ts';

describe('appending', () => {
  it('begins with an entry that names the log, and counts without holes', () => {
    const { ledger, identity, append } = beginLedger();
    expect(append(started(1), started(2))).toEqual([1, 2]);
    const entries = [...ledger.rows.entries(0, 9)].map(({ body }) => readBody(body));
    expect(entries.map(({ seq, event }) => [seq, event])).toEqual([
      [0, 'ledger.begun'],
      [1, 'recorder.started'],
      [2, 'recorder.started'],
    ]);
    expect(entries[0]?.facts).toEqual({ origin: identity.origin, site: 'test' });
  });

  it('keeps every body in the one way that verifiers rely on', () => {
    const { ledger, append } = beginLedger();
    append({ ...started(1), corrects: 0, atUs: 1_600_000_000_000_000 });
    for (const { body } of ledger.rows.entries(0, 9)) expect(body.toString()).toMatch(BODY_SHAPE);
    expect(readBody(ledger.rows.entry(1)!.body)).toMatchObject({
      late: true,
      corrects: 0,
      at: '2020-09-13T12:26:40.000Z',
      committedAt: '2026-11-22T03:00:00.000Z',
    });
  });

  it('never dates an entry before the one in front of it, whatever the clock does', () => {
    const clock = createManualClock();
    const { ledger, append } = beginLedger({ clock });
    append(started(1));
    clock.setWall(-3_600_000_000);
    append(started(2));
    clock.setWall(7_200_000_000);
    append(started(3));
    const dates = [...ledger.rows.entries(1, 9)].map(({ body }) => readBody(body).committedAt.slice(11, 19));
    expect(dates).toEqual(['03:00:00', '03:00:00', '04:00:00']);
  });

  it('commits with the change that it accounts for, or not at all', () => {
    const { db, ledger } = beginLedger();
    db.exec('create table room (name text) strict');
    expect(() =>
      ledger.write((tx) => {
        tx.db.prepare('insert into room values (?)').run('a');
        tx.append(started(1));
        throw new Error('changed my mind');
      }),
    ).toThrow('changed my mind');
    expect([db.prepare('select count(*) from room').pluck().get(), ledger.rows.size()]).toEqual([0, 1]);
  });

  it('refuses what is not of the closed set, and nothing of it stays', () => {
    const { ledger } = beginLedger();
    const made = {
      event: 'recorder.started',
      facts: { pid: 1, cameras: 1, note: 'x' },
      actor: 'process:recorder',
    };
    expect(() => ledger.write((tx) => tx.append(made as never))).toThrow();
    expect(ledger.rows.size()).toBe(1);
  });

  it('is refused before the ledger has begun', () => {
    const db = openSiteForWriting(`${scratchFolder()}/site.db`);
    const ledger = createLedger({ db, clock: createManualClock() });
    expect(() => ledger.write(() => undefined)).toThrow('ledger_missing');
    db.close();
    expect(() => openSiteForReading(`${scratchFolder()}/site.db`)).toThrow('ledger_missing');
  });

  it('is safe from several connections at once: none of their numbers collides', () => {
    const one = beginLedger();
    const other = beginLedger({ path: one.path, rootKey: one.rootKey, clock: one.clock });
    expect(other.identity.origin).toBe(one.identity.origin);
    for (let i = 0; i < 50; i++) (i % 2 ? one : other).append(started(i));
    const edge = createRightEdge();
    for (const { body } of one.ledger.rows.entries(0, 99)) edge.add(hashLeaf(body));
    expect(edge.size).toBe(51);
    expect(rootOf(51, one.ledger.rows).equals(edge.root())).toBe(true);
  });

  it('cannot be taken back by a mistake: the database refuses to change or delete entries and hashes', () => {
    const { db, append } = beginLedger();
    append(started(1));
    for (const statement of [
      `update ledger_entry set body = '{}' where seq = 1`,
      'delete from ledger_entry',
      `update ledger_hash set hash = zeroblob(32)`,
      'delete from ledger_hash where level = 0',
    ])
      expect(() => db.exec(statement), statement).toThrow('are never');
  });

  it('is refused for another site’s storage and for another root key', () => {
    const { path } = beginLedger();
    expect(() => beginLedger({ path, rootKey: randomBytes(32) })).toThrow('root_key_wrong');
  });
});

describe('personal fields', () => {
  it('lie beside the tree: the entry has only their salted hash, and erasing them breaks nothing', () => {
    const sealedTexts: Buffer[] = [];
    const personal = {
      seal(plaintext: Buffer) {
        sealedTexts.push(Buffer.from(plaintext));
        return {
          key: 'personal/2026-11',
          sealed: Buffer.from(plaintext).map((byte) => byte ^ 0xff) as Buffer,
        };
      },
    };
    const { db, ledger, checkpoints } = beginLedger({ personal });
    const held = { event: 'hold.ended', facts: { hold: 'h1' }, actor: 'process:hold' } as const;
    ledger.write((tx) => tx.append(held, { personal: { by: '홍길동' } }));
    const body = ledger.rows.entry(1)!.body;
    expect(body.toString()).not.toContain('홍길동');
    expect(readBody(body).personal).toEqual({
      by: createHash('sha256').update(sealedTexts[0]!).digest('hex'),
    });
    expect(sealedTexts[0]!.subarray(16).toString()).toBe('홍길동');
    const before = checkpoints.make();
    db.exec('delete from ledger_personal');
    expect(ledger.rows.personal(1)).toEqual([]);
    expect(rootOf(2, ledger.rows).equals(before!.root)).toBe(true);
  });

  it('are never entered where there is no key for them', () => {
    const held = { event: 'hold.ended', facts: { hold: 'h1' }, actor: 'process:hold' } as const;
    const { ledger } = beginLedger();
    expect(() => ledger.write((tx) => tx.append(held, { personal: { by: 'x' } }))).toThrow('internal');
  });

  it('are for the kinds of entry that have a retention of their own, and bounded', () => {
    const personal = { seal: (plaintext: Buffer) => ({ key: 'k', sealed: plaintext }) };
    const { ledger } = beginLedger({ personal });
    const held = { event: 'hold.ended', facts: { hold: 'h1' }, actor: 'process:hold' } as const;
    for (const [entry, text] of [
      [started(1), 'x'],
      [held, 'x'.repeat(2001)],
    ] as const)
      expect(() => ledger.write((tx) => tx.append(entry, { personal: { by: text } }))).toThrow('internal');
    expect(ledger.rows.size()).toBe(1);
  });
});

describe('checkpoints', () => {
  it('are made once for each size and signed by the log', () => {
    const { checkpoints, identity, append } = beginLedger();
    const first = checkpoints.make();
    expect(first).toMatchObject({ size: 1, origin: identity.origin });
    expect(checkpoints.make()).toBeUndefined();
    append(started(1));
    const second = checkpoints.make()!;
    expect([second.size, isTrusted(second, identity.key)]).toEqual([2, true]);
    expect(checkpoints.last()?.note).toBe(second.note);
  });

  it('are refused over a ledger that no longer has what the last one vouched for', () => {
    const { db, checkpoints, append } = beginLedger();
    append(started(1));
    checkpoints.make();
    db.exec('drop trigger ledger_hash_stays');
    db.exec('update ledger_hash set hash = zeroblob(32) where level = 1');
    append(started(2));
    expect(() => checkpoints.make()).toThrow('ledger_damaged');
  });

  it('are thinned to one an hour once they are a day old', async () => {
    const clock = createManualClock();
    const { checkpoints, ledger, append } = beginLedger({ clock });
    for (let i = 0; i < 12; i++) {
      append(started(i));
      checkpoints.make();
      await clock.run(15 * 60_000, 15 * 60_000);
    }
    await clock.run(30 * 3_600_000, 3_600_000);
    append(started(99));
    checkpoints.make();
    expect(ledger.rows.checkpoints().map(({ size }) => size)).toEqual([5, 9, 13, 14]);
  });
});
