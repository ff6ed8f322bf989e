import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { describe, expect, it, vi } from 'vitest';
import type { RegisterFile, RegisterName } from '../../../src/contract/registers.ts';
import { readBody } from '../../../src/ledger/entry.ts';
import { vkeyOf } from '../../../src/ledger/note.ts';
import { proofText, verifyProof } from '../../../src/ledger/tlog-proof.ts';
import { createVerifying, type Verified } from '../../../src/ledger/verifying.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import { createRegisterFile } from '../../../src/notices/register-file.ts';
import { AUDITOR, beginDesk, fillRegisters } from '../../support/ledger/records-desk.ts';

type Home = ReturnType<typeof beginDesk>;

describe('one entry', () => {
  it('is shown with its names, and proved by the newest checkpoint to whoever has the key alone', () => {
    const home = beginDesk();
    fillRegisters(home, 3);
    home.checkpoints.make();
    const seq = home.ledger.rows.registers.find('access', {
      fromSeq: 0,
      toSeq: 999,
      kind: 'access.signed_in',
      order: 'newest',
      most: 1,
    })[0]?.seq as number;
    const opened = home.desk.entry(seq, AUDITOR);
    expect(opened).toMatchObject({
      outcome: 'entered',
      texts: { name: { text: '경비 2' }, ip: { text: '10.0.0.1' } },
      entry: { seq, event: 'access.signed_in' },
    });
    expect(home.desk.proof(seq).checkpoint?.size).toBeGreaterThan(seq);
    const { whole } = home.desk.proof(seq);
    const file = Buffer.from(proofText(whole as NonNullable<typeof whole>));
    expect(file.toString()).not.toContain('경비');
    expect(verifyProof(file, { log: home.identity.key, kept: [] })).toMatchObject({ index: seq });
    const exported = readBody(home.ledger.rows.entry(home.ledger.rows.size() - 1)?.body ?? Buffer.of());
    expect(exported).toMatchObject({
      event: 'log.exported',
      facts: { view: 'entry', first: seq, last: seq },
    });
    // That one is not signed yet.
    expect(home.desk.entry(exported.seq, AUDITOR).outcome).toBe('unsigned');
    expect(() => home.desk.entry(99_999, AUDITOR)).toThrow(
      expect.objectContaining({ code: 'entry_unknown' }),
    );
  });

  it('that was changed behind our back is said to be vouched for by nobody', () => {
    const home = beginDesk();
    fillRegisters(home, 2);
    home.checkpoints.make();
    home.db.exec('drop trigger ledger_entry_stays');
    home.db
      .prepare(
        `update ledger_entry set body = replace(body, '"SIGTERM"', '"SIGKILL"') where event = 'recorder.stopped'`,
      )
      .run();
    const { seq } = home.ledger.rows.lastOf(['recorder.stopped']) ?? { seq: -1 };
    expect(home.desk.entry(seq, AUDITOR).outcome).toBe('ledger_changed');
    expect(home.desk.proof(seq).whole).toBeUndefined();
  });
});

/** Runs over the real file in a real thread. */
function verifyingOf(home: Home) {
  const outcomes: Verified[] = [];
  const verifying = createVerifying<string>({
    task: async () => ({
      path: home.path,
      log: vkeyOf(home.identity.key),
      witnesses: [],
      kept: [home.checkpoints.last()?.note ?? ''],
    }),
    total: () => home.ledger.rows.size(),
    clock: systemClock,
    verified: (outcome) => outcomes.push(outcome),
    failed: (error) => {
      throw error;
    },
  });
  const over = () =>
    vi.waitFor(
      () => {
        const state = verifying.state();
        if (state.state === 'running') throw new Error('it runs');
        return state;
      },
      { timeout: 30_000, interval: 20 },
    );
  return { verifying, outcomes, over };
}

describe('verifying now', () => {
  it('says that a ledger is whole and what it tells, one at a time, beside everything else', async () => {
    const home = beginDesk();
    fillRegisters(home, 5);
    home.checkpoints.make();
    const { verifying, outcomes, over } = verifyingOf(home);
    expect(verifying.state()).toEqual({ state: 'never' });
    const started = verifying.start('auditor');
    await expect(verifying.start('auditor')).rejects.toMatchObject({ code: 'verification_busy' });
    await started;
    const entries = home.ledger.rows.size();
    expect(await over()).toMatchObject({ state: 'done', verdict: { entries, vouched: entries } });
    expect(outcomes).toHaveLength(1);
    // A grant by right was never asked for, and none of these viewings has one: the rules say so.
    expect(outcomes[0]?.findings.counts.serious).toBeGreaterThan(0);
    await verifying.start('auditor');
    expect((await over()).state).toBe('done');
    expect(outcomes).toHaveLength(2);
  }, 60_000);

  it('finds the entry that was changed', async () => {
    const home = beginDesk();
    fillRegisters(home, 3);
    home.checkpoints.make();
    home.db.exec('drop trigger ledger_entry_stays');
    home.db.exec(`update ledger_entry set body = replace(body, '"v":1}', '"v":1} ') where seq = 4`);
    const { verifying, over } = verifyingOf(home);
    await verifying.start('auditor');
    expect(await over()).toMatchObject({ state: 'done', verdict: { fault: { code: 'leaf', from: 4 } } });
  }, 60_000);

  it('is stopped by whoever wants it stopped, and may begin again', async () => {
    const home = beginDesk();
    const { ledger } = home;
    ledger.write((tx) => {
      for (let pid = 0; pid < 40_000; pid++)
        tx.append({ event: 'steward.started', facts: { pid }, actor: 'process:steward' });
    });
    const { verifying, outcomes, over } = verifyingOf(home);
    await verifying.start('auditor');
    verifying.cancel();
    expect((await over()).state).toBe('cancelled');
    expect(outcomes).toEqual([]);
    await verifying.start('auditor');
    expect((await over()).state).toBe('done');
    await verifying.close();
  }, 120_000);
});

