import { beforeEach, describe, expect, it } from 'vitest';
import { type AlarmRows, createAlarmRows } from '../../../src/db/site/alarm-rows.ts';
import { createLedger, type Ledger } from '../../../src/ledger/ledger.ts';
import { createAlarmBook } from '../../../src/stewardship/alarm-book.ts';
import { type AlarmCode, type Alarms, createAlarms } from '../../../src/stewardship/alarms.ts';
import type { Sent } from '../../../src/stewardship/mail.ts';
import type { Notice } from '../../../src/stewardship/notices.ts';
import { createTelling, type Telling } from '../../../src/stewardship/telling.ts';
import { beginLedger } from '../../support/ledger/scratch.ts';
import { createManualClock } from '../../support/manual-clock.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const ROUND_MS = 5000;

let clock: ReturnType<typeof createManualClock>;
let ledger: Ledger;
let rows: AlarmRows;
let alarms: Alarms;
let telling: Telling;
let mayWrite: boolean;
/** One for each mail: `kind alarm subject` of each line. */
let sent: string[][];
let answer: () => Sent;

beforeEach(() => {
  clock = createManualClock();
  const { db } = beginLedger({ clock });
  rows = createAlarmRows(db);
  ledger = createLedger({ db, clock, entered: createAlarmBook({ rows, clock }).entered });
  mayWrite = true;
  sent = [];
  answer = () => ({ ok: true });
  const enter = (event: 'alarm.raised' | 'alarm.cleared', alarm: AlarmCode, subject: string) => {
    if (mayWrite) own(event, alarm, subject);
  };
  alarms = createAlarms({
    clock,
    listener: {
      raised: ({ code, subject }) => enter('alarm.raised', code, subject),
      cleared: ({ code, subject }) => enter('alarm.cleared', code, subject),
    },
  });
  telling = begin();
});

/** As after a start of the steward: nothing in memory. */
const begin = () =>
  createTelling({
    channel: {
      name: 'mail',
      async send(notices: readonly Notice[]) {
        const outcome = answer();
        if (outcome.ok)
          sent.push(
            notices.map(({ kind, alarm }) => [kind, alarm.alarm, alarm.subject].filter(Boolean).join(' ')),
          );
        return outcome;
      },
    },
    rows,
    alarms,
    clock,
    mayWrite: () => mayWrite,
    failed: (error) => {
      throw error;
    },
  });

async function pass(ms: number) {
  const stepMs = ms > 10 * MINUTE_MS ? MINUTE_MS / 2 : ROUND_MS;
  for (let left = ms; left > 0; left -= stepMs) {
    clock.advance(Math.min(stepMs, left));
    await telling.round(new AbortController().signal);
  }
}
const own = (event: 'alarm.raised' | 'alarm.cleared', alarm: AlarmCode, subject = '') =>
  ledger.write((tx) => tx.append({ event, facts: { alarm, subject }, actor: 'process:steward' }));
const recorder = (event: 'alarm.raised' | 'alarm.cleared', alarm: AlarmCode, subject = '') =>
  ledger.write((tx) => tx.append({ event, facts: { alarm, subject }, actor: 'process:recorder' }));

