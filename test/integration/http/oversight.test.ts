import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createTaskRows } from '../../../src/db/site/task-rows.ts';
import { createHoldBook } from '../../../src/retention/holds.ts';
import { type OversightSite, startOversightSite } from '../../support/http/oversight-site.ts';

/** October 2026 of a clinic: footage of five September days was erased in it, younger footage lives. */
let it_: OversightSite;
beforeEach(async () => {
  it_ = await startOversightSite('2026-10-15T09:00:00+09:00');
  const days = ['2026-09-20', '2026-09-21', '2026-09-22', '2026-09-23', '2026-09-24', '2026-10-30'];
  for (const camera of ['cam01', 'cam02']) for (const day of days) it_.storage.record(camera, day, 3);
});
afterEach(() => it_.stop());

const pages = () =>
  readdirSync(join(it_.home.storage, 'retention', 'holds')).filter((name) => name.endsWith('.json'));
const held = {
  cameras: ['cam01'],
  from: '2026-10-14T01:00:00.000Z',
  to: '2026-10-14T01:20:00.000Z',
  reason: '분실물 문의를 받음',
};

describe('holds over the API', () => {
  it('are made at the desk in one step, sealed, entered in the name of whoever asked, and end after three days', async () => {
    const guard = await it_.signIn('security');
    const { status, body } = await guard('/api/holds', held);
    expect([status, body.kind, body.state]).toEqual([200, 'desk', 'copying']);
    expect([body.from, body.to]).toEqual(['2026-10-14T00:50:00.000Z', '2026-10-14T01:30:00.000Z']);
    expect(body.end).toBe('2026-10-18T00:00:00.000Z');
    expect(it_.entries('hold.made')).toEqual([
      {
        event: 'hold.made',
        actor: `person:${it_.accountOf('security')}`,
        facts: expect.objectContaining({ hold: body.id, kind: 'desk', cameras: ['cam01'] }),
        personal: ['by', 'reason'],
      },
    ]);
    const page = readFileSync(join(it_.home.storage, 'retention', 'holds', `${body.id}.json`), 'utf8');
    for (const text of ['분실물', '김보안']) expect(page).not.toContain(text);
    // Who made it reads the list without who and why; the officer with both, and that is entered.
    expect((await guard('/api/holds')).body.holds).toMatchObject([{ id: body.id, files: 0 }]);
    expect((await guard('/api/holds/reasons')).status).toBe(403);
    expect(it_.entries('log.exported')).toEqual([]);
    const officer = await it_.signIn('officer');
    expect((await officer('/api/holds/reasons')).body.reasons).toMatchObject([
      { hold: body.id, by: '김보안 (시연)', reason: held.reason },
    ]);
    expect(it_.entries('log.exported')).toMatchObject([
      { facts: { view: 'holds', rows: 1 }, actor: `person:${it_.accountOf('officer')}` },
    ]);
  });

  it('are refused without a trace of a hold: of cameras that are none, of the future, without a right, without why', async () => {
    const [guard, technician] = [await it_.signIn('security'), await it_.signIn('technician')];
    expect((await guard('/api/holds', { ...held, cameras: ['cam09'] })).body.error).toBe('unknown_camera');
    const ahead = { ...held, to: '2026-10-16T00:00:00.000Z' };
    expect((await guard('/api/holds', ahead)).body).toMatchObject({
      error: 'hold_refused',
      why: 'range_bad',
    });
    expect((await guard('/api/holds', { ...held, reason: '' })).status).toBe(400);
    const refused = await technician('/api/holds', held);
    expect([refused.status, refused.body.error]).toEqual([403, 'not_allowed']);
    expect(it_.entries('access.denied')).toMatchObject([
      { facts: { work: 'POST /api/holds', why: 'not_of_role' } },
    ]);
    expect(it_.entries('hold.made')).toEqual([]);
    expect(() => pages()).toThrow();
  });

  it('go to the officer, and of two who change the same one the second is told so', async () => {
    const guard = await it_.signIn('security');
    const { id, revision } = (await guard('/api/holds', held)).body;
    // The second is signed in half a minute later, when the app shows another number.
    const [first, second] = [await it_.signIn('officer'), await it_.signIn('officer')];
    const to = { seen: revision, reason: '열람 청구가 접수됨', kind: 'subject_request' };
    const taken = await first(`/api/holds/${id}/take-over`, to);
    expect(taken.body).toMatchObject({ kind: 'subject_request', end: '2026-11-14T00:00:31.000Z' });
    const late = await second(`/api/holds/${id}/end`, { seen: revision, reason: '더 필요하지 않음' });
    expect([late.status, late.body.error]).toEqual([409, 'hold_changed']);
    expect(late.body.message).toMatch(/다른 사람/);
    expect(it_.entries('hold.taken_over', 'hold.ended')).toHaveLength(1);

    const { revision: now } = taken.body;
    expect((await second(`/api/holds/${id}/renew`, { seen: now, reason: '아직 필요함' })).body.why).toBe(
      'not_renewable',
    );
    const reviewed = await second(`/api/holds/${id}/review`, { seen: now, reason: '아직 필요함' });
    expect(reviewed.status).toBe(200);
    const ended = await second(`/api/holds/${id}/end`, {
      seen: reviewed.body.revision,
      reason: '열람이 끝남',
    });
    expect(ended.body.state).toBe('ended');
    expect(
      (await second(`/api/holds/${id}/end`, { seen: ended.body.revision, reason: '한 번 더' })).body.why,
    ).toBe('over');
    const shown = await second(`/api/holds/${id}`);
    expect(shown.body.history.map(({ did }: { did: string }) => did)).toEqual([
      'made',
      'taken_over',
      'reviewed',
      'ended',
    ]);
    expect(
      (await second('/api/holds/06h0a72vta2hwxnh/end', { seen: 'x', reason: '모르는 보존' })).status,
    ).toBe(404);
  });

  it('ask for a fresh proof before anything changes', async () => {
    const guard = await it_.signIn('security');
    const { id, revision } = (await guard('/api/holds', held)).body;
    const officer = await it_.signIn('officer');
    it_.clock.advance(6 * 60_000);
    const answer = await officer(`/api/holds/${id}/end`, { seen: revision, reason: '더 필요하지 않음' });
    expect(answer.body).toMatchObject({ error: 'not_allowed', why: 'proof_needed' });
    expect(it_.entries('hold.ended')).toEqual([]);
  });

  it('come out of a viewing with an alarm that stands until the officer has dealt with it', async () => {
    const [guard, other, officer] = [
      await it_.signIn('security'),
      await it_.signIn('auditor'),
      await it_.signIn('officer'),
    ];
    const range = { from: held.from, to: held.to };
    const { viewing } = (
      await guard('/api/viewings', {
        kind: 'recorded',
        purpose: 'A',
        reason: '문이 부서져 있어 확인함',
        cameras: ['cam01'],
        range,
      })
    ).body;
    const seen = { cameras: ['cam01'], ...range, reason: '문을 부수는 사람이 보임' };
    expect((await other(`/api/viewings/${viewing}/incident`, seen)).body.error).toBe('viewing_unknown');
    const outside = await guard(`/api/viewings/${viewing}/incident`, {
      ...seen,
      to: '2026-10-14T03:00:00.000Z',
    });
    expect(outside.body).toMatchObject({ error: 'viewing_refused' });
    const elsewhere = await guard(`/api/viewings/${viewing}/incident`, {
      ...seen,
      cameras: ['cam01', 'cam02'],
    });
    expect(elsewhere.body).toMatchObject({ error: 'viewing_refused' });
    const { body: hold } = await guard(`/api/viewings/${viewing}/incident`, seen);
    expect(hold).toMatchObject({ kind: 'desk', cameras: ['cam01'], reported: true });
    expect(it_.entries('hold.made')).toMatchObject([{ facts: { hold: hold.id, viewing, purpose: 'A' } }]);
    expect((await officer(`/api/holds/${hold.id}`)).body).toMatchObject({
      hold: { id: hold.id, cameras: ['cam01'], reported: true },
      purpose: 'A',
      history: [{ did: 'made', reason: '문을 부수는 사람이 보임' }],
    });
    const alarms = async () => (await officer('/api/alarms')).body.alarms;
    expect(await alarms()).toMatchObject([
      { alarm: 'incident_reported', subject: hold.id, severity: 'serious' },
    ]);
    expect((await officer('/api/today')).body.waiting).toMatchObject([
      { kind: 'incident', count: 1, subject: hold.id },
    ]);
    expect((await guard('/api/today')).body.waiting).toEqual([]);
    await officer(`/api/holds/${hold.id}/take-over`, {
      seen: hold.revision,
      reason: '사건으로 조사함',
      kind: 'incident',
    });
    expect(await alarms()).toEqual([]);
  });
});

