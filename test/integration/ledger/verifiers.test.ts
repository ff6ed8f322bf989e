import { describe, expect, it } from 'vitest';
import { bundleLines, verifyBundle, verifyRows } from '../../../src/ledger/bundle.ts';
import { parseCheckpoint } from '../../../src/ledger/checkpoint.ts';
import { started } from '../../support/ledger/entries.ts';
import { askPython, inWords, keyOf, makeBundle, mutate } from '../../support/ledger/mutations.ts';
import { beginLedger } from '../../support/ledger/scratch.ts';

const kept = (notes: readonly string[]) => notes.map((note) => parseCheckpoint(note)!);

describe('a bundle', () => {
  it('of a real ledger is found sound by both verifiers', async () => {
    const { ledger, identity, checkpoints, append } = beginLedger();
    for (let i = 0; i < 20; i++) {
      append(started(i));
      if (i % 6 === 0) checkpoints.make();
    }
    const last = checkpoints.make()!;
    append(started(99));
    const bytes = Buffer.concat(
      [...bundleLines(ledger.rows, identity.key, [])].map((part) => Buffer.from(part)),
    );
    const trust = { log: identity.key, kept: [last] };
    expect(inWords(verifyBundle(bytes, trust))).toBe('sound 21');
    expect(await askPython([bytes], { kept: [last.note] })).toEqual(['sound 21']);
    // In the database there is one more, which nobody vouches for yet.
    expect(verifyRows(ledger.rows, { ...trust, witnesses: [] })).toMatchObject({ entries: 22, vouched: 21 });
  });

  it('with any single bit flipped is found changed, against its key and a kept checkpoint', () => {
    const made = makeBundle(4, 2);
    const trust = { log: keyOf(made), kept: kept(made.notes.slice(-1)) };
    expect(verifyBundle(made.bytes, trust).fault).toBeUndefined();
    const changed = Buffer.from(made.bytes);
    for (let bit = 0; bit < changed.length * 8; bit++) {
      const at = bit >> 3;
      changed[at] = (changed[at] as number) ^ (1 << (bit & 7));
      if (!verifyBundle(changed, trust).fault) expect.fail(`bit ${bit} is not missed`);
      changed[at] = made.bytes[at] as number;
    }
  });

  it('names the first bad entry', () => {
    const made = makeBundle(30, 10);
    const trust = { log: keyOf(made), kept: [] };
    const lines = made.bytes.toString().split('\n');
    const at = (entry: number) => lines.findIndex((line) => line.includes(`"seq":${entry},`));
    const verdict = (changed: string[]) => inWords(verifyBundle(Buffer.from(changed.join('\n')), trust));
    expect(verdict(lines.with(at(17), lines[at(17)]!.replace('"cameras":13', '"cameras":12')))).toBe(
      'bad leaf 17 18',
    );
    expect(verdict(lines.toSpliced(at(12), 1))).toBe('bad seq 12 13');
    expect(verdict(lines.toSpliced(at(12), 0, lines[at(20)]!))).toBe('bad seq 12 13');
    expect(verdict(lines.with(at(5), lines[at(9)]!).with(at(9), lines[at(5)]!))).toBe('bad seq 5 6');
    expect(verdict(lines.slice(0, at(21)))).toBe('bad format 20 21');
    // Whoever also makes the hash anew is found by the next checkpoint.
    expect(verdict(makeBundle(30, 10, 7).bytes.toString().split('\n'))).toBe('bad key 0 1');
  });

  it('that was cut off, rolled back or signed anew does not stand against a kept checkpoint', async () => {
    const made = makeBundle(40, 8);
    const trust = { kept: kept(made.notes.slice(-1)) };
    const rolledBack = Buffer.concat([
      made.bytes.subarray(0, made.bytes.indexOf(made.notes[2]!) + Buffer.byteLength(made.notes[2]!)),
      Buffer.from('end\n'),
    ]);
    const signedAnew = makeBundle(40, 8, 5).bytes;
    expect([rolledBack, signedAnew].map((bytes) => inWords(verifyBundle(bytes, trust)))).toEqual([
      'bad cut_off 24 40',
      'bad signature 32 40',
    ]);
    // Rewritten and signed by its own key, as whoever owns the machine can: the last moment that both share is named.
    const rewritten = makeBundle(40, 8, 1, 100).bytes;
    const early = [made.notes[1] as string, ...made.notes.slice(-1)];
    expect(inWords(verifyBundle(rewritten, { kept: kept(early) }))).toBe('bad forked 8 16');
    expect(await askPython([rewritten], { kept: early })).toEqual(['bad forked 8 16']);
    // Without anything kept elsewhere nobody could tell: that is what anchors are for.
    expect(inWords(verifyBundle(rolledBack, { kept: [] }))).toBe('sound 24');
    expect(await askPython([rolledBack, signedAnew], { kept: made.notes.slice(-1) })).toEqual([
      'bad cut_off 24 40',
      'bad signature 32 40',
    ]);
  });

  // The long form, ten thousand of them, is `npm run -s bench -- ledger`.
  it('changed at random gets the same verdict from both verifiers', async () => {
    const made = makeBundle(24, 7);
    const bundles = Array.from({ length: 500 }, () => mutate(made, Math.random));
    for (const notes of [[], made.notes.slice(1, 2)]) {
      const trust = { log: keyOf(made), kept: kept(notes) };
      const ours = bundles.map((bytes) => inWords(verifyBundle(bytes, trust)));
      const theirs = await askPython(bundles, { key: made.key, kept: notes });
      const apart = ours.flatMap((said, i) => (said === theirs[i] ? [] : [{ i, said, python: theirs[i] }]));
      expect(
        apart.slice(0, 3).map((one) => ({ ...one, text: bundles[one.i]?.toString().slice(0, 6000) })),
      ).toEqual([]);
    }
  });
});

describe('the ledger in its database', () => {
  it.each([
    [
      'a changed body',
      `update ledger_entry set body = replace(body, '13', '12') where seq = 5`,
      'bad leaf 5 6',
    ],
    ['an entry that is gone', 'delete from ledger_entry where seq = 7', 'bad seq 7 8'],
    ['an end that is gone', 'delete from ledger_entry where seq > 8', 'bad cut_off 9 11'],
    [
      'two entries in each other’s place',
      `update ledger_entry set body = case seq when 3 then (select body from ledger_entry where seq = 4)
       else (select body from ledger_entry where seq = 3) end where seq in (3, 4)`,
      'bad leaf 3 4',
    ],
    [
      'a changed hash',
      'update ledger_hash set hash = zeroblob(32) where level = 0 and number = 3',
      'bad leaf 3 4',
    ],
  ])('shows %s', (_what, statement, expected) => {
    const { db, ledger, identity, checkpoints, append } = beginLedger();
    for (let i = 0; i < 10; i++) append(started(i));
    checkpoints.make();
    for (const name of ['entry_stays', 'entry_remains', 'hash_stays', 'hash_remains'])
      db.exec(`drop trigger ledger_${name}`);
    db.exec(statement);
    const trust = { log: identity.key, witnesses: [], kept: [] };
    expect(inWords(verifyRows(ledger.rows, trust))).toBe(expected);
  });
});