describe('an alarm', () => {
  it('is told within a minute, its end ten minutes after it, each once, also by a steward that was started anew', async () => {
    await pass(ROUND_MS);
    recorder('alarm.raised', 'disk_full');
    await pass(MINUTE_MS);
    expect(sent).toEqual([['raised disk_full']]);
    telling = begin();
    await pass(5 * MINUTE_MS);
    recorder('alarm.cleared', 'disk_full');
    await pass(9 * MINUTE_MS);
    expect(sent).toHaveLength(1);
    await pass(2 * MINUTE_MS);
    telling = begin();
    await pass(48 * HOUR_MS);
    expect(sent).toEqual([['raised disk_full'], ['ended disk_full']]);
  });

  it('that is serious is told again each day, until somebody takes note or it ends', async () => {
    recorder('alarm.raised', 'disk_full');
    recorder('alarm.raised', 'config_rejected');
    recorder('alarm.raised', 'camera_key_frames_rare', 'cam01/main');
    await pass(50 * HOUR_MS);
    expect(sent).toEqual([
      ['raised disk_full', 'raised config_rejected'],
      ['again disk_full'],
      ['again disk_full'],
    ]);
    const [alarm] = rows.standing();
    const seq = own('alarm.raised', 'witness_silent');
    rows.acknowledge(alarm?.id ?? '', seq, clock.utcUs());
    await pass(50 * HOUR_MS);
    expect(sent.slice(3)).toEqual([['raised witness_silent']]);
  });

  it('of the law is told each day whoever has taken note', async () => {
    ledger.write((tx) =>
      tx.append({
        event: 'alarm.raised',
        facts: { alarm: 'erasing_overdue', subject: '' },
        actor: 'process:purge',
      }),
    );
    const [alarm] = rows.standing();
    rows.acknowledge(alarm?.id ?? '', 0, clock.utcUs());
    await pass(49 * HOUR_MS);
    expect(sent).toEqual([['raised erasing_overdue'], ['again erasing_overdue'], ['again erasing_overdue']]);
  });

  it('that comes and goes all day is one mail, and its end one more', async () => {
    for (let n = 0; n < 200; n++) {
      recorder('alarm.raised', 'camera_not_recording', 'cam01/main');
      await pass(2 * MINUTE_MS);
      recorder('alarm.cleared', 'camera_not_recording', 'cam01/main');
      await pass(5 * MINUTE_MS);
    }
    expect(sent).toEqual([['raised camera_not_recording cam01/main']]);
    expect(rows.newest(10)).toMatchObject([{ count: 200 }]);
    await pass(HOUR_MS);
    expect(sent.slice(1)).toEqual([['ended camera_not_recording cam01/main']]);
  });

  it('with two hundred others is one mail, and a storm of an hour a handful', async () => {
    for (let n = 0; n < 200; n++) recorder('alarm.raised', 'camera_not_recording', `cam${n}/main`);
    await pass(MINUTE_MS);
    expect(sent.map(({ length }) => length)).toEqual([200]);
    for (let n = 0; n < 120; n++) {
      recorder('alarm.raised', 'disk_failing', `cam${n}/sub`);
      await pass(MINUTE_MS / 2);
    }
    expect(sent.length).toBeLessThanOrEqual(11);
    await pass(HOUR_MS);
    expect(sent.flat().filter((line) => line.startsWith('raised disk_failing'))).toHaveLength(120);
  });

  it('waits for a server that is away for three days: nothing is lost, nobody is flooded', async () => {
    answer = () => ({ ok: false, error: 'ECONNREFUSED' });
    let tries = 0;
    const refusing = answer;
    answer = () => {
      tries += 1;
      return refusing();
    };
    for (let hour = 0; hour < 72; hour++) {
      recorder('alarm.raised', 'camera_not_recording', `cam${hour}/main`);
      await pass(HOUR_MS / 2);
      if (hour % 2 === 0) recorder('alarm.cleared', 'camera_not_recording', `cam${hour}/main`);
      await pass(HOUR_MS / 2);
      expect(alarms.standing()).toMatchObject([
        { code: 'notify_failing', subject: 'mail', facts: { error: 'ECONNREFUSED' } },
      ]);
    }
    // After 1, 2, 4, 8, 15 minutes, and then every quarter of an hour.
    expect(tries).toBeLessThan(72 * 4 + 10);
    telling = begin();
    answer = () => ({ ok: true });
    await pass(20 * MINUTE_MS);
    expect(alarms.standing()).toEqual([]);
    expect(sent[0]?.filter((line) => line.startsWith('passed camera'))).toHaveLength(36);
    expect(sent[0]?.filter((line) => line.startsWith('raised camera'))).toHaveLength(36);
    expect(sent.slice(1)).toEqual([['ended notify_failing mail']]);
  });

  it('of years before there was a mail server is not told', async () => {
    recorder('alarm.raised', 'disk_full');
    recorder('alarm.cleared', 'disk_full');
    recorder('alarm.raised', 'vault_findings');
    clock.advance(30 * 24 * HOUR_MS);
    await pass(HOUR_MS);
    expect(sent).toEqual([['raised vault_findings']]);
  });

  it('is told however many others came and went of which nobody is told', async () => {
    await pass(ROUND_MS);
    const facts = { alarm: 'camera_key_frames_rare', subject: 'cam01/main' };
    ledger.write((tx) => {
      for (let n = 0; n < 2100; n++) {
        tx.append({ event: 'alarm.raised', facts, actor: 'process:recorder' });
        tx.append({ event: 'alarm.cleared', facts, actor: 'process:recorder' });
        clock.advance(11 * MINUTE_MS);
      }
    });
    recorder('alarm.raised', 'disk_full');
    await pass(MINUTE_MS);
    expect(sent).toEqual([['raised disk_full']]);
  });

  it('is told to its end also where the telling began under a clock that was years ahead', async () => {
    rows.setMark('mail begun', clock.utcUs() + 10 * 365 * 24 * HOUR_MS * 1000);
    recorder('alarm.raised', 'disk_full');
    await pass(MINUTE_MS);
    recorder('alarm.cleared', 'disk_full');
    await pass(HOUR_MS);
    expect(sent).toEqual([['raised disk_full'], ['ended disk_full']]);
  });

  it('is told although nothing may be written, and not a second time once it could be', async () => {
    await pass(ROUND_MS);
    mayWrite = false;
    alarms.raise('ledger_blocked', '', { error: 'SQLITE_FULL' });
    const atUs = clock.utcUs();
    await pass(HOUR_MS);
    expect(sent).toEqual([['raised ledger_blocked']]);
    mayWrite = true;
    ledger.write((tx) =>
      tx.append({
        event: 'alarm.raised',
        facts: { alarm: 'ledger_blocked', subject: '' },
        actor: 'process:steward',
        atUs,
      }),
    );
    await pass(HOUR_MS);
    expect(sent).toHaveLength(1);
    alarms.clear('ledger_blocked', '');
    telling = begin();
    await pass(HOUR_MS);
    expect(sent.slice(1)).toEqual([['ended ledger_blocked']]);
  });

  it('that reached some people only says so', async () => {
    answer = () => ({ ok: true, error: '1 of 2 recipients' });
    recorder('alarm.raised', 'disk_full');
    await pass(MINUTE_MS);
    expect(sent[0]).toEqual(['raised disk_full']);
    expect(alarms.standing()).toMatchObject([
      { code: 'notify_failing', facts: { error: '1 of 2 recipients' } },
    ]);
  });
});