describe('what is handed out over the API', () => {
  const handed = { kind: 'usb', what: 'cam01 11-21 14:00~14:20 마스킹본', to: '홍길동' };

  it('gets the next number, sealed, and stays open until it is destroyed before a witness', async () => {
    const officer = await it_.signIn('officer');
    const hold = (await officer('/api/holds', held)).body.id;
    const first = (await officer('/api/items', { ...handed, hold, due: '2026-12-31' })).body;
    expect(first).toMatchObject({ item: '2026-0001' });
    expect((await officer('/api/items', handed)).body.item).toBe('2026-0002');
    expect(it_.entries('item.handed_out')).toMatchObject([
      {
        facts: { item: '2026-0001', kind: 'usb', hold, due: '2026-12-31' },
        actor: `person:${it_.accountOf('officer')}`,
        personal: ['by', 'to', 'what'],
      },
      { facts: { item: '2026-0002', kind: 'usb' } },
    ]);
    const destroyed = { method: 'wipe', witness: '입회한 사람' };
    expect((await officer('/api/items/2026-0001/destroyed', destroyed)).status).toBe(200);
    const { items } = (await officer('/api/items')).body;
    expect(items).toMatchObject([
      { item: '2026-0001', state: 'destroyed', to: '홍길동', method: 'wipe' },
      { item: '2026-0002', state: 'out' },
    ]);
  });

  it('is refused to whoever may not, to be back yesterday, and from a hold that never was', async () => {
    const [guard, officer] = [await it_.signIn('security'), await it_.signIn('officer')];
    expect((await guard('/api/items', handed)).status).toBe(403);
    const why = async (over: object) => (await officer('/api/items', { ...handed, ...over })).body;
    expect(await why({ due: '2026-01-01' })).toMatchObject({ error: 'item_refused', why: 'due_past' });
    expect(await why({ hold: '06h0a72vta2hwxnh' })).toMatchObject({ why: 'hold_unknown' });
    expect(await why({ to: '' })).toMatchObject({ error: 'request_malformed' });
    expect(it_.entries('item.handed_out')).toEqual([]);
  });
});