function fileOf(home: Home, register: RegisterName, format: RegisterFile, language: 'ko' | 'en' = 'ko') {
  const make = createRegisterFile({
    siteName: { ko: '기록 시연 의원', en: 'Girok clinic' },
    siteTime: home.siteTime,
    clock: home.clock,
    cameraName: () => '접수대',
    personName: () => undefined,
  });
  const taken = home.desk.takeOut(register, { format, most: 500 }, { ...AUDITOR, language });
  return buffer(make(taken, { register, format, by: AUDITOR.name, language }).body);
}

describe('a register that is taken out', () => {
  it('is entered before its first byte, and refused where it is too long', () => {
    const home = beginDesk();
    fillRegisters(home, 4);
    const size = home.ledger.rows.size();
    const taken = home.desk.takeOut('viewing', { format: 'pdf', most: 4 }, AUDITOR);
    expect(taken.rows).toBe(4);
    expect(readBody(home.ledger.rows.entry(size)?.body ?? Buffer.of())).toMatchObject({
      event: 'log.exported',
      facts: { view: 'viewing', formats: ['pdf'], rows: 4 },
    });
    expect(() => home.desk.takeOut('viewing', { format: 'csv', most: 3 }, AUDITOR)).toThrow(
      expect.objectContaining({ code: 'export_too_long' }),
    );
    expect(home.ledger.rows.size()).toBe(size + 1);
  });

  it('is CSV and XLSX that other programs read, row for row', async () => {
    const home = beginDesk();
    fillRegisters(home, 120);
    const csv = (await fileOf(home, 'management', 'csv')).toString();
    const file = join(home.storage, 'register.xlsx');
    writeFileSync(file, await fileOf(home, 'management', 'xlsx'));
    const script = [
      'import sys, zipfile, xml.dom.minidom as m, csv, io, json',
      'z = zipfile.ZipFile(sys.argv[1]); assert z.testzip() is None',
      'd = m.parseString(z.read("xl/worksheets/sheet1.xml"))',
      'text = lambda n: "".join(c.data for c in n.childNodes)',
      'value = lambda c: text((c.getElementsByTagName("t") or c.getElementsByTagName("v"))[0])',
      'sheet = [[value(c) for c in r.getElementsByTagName("c")] for r in d.getElementsByTagName("row")]',
      'rows = list(csv.reader(io.StringIO(sys.stdin.read().lstrip("\\ufeff"))))',
      'rows = [[c.replace("\'=", "=", 1) for c in r] for r in rows]',
      'print(json.dumps([len(sheet), sheet == rows, rows[0], rows[1]]))',
    ].join('\n');
    const said = execFileSync('python3', ['-X', 'utf8', '-c', script, file], {
      encoding: 'utf8',
      input: csv,
    });
    const [rows, same, titles, first] = JSON.parse(said) as [number, boolean, string[], string[]];
    expect([rows, same]).toEqual([121, true]);
    expect(titles).toEqual([...home.source('ko').words.management.titles]);
    expect(first.slice(0, 5)).toEqual([
      '1',
      '열람',
      '2026-11-20 10:00:00',
      expect.stringContaining('cam02/영상'),
      '송은서',
    ]);
  }, 60_000);

  it('is a PDF of A4 across, with its letters as text', async () => {
    const home = beginDesk();
    fillRegisters(home, 40);
    home.checkpoints.make();
    const pdf = await fileOf(home, 'management', 'pdf');
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
    expect(pdf.toString('latin1')).toContain('/MediaBox [0 0 841.89 595.28]');
    expect(pdf.toString('latin1').match(/\/Type \/Page\b/g)?.length).toBeGreaterThan(1);
    // Every glyph leads back to its letter, so that it can be searched and read aloud.
    expect(pdf.toString('latin1')).toContain('/ToUnicode');
  }, 120_000);

  it('lets go of its thread and of the rows when nobody reads on', async () => {
    const home = beginDesk();
    fillRegisters(home, 60);
    const make = createRegisterFile({
      siteName: { ko: '가', en: 'a' },
      siteTime: home.siteTime,
      clock: home.clock,
      cameraName: () => undefined,
      personName: () => undefined,
    });
    for (const format of ['csv', 'xlsx', 'pdf'] as const) {
      const taken = home.desk.takeOut('access', { format, most: 500 }, AUDITOR);
      let [began, ended] = [false, false];
      const lines = async function* () {
        try {
          began = true;
          yield* taken.lines();
        } finally {
          ended = true;
        }
      };
      const { body } = make({ ...taken, lines }, { register: 'access', format, by: 'x', language: 'ko' });
      // Given up in the middle of it.
      body.resume();
      await vi.waitFor(() => expect(began, format).toBe(true), 30_000);
      body.destroy();
      await vi.waitFor(() => expect(ended, format).toBe(true), 30_000);
    }
  }, 120_000);
});
