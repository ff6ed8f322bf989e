import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Config } from '../../../src/config/config.ts';
import { createViewingRows } from '../../../src/db/site/viewing-rows.ts';
import { findCheckpoint } from '../../../src/ledger/checkpoint-search.ts';
import type { NewEntry } from '../../../src/ledger/entry.ts';
import type { Keeper } from '../../../src/ledger/keeper.ts';
import { isoFromUs } from '../../../src/lib/clock.ts';
import { createSiteTime } from '../../../src/lib/site-time.ts';
import { dailyMailDuty } from '../../../src/main/steward/daily-mail-duty.ts';
import { overdueDuty } from '../../../src/main/steward/overdue-duty.ts';
import type { StewardParts } from '../../../src/main/steward/parts.ts';
import { type Alarms, createAlarms } from '../../../src/stewardship/alarms.ts';
import type { Mail, Sent } from '../../../src/stewardship/mail.ts';
import type { Duty } from '../../../src/stewardship/schedule.ts';
import { started } from '../../support/ledger/entries.ts';
import { beginLedger, scratchFolder } from '../../support/ledger/scratch.ts';
import { createManualClock } from '../../support/manual-clock.ts';
import { recorderStatus } from '../../support/sample-status.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

let clock: ReturnType<typeof createManualClock>;
let room: ReturnType<typeof beginLedger>;
let alarms: Alarms;
let parts: StewardParts;
let recorder: Server;
let socket: string;

/** A recorder, as far as anybody asks it how it is. */
const startRecorder = () =>
  new Promise<void>((resolve) => {
    recorder = createServer((_request, response) => response.end(JSON.stringify(recorderStatus())));
    recorder.listen(socket, resolve);
  });
const stopRecorder = () =>
  new Promise<void>((resolve) => {
    recorder.close(() => resolve());
    recorder.closeAllConnections();
  });
afterEach(stopRecorder);

beforeEach(async () => {
  socket = join(scratchFolder(), 'recorder.sock');
  await startRecorder();
  // 12:00 in Seoul.
  clock = createManualClock(Date.parse('2026-11-22T03:00:00Z') * 1000);
  room = beginLedger({ clock });
  alarms = createAlarms({ clock, listener: { raised: () => undefined, cleared: () => undefined } });
  const [keys, keysMirror] = [scratchFolder(), scratchFolder()];
  parts = {
    clock,
    db: room.db,
    ledger: room.ledger,
    alarms,
    siteTime: createSiteTime('Asia/Seoul'),
    keeper: { mayEnter: true } as Keeper,
    folders: { keys, keysMirror, socket } as StewardParts['folders'],
    config: {
      site: { id: 'clinic', name: { ko: '시연 의원', en: 'Clinic' } },
      notify: { language: 'ko' },
    } as Config,
  } as unknown as StewardParts;
});

const run = (duty: Duty) => duty.run(new AbortController().signal);
const certify = () => {
  const at = isoFromUs(clock.utcUs());
  const facts = {
    run: `run-${clock.utcUs()}`,
    startedAt: at,
    finishedAt: at,
    state: 'complete',
    epoch: 1,
    days: [],
    failures: [],
    deferred: [],
  };
  room.append({ event: 'erase.done', facts, actor: 'process:purge' } as NewEntry);
};
const standing = () => alarms.standing().map(({ code }) => code);

describe('a steward that is alive', () => {
  it('calls somebody 26 hours after the last certificate of erasing, by either of two clocks', async () => {
    const duty = overdueDuty(parts);
    const hours = async (count: number) => {
      for (let n = 0; n < count; n++) {
        clock.advance(HOUR_MS);
        room.checkpoints.make();
        await run(duty);
      }
    };
    await hours(26);
    expect(standing()).toEqual([]);
    await hours(1);
    expect(standing()).toEqual(['purge_overdue']);
    certify();
    await hours(1);
    expect(standing()).toEqual([]);
    // A wall clock that is set back by two days makes nobody wait two days longer.
    clock.setWall(-48 * HOUR_MS * 1000);
    await hours(26);
    expect(standing()).toEqual([]);
    await hours(1);
    expect(standing()).toEqual(['purge_overdue']);
    expect(alarms.standing()[0]?.facts.last).toBeDefined();
  });

  it('calls somebody after 15 minutes in which nothing was signed, and not because nothing was entered', async () => {
    const duty = overdueDuty(parts);
    const minutes = async (count: number) => {
      for (let n = 0; n < count; n++) {
        clock.advance(MINUTE_MS);
        await run(duty);
      }
    };
    room.checkpoints.make();
    await minutes(60);
    expect(standing()).toEqual([]);
    room.append(started(1));
    await minutes(15);
    expect(standing()).toEqual([]);
    await minutes(1);
    expect(standing()).toEqual(['checkpoint_overdue']);
    room.checkpoints.make();
    await minutes(1);
    expect(standing()).toEqual([]);
    alarms.raise('ledger_incident', '');
    await minutes(16);
    expect(standing()).toEqual(['ledger_incident', 'checkpoint_overdue']);
  });

  it('calls somebody when the recorder has not answered for two minutes, and until it does', async () => {
    const duty = overdueDuty(parts);
    const minute = async () => {
      clock.advance(MINUTE_MS);
      await run(duty);
    };
    await minute();
    await stopRecorder();
    await minute();
    await minute();
    expect(standing()).toEqual([]);
    await minute();
    expect(standing()).toEqual(['recorder_down']);
    await startRecorder();
    await minute();
    expect(standing()).toEqual([]);
  });
});