describe('a right that waits', () => {
  it('is shown with why it was asked for to whoever decides, and not to its own person', async () => {
    const [administrator, officer, guard] = [
      await it_.signIn('administrator'),
      await it_.signIn('officer'),
      await it_.signIn('security'),
    ];
    const account = it_.accountOf('security');
    const terms = { actions: ['playback'], cameras: ['cam01'], from: '2026-11-23T00:00:00Z' };
    const reason = '야간 근무를 맡게 되어 필요합니다';
    const { right } = (await administrator('/api/rights', { account, terms, reason })).body;
    const seen = (await officer('/api/rights')).body.rights.find((one: { id: string }) => one.id === right);
    expect(seen).toMatchObject({ state: 'requested', reason: { text: reason } });
    const own = (await guard('/api/me/rights')).body.rights.find((one: { id: string }) => one.id === right);
    expect(own).not.toHaveProperty('reason');
    await officer(`/api/rights/${right}/approve`, {});
    const after = (await officer('/api/rights')).body.rights.find((one: { id: string }) => one.id === right);
    expect(after).not.toHaveProperty('reason');
  });
});

describe('the monthly confirmation over the API', () => {
  const looked = (ask: Awaited<ReturnType<OversightSite['signIn']>>) =>
    vi.waitFor(async () => {
      const { body } = await ask('/api/tasks/erasing-2026-10/report');
      expect(body.state).toBe('looked');
      return body;
    }, 30_000);
  beforeEach(async () => {
    it_.setClock('2026-10-26T00:10:00+09:00');
    await it_.storage.purge(it_.clock);
    it_.setClock('2026-11-01T09:00:00+09:00');
    it_.openTasks();
  });

  it('shows a report with an attempt to restore, confirms exactly that one, and fills the line of the register', async () => {
    const officer = await it_.signIn('officer');
    expect((await officer('/api/today')).body.waiting).toMatchObject([
      { kind: 'confirmation', count: 1, subject: 'erasing-2026-10' },
    ]);
    const { report, sha256, confirmed } = await looked(officer);
    expect(confirmed).toBe(false);
    expect(report.restore).toMatchObject({ opened: 0, files: 0, control: 'opened' });
    expect(report.restore.cameraDays).toHaveLength(10);
    expect(report.checks.filter(({ passed }: { passed: boolean }) => !passed)).toEqual([]);
    const wrong = await officer('/api/tasks/erasing-2026-10/confirm', { report: 'f'.repeat(64) });
    expect(wrong.body).toMatchObject({ error: 'task_refused', why: 'report_over' });
    const fault = await officer('/api/tasks/erasing-2026-10/confirm', { report: sha256, notInOrder: true });
    expect(fault.body.why).toBe('in_order');
    const done = await officer('/api/tasks/erasing-2026-10/confirm', { report: sha256, witness: '김입회' });
    expect(done.body).toMatchObject({ report: sha256 });
    const by = `person:${it_.accountOf('officer')}`;
    expect(it_.entries('task.done')).toMatchObject([
      {
        actor: by,
        facts: { task: 'erasing-2026-10', report: sha256, row: done.body.row },
        personal: ['by', 'witness'],
      },
    ]);
    expect(it_.entries('management.entered')).toMatchObject([{ actor: by, facts: { kind: 'DESTRUCTION' } }]);
    const again = await officer('/api/tasks/erasing-2026-10/confirm', { report: sha256 });
    expect(again.body.why).toBe('done_before');
    expect((await officer('/api/tasks/erasing-2026-10/report')).body).toMatchObject({
      confirmed: true,
      sha256,
    });
    expect((await officer('/api/today')).body.waiting).toEqual([]);
  });

  it('confirms nothing that is not in order, and enters that instead where that is said', async () => {
    it_.storage.record('cam02', '2026-09-01');
    const officer = await it_.signIn('officer');
    const { report, sha256 } = await looked(officer);
    expect(report.tooOld).toMatchObject([{ camera: 'cam02', day: '2026-09-01' }]);
    const refused = await officer('/api/tasks/erasing-2026-10/confirm', { report: sha256 });
    expect(refused.body).toMatchObject({ error: 'task_refused', why: 'not_in_order' });
    const entered = await officer('/api/tasks/erasing-2026-10/confirm', {
      report: sha256,
      notInOrder: true,
      note: '카메라 2번의 파기를 점검함',
    });
    expect(entered.status).toBe(200);
    expect(entered.body.row).toBeUndefined();
    expect(it_.entries('task.not_in_order')).toHaveLength(1);
    expect(createTaskRows(it_.site.open().db).find('erasing-2026-10')).toMatchObject({ doneUs: null });
  });

  it('is not for whoever only reads, nor with a proof of long ago, nor of a report that was seen long ago', async () => {
    const [auditor, officer] = [await it_.signIn('auditor'), await it_.signIn('officer')];
    const { sha256 } = await looked(auditor);
    const confirm = { report: sha256 };
    expect((await auditor('/api/tasks/erasing-2026-10/confirm', confirm)).status).toBe(403);
    it_.clock.advance(6 * 60_000);
    expect((await officer('/api/tasks/erasing-2026-10/confirm', confirm)).body.why).toBe('proof_needed');
    it_.clock.advance(12 * 60_000);
    const later = await it_.signIn('officer');
    expect((await later('/api/tasks/erasing-2026-10/confirm', confirm)).body.why).toBe('report_over');
    expect(it_.entries('task.done', 'task.not_in_order')).toEqual([]);
  });
});

