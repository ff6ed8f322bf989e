import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLedgerRows } from '../../../src/db/site/ledger-rows.ts';
import { readBody } from '../../../src/ledger/entry.ts';
import { openPersonal } from '../../../src/ledger/personal.ts';
import type { PageWanted } from '../../../src/ledger/register-page.ts';
import { REGISTER_NAMES, type RegisterName, VIEWS } from '../../../src/ledger/views.ts';
import { MINUTE_US, SECOND_US } from '../../../src/lib/clock.ts';
import { AUDITOR, beginDesk, fillRegisters } from '../../support/ledger/records-desk.ts';

type Home = ReturnType<typeof beginDesk>;

/** All rows, page by page. */
function paged(home: Home, register: RegisterName, wanted: Partial<PageWanted> & { size: number }) {
  const lines = [];
  let behind: number | undefined;
  for (;;) {
    const page = home.desk.page(register, { order: 'oldest', most: 7, behind, ...wanted }, AUDITOR);
    lines.push(...page.lines);
    behind = page.lines.at(-1)?.seq;
    if (!page.isMore) return lines;
  }
}

describe('a page of a register', () => {
  it('has the rows that reading the whole ledger gives, in both orders', () => {
    const home = beginDesk();
    fillRegisters(home, 30);
    const size = home.ledger.rows.size();
    for (const register of REGISTER_NAMES) {
      // Reads every entry, and nothing of the index. That pages were looked at is entered behind what is compared.
      const before = { ...home.source('ko'), rows: home.ledger.rows, opening: home.opening() };
      const whole = VIEWS[register](before).rows;
      const oldest = paged(home, register, { size });
      expect(oldest.length, register).toBeGreaterThanOrEqual(30);
      expect(
        oldest.map(({ cells }) => cells),
        register,
      ).toEqual(whole.slice(0, oldest.length));
      const newest = paged(home, register, { size, order: 'newest' });
      expect(newest.toReversed(), register).toEqual(oldest);
      expect(oldest.map(({ number }) => number)).toEqual(oldest.map((_, at) => at + 1));
    }
  });

  it('has exactly the rows that were asked for, whatever is combined', () => {
    const home = beginDesk();
    fillRegisters(home, 24);
    const size = home.ledger.rows.size();
    const all = new Map(REGISTER_NAMES.map((register) => [register, paged(home, register, { size })]));
    const entryOf = (seq: number) => readBody(home.ledger.rows.entry(seq)?.body ?? Buffer.of());
    const value = (...values: string[]) => fc.option(fc.constantFrom(...values), { nil: undefined });
    const minute = fc.option(fc.integer({ min: -2, max: 27 }), { nil: undefined });
    const beganUs = Date.parse(entryOf(0).at) * 1000;
    fc.assert(
      fc.property(
        fc.record({
          register: fc.constantFrom(...REGISTER_NAMES),
          kind: value('recorded', 'access.signed_in', 'access.refused', 'ACCESS', 'erase.done', 'nothing'),
          person: value('guard-0', 'guard-1', 'boss', 'nobody'),
          outcome: value('incident', 'open', 'refused', 'complete'),
          camera: value('cam01', 'cam02', 'cam09'),
          from: minute,
          to: minute,
          order: fc.constantFrom('newest' as const, 'oldest' as const),
        }),
        ({ register, from, to, order, ...filter }) => {
          const us = (minutes: number | undefined) =>
            minutes === undefined ? undefined : beganUs + minutes * MINUTE_US;
          const wanted = { ...filter, fromUs: us(from), toUs: us(to), order, size };
          const found = paged(home, register, wanted).map(({ seq }) => seq);
          const expected = (all.get(register) ?? []).filter((line) => {
            const { at, facts } = entryOf(line.seq);
            const known = facts as { cameras?: string[]; days?: { camera: string }[] };
            const cameras = [...(known.cameras ?? []), ...(known.days ?? []).map((day) => day.camera)];
            const atUs = Date.parse(at) * 1000;
            return (
              (filter.kind === undefined || line.kind === filter.kind) &&
              (filter.person === undefined || line.person === filter.person) &&
              (filter.outcome === undefined || line.outcome === filter.outcome) &&
              (filter.camera === undefined || cameras.includes(filter.camera)) &&
              (wanted.fromUs === undefined || atUs >= wanted.fromUs) &&
              (wanted.toUs === undefined || atUs < wanted.toUs)
            );
          });
          const seqs = expected.map(({ seq }) => seq);
          expect(found).toEqual(order === 'oldest' ? seqs : seqs.reverse());
        },
      ),
      { numRuns: 150 },
    );
  }, 60_000);

  it('finds by its time what was entered late', () => {
    const home = beginDesk();
    fillRegisters(home, 5);
    const atUs = home.clock.utcUs() - 3 * MINUTE_US + 30 * SECOND_US;
    const late = home.add({
      event: 'access.locked',
      facts: { account: 'guard-1', failures: 5 },
      actor: 'process:web',
      atUs,
    });
    fillRegisters(home, 5);
    const size = home.ledger.rows.size();
    const found = paged(home, 'access', { size, fromUs: atUs, toUs: atUs + 1 });
    expect(found.map(({ seq }) => seq)).toEqual([late]);
  });

  it('is entered before anybody sees it: who, which register, from which row to which', () => {
    const home = beginDesk();
    fillRegisters(home, 3);
    const size = home.ledger.rows.size();
    const { lines } = home.desk.page('viewing', { order: 'newest', most: 2 }, AUDITOR);
    expect(lines.flatMap(({ cells }) => cells)).toContain('경비 2');
    const entry = readBody(home.ledger.rows.entry(size)?.body ?? Buffer.of());
    expect(entry).toMatchObject({
      event: 'log.exported',
      actor: 'person:auditor-1',
      facts: { view: 'viewing', formats: ['screen'], rows: 2, first: lines[0]?.seq, last: lines[1]?.seq },
    });
    expect(openPersonal(entry, home.ledger.rows, home.opening())).toEqual({
      by: { text: AUDITOR.name },
      ip: { text: AUDITOR.address },
    });
    // Nobody is named in this one.
    home.desk.page('destruction', { order: 'newest', most: 2 }, AUDITOR);
    expect(home.ledger.rows.size()).toBe(size + 1);
  });

  it('is not shown where that cannot be entered', () => {
    const home = beginDesk();
    fillRegisters(home, 2);
    home.db.exec(
      `create temp trigger full before insert on ledger_entry begin select raise(abort, 'full'); end`,
    );
    expect(() => home.desk.page('access', { order: 'newest', most: 2 }, AUDITOR)).toThrow('full');
    expect(() => home.desk.entry(3, AUDITOR)).toThrow('full');
    expect(() => home.desk.takeOut('access', { format: 'csv', most: 9 }, AUDITOR)).toThrow();
  });

  it('is found in a ledger that an older program has left without an index', () => {
    const home = beginDesk();
    fillRegisters(home, 10);
    const size = home.ledger.rows.size();
    const rows = (register: RegisterName) => paged(home, register, { size }).map(({ cells }) => cells);
    const before = REGISTER_NAMES.map(rows);
    for (const table of ['register_row', 'register_camera', 'register_more', 'register_name'])
      home.db.exec(`delete from ${table}`);
    home.db.exec('update register_read set entries = 0');
    expect(REGISTER_NAMES.map(rows)).toEqual(before);
    const indexed = createLedgerRows(home.db);
    expect(indexed.registers.read()).toBe(indexed.size());
  });

  it('goes by the entry that is taken back with its transaction', () => {
    const home = beginDesk();
    fillRegisters(home, 1);
    const count = () => home.ledger.rows.registers.count('access');
    const before = count();
    expect(() =>
      home.ledger.write((tx) => {
        tx.append({ event: 'access.locked', facts: { account: 'a', failures: 5 }, actor: 'process:web' });
        throw new Error('not after all');
      }),
    ).toThrow('not after all');
    expect(count()).toBe(before);
    home.add({ event: 'access.locked', facts: { account: 'a', failures: 5 }, actor: 'process:web' });
    expect(count()).toBe(before + 1);
  });
});

describe('what a register can be narrowed down to', () => {
  it('is what is in it', () => {
    const home = beginDesk();
    fillRegisters(home, 6);
    expect(home.desk.choices('viewing')).toEqual({
      kinds: ['recorded'],
      persons: ['guard-0', 'guard-1', 'guard-2'],
      outcomes: ['incident', 'no_finding', 'open'],
      cameras: ['cam01', 'cam02'],
    });
    expect(home.desk.choices('destruction').outcomes).toEqual(['complete', 'incomplete']);
  });
});