describe('the daily mail', () => {
  const mails: Mail[] = [];
  let answer: Sent;
  const duty = () =>
    dailyMailDuty(
      parts,
      {
        async send(mail) {
          if (answer.ok) mails.push(mail);
          return answer;
        },
      },
      '08:00',
    );
  beforeEach(() => {
    mails.length = 0;
    answer = { ok: true };
  });

  it('goes out once a day, late where the hour was missed, and tells how the site stands', async () => {
    certify();
    room.checkpoints.make();
    const root = room.checkpoints.last()?.root.toString('hex').slice(0, 16);
    await run(duty());
    expect(mails.map(({ subject }) => subject)).toEqual(['[기록] 시연 의원: 2026-11-22 이상 없음']);
    expect(mails[0]?.text).toContain('마지막 파기 확인서: 2026-11-22 12:00:00');
    expect(mails[0]?.text).toContain(`기록 2건, 뿌리 해시 앞 16자리 ${root}`);
    // In a mailbox nobody can take the signature back.
    const kept = findCheckpoint(Buffer.from(mails[0]?.attachments?.[0]?.content ?? ''));
    expect(kept?.root.toString('hex')).toMatch(new RegExp(`^${root}`));
    expect(mails[0]?.text).toContain('girok ledger verify --checkpoint');
    expect(mails[0]?.text).toContain('열 수 있는 가장 오래된 영상: 없음');
    // The same day, also by a steward that was started anew.
    await run(duty());
    clock.advance(19 * HOUR_MS + 59 * MINUTE_MS);
    await run(duty());
    expect(mails).toHaveLength(1);
    clock.advance(MINUTE_MS);
    await run(duty());
    expect(mails.at(-1)?.subject).toBe('[기록] 시연 의원: 2026-11-23 이상 없음');
  });

  it('goes out also after one that went out under a clock that was years ahead', async () => {
    const same = duty();
    clock.setWall(20 * 365 * 24 * HOUR_MS * 1000);
    await run(same);
    clock.setWall(-20 * 365 * 24 * HOUR_MS * 1000);
    await run(same);
    expect(mails.at(-1)?.subject).toContain('2026-11-22');
    await run(duty());
    expect(mails).toHaveLength(2);
  });

  it('that was not taken fails the duty, and goes out when it is', async () => {
    answer = { ok: false, error: 'EAUTH 535' };
    await expect(run(duty())).rejects.toMatchObject({ code: 'EAUTH 535' });
    answer = { ok: true };
    await run(duty());
    expect(mails).toHaveLength(1);
  });
});

it('calls for a review of what was opened without an approval, a day after, and until it has one', async () => {
  const duty = overdueDuty(parts);
  const rows = createViewingRows(room.db);
  const seq = room.append(started(1))[0] ?? 0;
  const askedUs = clock.utcUs();
  rows.addGrant({
    id: 'breakglass000001',
    account: 'guard',
    kind: 'recorded',
    state: 'made',
    basis: 'breakglass',
    purpose: 'CRIME_PREVENTION',
    cameras: '["cam01"]',
    fromUs: 1,
    toUs: 2,
    askedUs,
    madeUs: askedUs,
    untilUs: askedUs + 1,
    approvedBy: null,
    reviewedUs: null,
    seq,
  });
  const standing = () => alarms.standing().filter(({ code }) => code === 'breakglass_unreviewed');
  await run(duty);
  clock.advance(24 * HOUR_MS);
  await run(duty);
  expect(standing()).toEqual([]);
  clock.advance(MINUTE_MS);
  await run(duty);
  await run(duty);
  expect(standing()).toMatchObject([{ subject: 'breakglass000001' }]);
  rows.reviewed('breakglass000001', clock.utcUs());
  await run(duty);
  expect(standing()).toEqual([]);
});