describe('the day at a glance', () => {
  it('leaves out what a role may not know, and names no person', async () => {
    const guard = await it_.signIn('security');
    await guard('/api/holds', held);
    const [technician, reviewer] = [await it_.signIn('technician'), await it_.signIn('reviewer')];
    const whole = (await guard('/api/today')).body;
    expect(whole).toMatchObject({
      day: '2026-10-15',
      recording: { running: false, of: 2 },
      ledger: { trouble: false },
    });
    const health = (await technician('/api/today')).body;
    expect(Object.keys(health).sort()).toEqual([
      'alarms',
      'at',
      'day',
      'dayStart',
      'recording',
      'timeZone',
      'waiting',
    ]);
    expect(health.waiting).toEqual([]);
    expect(Object.keys((await reviewer('/api/today')).body).sort()).toEqual([
      'at',
      'day',
      'dayStart',
      'timeZone',
      'waiting',
    ]);
    expect(JSON.stringify(whole)).not.toMatch(/시연|분실물/);
  });
});

describe('what was erased', () => {
  it('is shown run by run with the certificate that the ledger has, in words too', async () => {
    it_.setClock('2026-10-26T00:10:00+09:00');
    await it_.storage.purge(it_.clock);
    const officer = await it_.signIn('officer');
    const { runs } = (await officer('/api/retention/runs')).body;
    expect(runs).toMatchObject([{ state: 'complete', cameras: 2, cameraDays: 10 }]);
    const { certificate, sha256 } = (await officer(`/api/retention/runs/${runs[0].run}`)).body;
    expect([certificate.run, sha256]).toEqual([runs[0].run, runs[0].sha256]);
    expect((await officer(`/api/retention/runs/${runs[0].run}/text`)).body).toMatch(
      /되살릴 수 없게 파기했습니다/,
    );
    expect((await officer('/api/retention/runs/06h0a72vta2hwxnh')).body.error).toBe('run_unknown');
    const guard = await it_.signIn('security');
    expect((await guard('/api/retention')).status).toBe(403);
    expect(await createHoldBook(join(it_.home.storage, 'retention', 'holds')).list()).toEqual([]);
  });
});
